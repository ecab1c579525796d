package dev.vibrissa.api.payment;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What one transaction brought into the accounts of epochs. */
@Schema(name = "Inflow")
record InflowView(
        @Schema(examples = "1012") long checkpoint,
        Instant timestamp,
        Digest tx,
        @Schema(examples = "0") int txIndex,
        SuiAddress sender,
        SuiAddress gasOwner,

        @Schema(description = "Walrus epoch that ran.", examples = "1")
        long epoch,

        @Schema(description = "FROST.", examples = "3082000")
        String userInflow,

        @Schema(description = "FROST.", examples = "0") String subsidyInflow,

        @Schema(description = "FROST of the user inflow that no operation explains.", examples = "0")
        String unattributed,

        @Schema(
                description = "FROST that addresses, accounts, stakes and funds do not add up to: it went into somebody"
                        + " else's contract or came out of it.",
                examples = "0")
        String walResidual,

        @Schema(description = "Neighbouring epochs with the same differences, in order.")
        List<AccountChange> accounts) {

    /** The same difference in each of some epochs. */
    @Schema(name = "AccountChange")
    record AccountChange(
            @Schema(examples = "1") long firstEpoch,

            @Schema(description = "Exclusive.", examples = "3")
            long endEpoch,

            @Schema(description = "FROST, in each epoch.", examples = "804000")
            String rewards,

            @Schema(description = "Encoded bytes, in each epoch.", examples = "70038000")
            String usedCapacity) {}
}
