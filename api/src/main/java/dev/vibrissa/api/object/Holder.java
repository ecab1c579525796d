package dev.vibrissa.api.object;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.vibrissa.protocol.sui.SuiAddress;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Who holds an object.
 *
 * @param kind address, object (a dynamic field of it), shared (for a Blob: inside a SharedBlob), immutable, pool,
 *     wrapped (inside an object that is not Walrus's), gone
 * @param how of what is gone: deleted, burned, event-blob, destroyed
 */
@Schema(description = "Who holds an object.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Holder(
        @Schema(
                enumeration = {"address", "object", "shared", "immutable", "pool", "wrapped", "gone"},
                examples = "address")
        String kind,

        @Schema(description = "Of kind address.") @Nullable SuiAddress address,

        @Schema(description = "Of kind object: the parent.") @Nullable
        SuiAddress objectId,

        @Schema(description = "Of kind shared: the SharedBlob around a Blob.") @Nullable
        SuiAddress sharedBlobId,

        @Schema(description = "Of kind pool.") @Nullable SuiAddress storagePoolId,

        @Schema(
                description = "Of kind gone.",
                enumeration = {"deleted", "burned", "event-blob", "destroyed"})
        @Nullable
        String how) {

    static Holder sharedBlob(SuiAddress id) {
        return new Holder("shared", null, null, id, null, null);
    }

    static Holder pool(SuiAddress id) {
        return new Holder("pool", null, null, null, id, null);
    }

    static Holder wrapped() {
        return new Holder("wrapped", null, null, null, null, null);
    }

    public static Holder gone(String how) {
        return new Holder("gone", null, null, null, null, how);
    }

    /** An owner as the chain knows it; {@code kind} and {@code owner} are those of {@code object_change}. */
    public static Holder of(String kind, @Nullable SuiAddress owner) {
        return new Holder(
                kind, kind.equals("address") ? owner : null, kind.equals("object") ? owner : null, null, null, null);
    }
}
