package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.verifier.probe.Answer;

/**
 * A node signed that it keeps its part of a blob, and did not serve it when asked.
 *
 * @param signingKey of the node in the committee of the epoch: what {@code claim} is signed with
 * @param claim proven, with its statement
 * @param failed the probe that blames the node, of the same blob in the same epoch
 */
public record ContradictionRecord(
        long walrusEpoch, SuiAddress nodeId, Bytes signingKey, BlobId blobId, Answer claim, ProbeRecord failed) {}
