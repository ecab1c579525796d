/** Webhooks as their owners see them. Who sends to them is elsewhere: it connects to where strangers say. */
@NullMarked
package dev.vibrissa.api.webhook;

import org.jspecify.annotations.NullMarked;
