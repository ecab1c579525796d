package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.Optional;

/**
 * A node's signed statement that it keeps all slivers of its shards of a blob. A statement, not a proof: the node looks
 * into an index to make it, and within an epoch may repeat an old one.
 *
 * @param deletableObject the object it speaks of; empty: it speaks of the blob as a permanent one
 * @param message what was signed, 40 or 72 bytes
 * @param signature 96 bytes, verified under the node's signing key
 */
public record Confirmation(
        long epoch, BlobId blobId, Optional<SuiAddress> deletableObject, Bytes message, Bytes signature) {}
