@NullMarked
package dev.vibrissa.indexer.kafka;

import org.jspecify.annotations.NullMarked;
