package dev.vibrissa.api.governance;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A round of votes on an upgrade of the contracts, with what came of it; or an upgrade without votes.
 *
 * @param digest of the package, 64 hex digits
 * @param proposed the first vote of the round; null for an upgrade without votes
 * @param observed begun before our history: when the first votes came is not known
 * @param ended how the proposal went, if it did; a stale one may stay for ever
 */
@Schema(name = "Upgrade")
record UpgradeView(
        @Schema(
                description = "Digest of the package, in hex; null where neither a proposal nor a call tells.",
                examples = "ed9770c17ed4f1ee3f189e721aaa0ec877a9011cf77c6b66ce291a2c6fa79f21")
        @Nullable
        String digest,

        @Schema(
                description =
                        "voting; quorum: enough votes, not carried out; lapsed: its epoch is over; restarted: voted for"
                                + " again in a later epoch; cleaned-up; committed: published, the old version still in force;"
                                + " migrated.",
                enumeration = {"voting", "quorum", "lapsed", "restarted", "cleaned-up", "committed", "migrated"})
        String state,

        @Schema(description = "Authorised by the holder of the EmergencyUpgradeCap, without votes.")
        boolean emergency,

        @Schema(description = "The first vote of the round; null for an upgrade without votes.") @Nullable
        Step proposed,

        @Schema(description = "Begun before our history: its first votes have no time.")
        boolean observed,

        @Schema(description = "Walrus epoch whose votes count.", examples = "2") @Nullable
        Long epoch,

        @Schema(description = "Version of the contract it leads to.", examples = "4") @Nullable
        String targetVersion,

        @Schema(description = "Shards of the voters.", examples = "858") @Nullable
        Integer weight,

        @Schema(description = "Shards that carry it.", examples = "667") @Nullable
        Integer quorumWeight,

        @Schema(description = "The vote that completed the quorum.") @Nullable
        Step quorumReached,

        List<Votes.Vote> votes,
        @Nullable Ended ended,

        @Schema(description = "The package that came of it.") @Nullable
        PackageUpgrade upgrade) {

    /** How a round ended. */
    @Schema(name = "UpgradeEnded")
    record Ended(
            @Schema(enumeration = {"authorized", "cleaned-up", "restarted"})
            String how,

            Step step) {}

    /** A new version of the package: authorised, published and committed by one transaction. */
    @Schema(name = "PackageUpgrade")
    record PackageUpgrade(
            @Schema(description = "Of the contract.", examples = "4")
            String version,

            SuiAddress packageId,

            @Schema(description = "As Sui counts; null if it was not published in this transaction.", examples = "4")
            @Nullable
            String packageVersion,

            @Schema(description = "Authorised, published and committed.")
            Step committed,

            @Schema(description = "When it came into force; null until then.") @Nullable
            Migration migration) {}

    /** A version comes into force: the state moves to dynamic fields whose key it is. */
    @Schema(name = "Migration")
    record Migration(
            Step step,

            @Schema(description = "Object id of the System's inner state.")
            SuiAddress systemInnerObject,

            @Schema(description = "Object id of Staking's inner state.") @Nullable
            SuiAddress stakingInnerObject) {}
}
