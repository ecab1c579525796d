package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.InconsistencyProof;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.RedStuffFormatException;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.util.List;
import java.util.Optional;

/** What people bring to a node over HTTP: metadata, slivers, and proofs that a blob was not encoded correctly. */
record Uploads(Slivers slivers, BlobQuestions blobs) {
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    /**
     * @param pending whether to take it in before the blob is registered
     * @param body metadata without the blob id
     */
    Answer metadata(BlobId blobId, boolean pending, byte[] body) {
        return refusal(blobId, pending).<Answer>map(each -> each).orElseGet(() -> {
            if (body.length > 1 && body[0] == 0 && body[1] != EncodingConfig.ENCODING_TYPE) {
                return new Answer.Refused(
                        Reason.UNSUPPORTED_ENCODING_TYPE, "encoding type %d is not supported".formatted(body[1]));
            }
            MetadataVerdict verdict;
            try {
                verdict = VerifiedMetadata.verify(
                        slivers.config(), EncodedBlob.codecId(blobId), BlobMetadata.decode(body));
            } catch (RedStuffFormatException e) {
                return new Answer.Refused(Reason.INVALID_METADATA, String.valueOf(e.getMessage()));
            }
            return switch (verdict) {
                case MetadataVerdict.Refused(var _, String detail) ->
                    new Answer.Refused(Reason.INVALID_METADATA, detail);
                case MetadataVerdict.Accepted(VerifiedMetadata _)
                when slivers.store().hasMetadata(blobId) -> new Answer.Json("metadata was already stored");
                case MetadataVerdict.Accepted(VerifiedMetadata metadata) -> {
                    slivers.store().put(metadata, List.of());
                    yield taken(blobId, "metadata");
                }
            };
        });
    }

    /**
     * @param pending whether to take it in before the blob is registered
     */
    Answer sliver(BlobId blobId, SliverType type, int pair, boolean pending, byte[] body) {
        if (pair >= slivers.config().shards()) {
            return slivers.outOfRange(pair);
        }
        Optional<Answer.Refused> refusal = refusal(blobId, pending);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<VerifiedMetadata> metadata = slivers.store().metadata(blobId);
        if (metadata.isEmpty()) {
            return metadataDue(blobId);
        }
        if (!slivers.chain().shards(slivers.chain().epoch()).contains(slivers.shardOf(blobId, pair))) {
            return slivers.notAssigned(blobId, pair);
        }
        return switch (metadata.get().verifySliver(type, pair, body)) {
            case SliverVerdict.Refused(SliverVerdict.Reason reason, String detail) ->
                new Answer.Refused(
                        reason == SliverVerdict.Reason.WRONG_SLIVER_INDEX
                                ? Reason.SLIVER_INDEX_MISMATCH
                                : Reason.INVALID_SLIVER,
                        detail);
            case SliverVerdict.Accepted(var _)
            when slivers.store().has(blobId, type, pair) -> new Answer.Json("sliver was already stored");
            case SliverVerdict.Accepted(var sliver) -> {
                slivers.store().put(metadata.get(), List.of(sliver));
                yield taken(blobId, "sliver");
            }
        };
    }

    /** A sound proof is answered with the node's signature that the blob is invalid. */
    Answer inconsistencyProof(BlobId blobId, SliverType type, byte[] body) {
        Optional<VerifiedMetadata> metadata =
                Optional.of(blobId).filter(slivers::isRegistered).flatMap(slivers.store()::metadata);
        if (metadata.isEmpty()) {
            return metadataDue(blobId);
        }
        InconsistencyProof.Verdict verdict;
        try {
            verdict = InconsistencyProof.decode(type, body).verify(metadata.get());
        } catch (RedStuffFormatException e) {
            return new Answer.Refused(Reason.INVALID_PROOF, String.valueOf(e.getMessage()));
        }
        if (verdict != InconsistencyProof.Verdict.PROVEN) {
            return new Answer.Refused(Reason.INVALID_PROOF, "the proof is refused: %s".formatted(verdict));
        }
        var statement = new CertificateMessage.BlobInvalid(slivers.chain().epoch(), blobId);
        return new Answer.Json(blobs.signed(statement.encode()));
    }

    private Optional<Answer.Refused> refusal(BlobId blobId, boolean pending) {
        if (slivers.chain().status(blobId) instanceof BlobStatus.Invalid) {
            return Optional.of(new Answer.Refused(Reason.INVALID_BLOB, "blob %s is invalid".formatted(blobId)));
        }
        return pending || slivers.isRegistered(blobId)
                ? Optional.empty()
                : Optional.of(new Answer.Refused(Reason.NOT_REGISTERED, "blob %s is not registered".formatted(blobId)));
    }

    private static Answer.Refused metadataDue(BlobId blobId) {
        return new Answer.Refused(Reason.METADATA_DUE, "no metadata of blob %s".formatted(blobId));
    }

    private Answer taken(BlobId blobId, String what) {
        return slivers.isRegistered(blobId)
                ? new Answer.Json(CREATED, what + " successfully stored")
                : new Answer.Json(ACCEPTED, what + " buffered until the blob is registered");
    }
}
