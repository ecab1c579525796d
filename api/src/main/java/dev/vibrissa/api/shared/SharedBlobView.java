package dev.vibrissa.api.shared;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A SharedBlob with its funds up to the checkpoint asked for.
 *
 * @param blobObjectId the Blob inside
 * @param funds FROST
 */
@Schema(name = "SharedBlob")
record SharedBlobView(
        AsOf asOf,
        SuiAddress sharedBlobId,
        @Schema(description = "The Blob inside.") SuiAddress blobObjectId,
        BlobId blobId,

        @Schema(description = "FROST.", examples = "4996964000")
        String funds,

        List<Funds> fundsHistory)
        implements Table {
    @Override
    public List<Funds> rows() {
        return fundsHistory;
    }

    @Schema(name = "SharedBlobFunds")
    record Funds(
            @Schema(examples = "1071") long checkpoint,
            Digest tx,
            Instant timestamp,

            @Schema(description = "FROST after the transaction.", examples = "5000000000")
            String funds) {}
}
