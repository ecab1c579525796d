package dev.vibrissa.api.object;

import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An object of Walrus at the checkpoint asked for.
 *
 * @param latest its last version until then; null for an object that lived only inside others
 * @param blob what we know of it as a blob, if it is one
 * @param links where more about it is found
 */
@Schema(name = "Object")
record ObjectView(
        AsOf asOf,
        SuiAddress objectId,

        @Schema(description = "Its last version; null for an object that lived only inside others.") @Nullable
        Version latest,

        @Schema(description = "What we know of it as a blob, if it is one.") @Nullable
        BlobObject blob,

        @Schema(description = "Where more about it is found.")
        Map<String, String> links) {

    /**
     * @param exists whether it was an object of its own after this version
     * @param type {@code module::Name}; null where the effects do not tell
     */
    @Schema(name = "ObjectVersion")
    record Version(
            @Schema(examples = "1042") long version,

            @Schema(enumeration = {"created", "mutated", "unwrapped", "wrapped", "deleted", "observed", "fleeting"})
            String change,

            boolean exists,
            @Schema(examples = "blob::Blob") @Nullable String type,
            @Nullable Holder owner,
            @Schema(examples = "1012") long checkpoint,
            Digest tx,
            Instant timestamp) {}
}
