/**
 * Webhooks: who wants to be told by HTTP, of what, and what became of it. Deliveries are rows that are made from changes,
 * each webhook at its own pace; whoever sends them finds them here.
 */
@NullMarked
package dev.vibrissa.changes.webhook;

import org.jspecify.annotations.NullMarked;
