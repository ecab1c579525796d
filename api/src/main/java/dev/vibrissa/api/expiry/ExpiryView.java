package dev.vibrissa.api.expiry;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Objects alive, counted by end epoch; burned and invalid ones count too, for their storage is paid. */
@Schema(name = "ExpiryCalendar")
record ExpiryView(AsOf asOf, List<Ending> epochs) implements Table {
    @Override
    public List<Ending> rows() {
        return epochs;
    }

    /**
     * @param endEpoch exclusive: the epoch at whose start they are gone
     * @param bytes unencoded, of those whose size is known
     */
    @Schema(name = "ExpiryEpoch")
    record Ending(
            @Schema(description = "Exclusive: at its start they are gone.", examples = "5")
            long endEpoch,

            @Schema(examples = "3") long objects,

            @Schema(description = "Unencoded bytes.", examples = "6000000")
            String bytes,

            @Schema(examples = "/v1/expiry/5") String link) {}

    /**
     * What one holder has that ends with an epoch.
     *
     * @param holder address, parent object, SharedBlob or pool; null for what is wrapped in something else, or gone
     */
    @Schema(name = "ExpiryOfOwner")
    record OwnersEnding(
            @Schema(description = "Exclusive: at its start they are gone.", examples = "5")
            long endEpoch,

            @Schema(
                    enumeration = {"address", "object", "shared", "immutable", "pool", "wrapped", "gone"},
                    examples = "address")
            String holderKind,

            @Schema(description = "Address, parent object, SharedBlob or pool; null where there is none.") @Nullable
            SuiAddress holder,

            @Schema(examples = "3") long objects,

            @Schema(description = "Unencoded bytes.", examples = "6000000")
            String bytes) {}

    /** An object that ends. */
    @Schema(name = "ExpiringObject")
    record Expiring(
            SuiAddress objectId,
            BlobId blobId,
            @Schema(enumeration = {"own", "pooled"}) String kind,
            @Nullable SuiAddress storagePoolId,

            @Schema(description = "Exclusive.", examples = "5")
            long endEpoch,

            @Schema(description = "Unencoded bytes.", examples = "1000000") @Nullable
            String size) {}
}
