/**
 * Why one may believe a checkpoint, an event or an object.
 *
 * <p>A committee's certificate vouches for a summary; from there digests lead down to contents, transactions,
 * effects, events and objects ({@link dev.vibrissa.protocol.sui.proof.CheckpointIntegrity}), and back to every
 * earlier summary ({@link dev.vibrissa.protocol.sui.proof.ChainPosition}). The same steps, cut to one event or
 * object, are evidence that a stranger can check offline.
 */
@NullMarked
package dev.vibrissa.protocol.sui.proof;

import org.jspecify.annotations.NullMarked;
