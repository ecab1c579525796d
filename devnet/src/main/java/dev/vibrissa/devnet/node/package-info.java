/**
 * Storage nodes that are met through their sockets only: the node HTTP API over TLS with the key of the chain, real
 * slivers on disk, real signatures, and faults that are set at run time.
 *
 * <p>{@link dev.vibrissa.devnet.node.SimulatedNode} is one node; what it knows of the chain it asks its {@link
 * dev.vibrissa.devnet.node.NetworkView}. People hand it an {@link dev.vibrissa.devnet.node.EncodedBlob} or upload over
 * HTTP, and make a {@link dev.vibrissa.devnet.node.CommitteeCertificate} of what nodes sign.
 */
@NullMarked
package dev.vibrissa.devnet.node;

import org.jspecify.annotations.NullMarked;
