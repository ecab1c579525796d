package dev.vibrissa.api.quilt;

import dev.vibrissa.protocol.walrus.BlobId;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Reads lists of files out of quilts. */
public interface QuiltLists {
    /** May take seconds: storage nodes are asked. */
    Read read(BlobId blobId) throws InterruptedException;

    /** What came of it. */
    sealed interface Read {
        /** Proven by the blob id. */
        record Listed(List<File> files) implements Read {}

        /** @param why in words */
        record Not(String why) implements Read {}
    }

    /**
     * A file in a quilt, as whoever wrote it calls it.
     *
     * @param tags that its writer gave it
     */
    @Schema(name = "QuiltFile")
    record File(
            @Schema(examples = "assets/logo.svg") String identifier,

            @Schema(description = "As its writer tagged it.", examples = "{\"content-type\":\"image/svg+xml\"}")
            Map<String, String> tags,

            @Schema(
                    description = "By which clients read it.",
                    examples = "jTWLhbVpRWMsb5Y0OxdYCLcV0Ez2rQN-2bu7NG2tHlMBAQACAA")
            String patchId) {}
}
