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

/** When an epoch can end: its clock starts once enough nodes have their shards. */
final class EpochClock {
    private EpochClock() {}

    /** The earliest end of the epoch that runs then; empty while shards are moving, or where Staking was not seen. */
    static Optional<Instant> earliestEnd(Snapshot db, Moment moment) {
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
                .flatMap(EpochClock::earliestEnd);
    }

    private static Optional<Instant> earliestEnd(StakingInner staking) {
        return switch (staking.epochState()) {
            case EpochChangeSync _ -> Optional.empty();
            case EpochChangeDone(long done) -> Optional.of(Instant.ofEpochMilli(done + staking.epochDuration()));
            case NextParamsSelected(long done) -> Optional.of(Instant.ofEpochMilli(done + staking.epochDuration()));
        };
    }
}
