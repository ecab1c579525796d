/**
 * Sui's words: checkpoints, transactions, effects, events, objects, and how a stranger checks them.
 *
 * <p>Bytes come in as {@code .binpb.zst} or {@code .chk}, are decoded into records, and are believed only after
 * their digests lead up to a checkpoint summary that a quorum of the committee has signed.
 */
@NullMarked
package dev.vibrissa.protocol.sui;

import org.jspecify.annotations.NullMarked;
