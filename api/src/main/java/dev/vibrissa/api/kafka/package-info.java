/** What is shared through Kafka, for whoever watches it. The API itself neither reads nor writes topics. */
@NullMarked
package dev.vibrissa.api.kafka;

import org.jspecify.annotations.NullMarked;
