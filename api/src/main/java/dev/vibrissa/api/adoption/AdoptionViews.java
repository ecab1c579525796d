package dev.vibrissa.api.adoption;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How adoption is shown. */
final class AdoptionViews {
    private AdoptionViews() {}

    /**
     * Who took part in an epoch in one role.
     *
     * @param fresh that no earlier epoch of our history had
     */
    @Schema(name = "Participants")
    record Participants(
            @Schema(examples = "3") long all,

            @Schema(description = "That no earlier epoch of our history had.", examples = "1")
            long fresh,

            @Schema(examples = "2") long returning) {}

    /** What was registered and paid in an epoch. */
    @Schema(name = "Adoption")
    record Adoption(
            @Schema(examples = "2") long epoch,

            @Schema(description = "Blob objects, event blobs left out.", examples = "6")
            long registrations,

            @Schema(description = "Their unencoded bytes.", examples = "3200000")
            String bytes,

            @Schema(
                    description =
                            "The same once encoded, as storage for it is reserved: what it is more than bytes is overhead.",
                    examples = "420228000")
            String encodedBytes,

            @Schema(
                    description = "Registrations that may be deleted before they end; others are permanent.",
                    examples = "2")
            long deletable,

            @Schema(description = "Their unencoded bytes.", examples = "1200000")
            String deletableBytes,

            @Schema(description = "Senders of registrations.")
            Participants publishers,

            @Schema(description = "Addresses that got a Blob.")
            Participants owners,

            @Schema(description = "Addresses and shared blobs whose WAL paid.")
            Participants payers,

            @Schema(description = "Packages that people called and that led to registrations.")
            Participants packages,

            @Schema(description = "Kinds of content that registrations were called.")
            Participants contentTypes,

            @Schema(description = "Registrations in storage pools.", examples = "1")
            long pooled,

            @Schema(
                    description = "Registrations whose transaction begins with what an upload relay asks for.",
                    examples = "1")
            long relayed,

            @Schema(description = "Registrations that were called a quilt in the same epoch.", examples = "1")
            long quilts,

            @Schema(description = "Their unencoded bytes.", examples = "500000")
            String quiltBytes,

            @Schema(description = "Event blobs, written by the nodes and paid by nobody.", examples = "1")
            long eventBlobs,

            Apps apps) {}

    /** What is built of blobs. */
    @Schema(name = "Apps")
    record Apps(WalrusSites walrusSites) {}

    /** Walrus Sites at the end of an epoch, or at the moment if it still runs. */
    @Schema(name = "WalrusSites")
    record WalrusSites(
            @Schema(description = "In the epoch.", examples = "3")
            long created,

            @Schema(description = "In the epoch.", examples = "1")
            long burned,

            @Schema(description = "Not burned, as far as our history shows them.", examples = "12")
            long living,

            @Schema(description = "Files of living sites.", examples = "340")
            long resources,

            @Schema(description = "Different blobs that these files refer to.", examples = "17")
            long blobs,

            @Schema(
                    description = "Unencoded bytes of those blobs that somebody registered in our history.",
                    examples = "52000000")
            String bytes,

            @Schema(description = "Blobs of which a file is a patch, and which so are quilts.", examples = "15")
            long quilts,

            @Schema(description = "Files whose blob nobody registered in our history.", examples = "0")
            long brokenResources,

            @Schema(
                    description = "Of which packages these are the objects, and how they are counted.",
                    examples =
                            "Objects of the type site::Site and their dynamic fields of site::ResourcePath and"
                                    + " site::Resource, in the types of the packages"
                                    + " 0x26eb7ee8688da02c5f671679524e379f0b837a12f1d1d799f255b7eea260ad27; of no other package.")
            String method) {}

    /** @param items greatest first */
    @Schema(name = "Top")
    record Top(
            AsOf asOf,

            @Schema(enumeration = {"publisher", "owner", "caller", "package", "contentType", "payer"})
            String by,

            @Schema(
                    description = "What the shares are of.",
                    enumeration = {"bytes", "FROST"})
            String unit,

            @Schema(description = "Of all, listed or not.", examples = "12000000")
            String total,

            List<Ranked> items,

            @Schema(description = "How many come after these.", examples = "0")
            long others,

            @Schema(description = "Cursor of the following page; null if this is the last.") @Nullable
            String next)
            implements Table {
        @Override
        public List<Ranked> rows() {
            return items;
        }
    }

    /**
     * One of the greatest.
     *
     * @param amount in the unit of the list
     * @param basisPoints of the total, rounded down
     */
    @Schema(name = "Ranked")
    record Ranked(
            @Schema(examples = "1") int rank,

            @Schema(description = "Address, package and module, package, or content type; null: not told.") @Nullable
            String subject,

            @Schema(description = "Registrations or payments.", examples = "12")
            long count,

            @Schema(examples = "5000000") String amount,

            @Schema(description = "Share of the total, rounded down.", examples = "4166")
            int basisPoints,

            @Schema(
                    description = "Registrations of these whose blob files of living Walrus Sites refer to; null: these"
                            + " are payments.",
                    examples = "2")
            @Nullable
            Long inSites) {
        Ranked inSites(long registrations) {
            return new Ranked(rank, subject, count, amount, basisPoints, registrations);
        }
    }

    /** What one had in an epoch. */
    @Schema(name = "Part")
    record Part(
            @Schema(examples = "2") long epoch,

            @Schema(description = "Registrations or payments.", examples = "12")
            long count,

            @Schema(description = "Unencoded bytes or FROST.", examples = "5000000")
            String amount,

            @Schema(description = "Share of the epoch's total, rounded down.", examples = "4166")
            int basisPoints) {}
}
