package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.redstuff.SliverType;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;

/**
 * What can be asked of one blob.
 *
 * @see "walrus, crates/walrus-service/src/node/server/routes.rs"
 */
record BlobQuestions(Slivers slivers, NodeIdentity identity) {
    Answer metadata(BlobId blobId) {
        if (slivers.isDenied(blobId)) {
            return slivers.forbidden(blobId);
        }
        return Optional.of(blobId)
                .filter(slivers::isRegistered)
                .flatMap(slivers.store()::metadataAnswer)
                .<Answer>map(Answer.Bcs::new)
                .orElseGet(() ->
                        new Answer.Refused(Reason.METADATA_NOT_FOUND, "no metadata of blob %s".formatted(blobId)));
    }

    Answer metadataStatus(BlobId blobId) {
        return new Answer.Json(storedStatus(blobId, slivers.store().hasMetadata(blobId)));
    }

    Answer sliver(BlobId blobId, SliverType type, int pair) {
        return switch (slivers.look(blobId, type, pair)) {
            case Looked.Found(var sliver) -> new Answer.Bcs(sliver.encode());
            case Answer.Refused refused -> refused;
        };
    }

    /** Real nodes take the index modulo the number of shards here. */
    Answer sliverStatus(BlobId blobId, SliverType type, int index) {
        int pair = index % slivers.config().shards();
        return slivers.isAssigned(blobId, pair)
                ? new Answer.Json(storedStatus(blobId, slivers.has(blobId, type, pair)))
                : slivers.notAssigned(blobId, pair);
    }

    private String storedStatus(BlobId blobId, boolean there) {
        if (!there) {
            return "nonexistent";
        }
        return slivers.isRegistered(blobId) ? "stored" : "buffered";
    }

    Answer status(BlobId blobId) {
        return new Answer.Json(slivers.chain().status(blobId).toJson());
    }

    /**
     * @param object empty for a permanent blob
     */
    Answer confirmation(BlobId blobId, Optional<SuiAddress> object) {
        return refusalToConfirm(blobId, object).<Answer>map(each -> each).orElseGet(() -> {
            var statement = new CertificateMessage.BlobStored(slivers.chain().epoch(), blobId, object);
            return new Answer.Json(new JsonObject().put("signed", signed(statement.encode())));
        });
    }

    /** The node's signature of a statement that it agrees to. */
    Optional<Bytes> sign(CertificateMessage.BlobStored statement) {
        return statement.epoch() == slivers.chain().epoch()
                        && refusalToConfirm(statement.blobId(), statement.deletableObject())
                                .isEmpty()
                ? Optional.of(identity.sign(statement.encode()))
                : Optional.empty();
    }

    private Optional<Answer.Refused> refusalToConfirm(BlobId blobId, Optional<SuiAddress> object) {
        if (slivers.faults().has(Fault.LyingConfirmations.class)) {
            return Optional.empty();
        }
        if (!slivers.isRegistered(blobId)) {
            return Optional.of(new Answer.Refused(
                    Reason.NOT_REGISTERED,
                    "blob %s is not registered in epoch %d"
                            .formatted(blobId, slivers.chain().epoch())));
        }
        if (object.filter(each -> !slivers.chain().isRegistered(blobId, each)).isPresent()) {
            return Optional.of(new Answer.Refused(
                    Reason.NOT_REGISTERED, "%s is no deletable object of blob %s".formatted(object.get(), blobId)));
        }
        return slivers.hasAll(blobId)
                ? Optional.empty()
                : Optional.of(new Answer.Refused(
                        Reason.MISSING_SLIVERS, "not all slivers of blob %s are stored".formatted(blobId)));
    }

    /** A signed message as it is answered. */
    JsonObject signed(byte[] message) {
        var base64 = Base64.getEncoder();
        return new JsonObject()
                .put("serializedMessage", base64.encodeToString(message))
                .put("signature", base64.encodeToString(identity.sign(message).toByteArray()));
    }
}
