package dev.vibrissa.api.adoption;

import dev.vibrissa.api.time.AsOf;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How adoption is shown. */
final class AdoptionViews {
    private AdoptionViews() {}

    /**
     * What was registered and paid in an epoch. New are those that our history had not seen before.
     *
     * @param publishers senders of registrations
     * @param callers packages that people called and that led to registrations
     */
    @Schema(name = "Adoption")
    record Adoption(
            @Schema(examples = "2") long epoch,

            @Schema(description = "Blob objects, event blobs left out.", examples = "6")
            long registrations,

            @Schema(description = "Their unencoded bytes.", examples = "3200000")
            String bytes,

            @Schema(description = "Senders of registrations.", examples = "3")
            long publishers,

            @Schema(examples = "1") long newPublishers,
            @Schema(examples = "2") long returningPublishers,

            @Schema(description = "Addresses that got a Blob.", examples = "3")
            long owners,

            @Schema(examples = "1") long newOwners,
            @Schema(examples = "2") long returningOwners,

            @Schema(description = "Addresses and shared blobs whose WAL paid.", examples = "4")
            long payers,

            @Schema(examples = "1") long newPayers,
            @Schema(examples = "3") long returningPayers,

            @Schema(description = "Packages that people called and that led to registrations.", examples = "2")
            long callers,

            @Schema(description = "Registrations that were called a quilt.", examples = "1")
            long quilts,

            @Schema(description = "Event blobs, written by the nodes and paid by nobody.", examples = "1")
            long eventBlobs) {}

    /** @param items greatest first; {@code others} is what is not listed */
    @Schema(name = "Top")
    record Top(
            AsOf asOf,

            @Schema(
                    description = "What the shares are of.",
                    enumeration = {"bytes", "FROST"})
            String unit,

            @Schema(description = "Of all, listed or not.", examples = "12000000")
            String total,

            List<Ranked> items,

            @Schema(description = "How many are not listed.", examples = "0")
            long others) {}

    /**
     * One of the greatest.
     *
     * @param amount in the unit of the list
     * @param basisPoints of the total, rounded down
     */
    @Schema(name = "Ranked")
    record Ranked(
            @Schema(examples = "1") int rank,

            @Schema(description = "Address, package and module, or content type; null: not told.") @Nullable
            String subject,

            @Schema(description = "Registrations or payments.", examples = "12")
            long count,

            @Schema(examples = "5000000") String amount,

            @Schema(description = "Share of the total, rounded down.", examples = "4166")
            int basisPoints) {}
}
