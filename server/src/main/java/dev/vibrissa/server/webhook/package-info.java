/** Sends what webhooks wait for, to addresses that strangers have chosen. */
@NullMarked
package dev.vibrissa.server.webhook;

import org.jspecify.annotations.NullMarked;
