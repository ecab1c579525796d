package dev.vibrissa.api.governance;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A round of votes on burning all of a node's commission. Stake and seat stay as they are.
 *
 * @param missingWeight shards that are missing for a quorum
 * @param countsUntil when the epoch can end at the earliest, and the votes with it
 */
@Schema(name = "Slashing")
record SlashingView(
        @Schema(description = "Node whose commission is voted about.")
        SuiAddress candidate,

        @Nullable String name,

        @Schema(
                description =
                        "voting; quorum: enough votes, not executed; lapsed: its epoch is over; restarted: voted for"
                                + " again in a later epoch; cleaned-up; executed.",
                enumeration = {"voting", "quorum", "lapsed", "restarted", "cleaned-up", "executed"})
        String state,

        @Schema(description = "The first vote of the round.")
        Step begun,

        @Schema(description = "Begun before our history: its first votes have no time.")
        boolean observed,

        @Schema(description = "Walrus epoch whose votes count.", examples = "3")
        long epoch,

        @Schema(description = "Shards of the voters.", examples = "776")
        int weight,

        @Schema(description = "Shards that carry it.", examples = "667")
        int quorumWeight,

        @Schema(description = "Shards missing for a quorum.", examples = "0")
        int missingWeight,

        @Schema(description = "The vote that completed the quorum.") @Nullable
        Step quorumReached,

        @Schema(description = "When its epoch can end at the earliest, and the votes lapse; null unless it is open.")
        @Nullable
        Instant countsUntil,

        @Schema(description = "From the checkpoint's time to countsUntil, not below 0.") @Nullable
        Long millisLeft,

        List<Votes.Vote> votes,
        @Nullable Ended ended) {

    /**
     * How a round ended.
     *
     * @param burned FROST of commission; null where not executed, or where the pool before is not known
     * @param supplyAfter FROST of WAL in existence
     */
    @Schema(name = "SlashingEnded")
    record Ended(
            @Schema(enumeration = {"executed", "cleaned-up", "restarted"})
            String how,

            Step step,

            @Schema(description = "FROST of commission that was burned.", examples = "4611098837") @Nullable
            String burned,

            @Schema(description = "FROST of WAL in existence after it.", examples = "4999999995010712343") @Nullable
            String supplyAfter) {}
}
