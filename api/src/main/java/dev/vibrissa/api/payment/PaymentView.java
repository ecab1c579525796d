package dev.vibrissa.api.payment;

import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One purchase or fee, or one part of a subsidy. */
@Schema(name = "Payment")
public record PaymentView(
        @Schema(examples = "1012") long checkpoint,
        Instant timestamp,
        Digest tx,
        @Schema(examples = "0") int txIndex,

        @Schema(description = "Within the transaction, in the order of its commands.", examples = "0")
        int ordinal,

        SuiAddress sender,
        @Schema(description = "Who paid for gas.") SuiAddress gasOwner,

        @Schema(
                description = "Whose WAL fell; subsidies come out of the subsidies contract.",
                enumeration = {"address", "sharedBlob", "subsidies"})
        String payerKind,

        @Schema(description = "Address or SharedBlob; null for subsidies.") @Nullable
        SuiAddress payer,

        @Schema(enumeration = {"user", "subsidy"}) String source,

        @Schema(
                description = "What was paid; unattributed is WAL that no operation explains.",
                enumeration = {
                    "reserve_space",
                    "reserve_space_for_epochs",
                    "write",
                    "write_pooled",
                    "extend",
                    "create_storage_pool",
                    "extend_storage_pool",
                    "increase_storage_pool_capacity",
                    "unattributed",
                    "usage_subsidy",
                    "add_subsidy",
                    "legacy_subsidy"
                },
                examples = "reserve_space")
        String what,

        @Schema(description = "Walrus epoch that ran.", examples = "1")
        long epoch,

        @Schema(description = "FROST over all epochs.", examples = "1608000")
        String amount,

        @Schema(description = "Encoded bytes.", examples = "70038000")
        String bytes,

        @Schema(description = "MiB, rounded up: what prices are for.", examples = "67")
        String units,

        @Schema(description = "First epoch that was paid for.", examples = "1")
        long firstEpoch,

        @Schema(description = "Exclusive.", examples = "3") long endEpoch,

        @Schema(description = "FROST for each of these epochs.", examples = "804000")
        String perEpoch,

        @Schema(description = "The blob that was registered or extended.") @Nullable
        SuiAddress objectId,

        @Nullable SuiAddress storagePoolId,
        @Nullable Quoted quoted) {}
