package dev.vibrissa.api.governance;

import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState.EpochChangeDone;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState.EpochChangeSync;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState.NextParamsSelected;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far the running epoch has come, and when it can go on. */
@Schema(
        name = "EpochClock",
        description =
                "The clock of an epoch starts once enough nodes have their shards. Voting can end half of the epoch's"
                        + " duration later, the epoch after all of it; somebody has to call for either.")
public record EpochClock(
        @Schema(description = "The epoch that runs.", examples = "5")
        long epoch,

        @Schema(
                description =
                        "moving: shards change hands; voting: on capacity, and who may be in the next committee; chosen: the"
                                + " next committee and capacity are.",
                enumeration = {"moving", "voting", "chosen"})
        String state,

        @Schema(description = "Null while shards are moving.") @Nullable
        Instant startedAt,

        @Schema(description = "When voting can end, or could, at the earliest; null while shards are moving.") @Nullable
        Instant votingEnds,

        @Schema(description = "When the next epoch can begin at the earliest; null while shards are moving.") @Nullable
        Instant epochEnds,

        @Schema(description = "Milliseconds.", examples = "1209600000")
        long durationMillis) {

    /** Empty where Staking was not seen. */
    public static Optional<EpochClock> read(Snapshot db, Moment moment) {
        return db.first("""
                        select object_bcs from object_change
                        where type = 'Field<staking_inner::StakingInnerV1>' and checkpoint <= ? and object_bcs is not null
                        order by checkpoint desc, tx_index desc
                        limit 1
                        """, row -> row.bytes("object_bcs"), moment.checkpoint())
                .flatMap(bcs -> ObjectChanges.contents(
                        bcs,
                        in -> Field.decode(in, BcsReader::u64, StakingInner::decode)
                                .value()))
                .map(EpochClock::of);
    }

    /** Nothing waits in epoch 0 but for the time of the first epoch, which the contract was created with. */
    private static EpochClock of(StakingInner staking) {
        return switch (staking.epochState()) {
            case EpochChangeSync _ ->
                new EpochClock(staking.epoch(), "moving", null, null, null, staking.epochDuration());
            case EpochChangeDone(long done) -> since(done, "voting", staking);
            case NextParamsSelected(long done) -> since(done, "chosen", staking);
        };
    }

    private static EpochClock since(long done, String state, StakingInner staking) {
        boolean genesis = staking.epoch() == 0;
        long first = staking.firstEpochStart();
        long duration = staking.epochDuration();
        return new EpochClock(
                staking.epoch(),
                state,
                Instant.ofEpochMilli(done),
                Instant.ofEpochMilli(genesis ? first : done + duration / 2),
                Instant.ofEpochMilli(genesis ? first : done + duration),
                duration);
    }
}
