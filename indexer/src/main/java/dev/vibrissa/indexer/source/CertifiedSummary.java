package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;

/** The summary of a checkpoint and the signature under it, as somebody sent them: decoded, not yet believed. */
public record CertifiedSummary(Bytes bcs, CheckpointSummary summary, AuthoritySignature signature) {
    /** @throws dev.vibrissa.protocol.bcs.BcsException if the bytes are not exactly one summary */
    public static CertifiedSummary of(Bytes bcs, AuthoritySignature signature) {
        return new CertifiedSummary(bcs, BcsReader.decode(bcs.toByteArray(), CheckpointSummary::decode), signature);
    }

    static CertifiedSummary of(Checkpoint checkpoint) {
        return new CertifiedSummary(checkpoint.summaryBcs(), checkpoint.summary(), checkpoint.signature());
    }

    public Digest digest() {
        return DigestKind.CHECKPOINT_SUMMARY.digest(bcs);
    }
}
