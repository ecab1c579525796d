package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The candidates as they stand, and as they stood when a vote ended. */
final class VotingEnds {
    static final String TYPE = "Field<active_set::ActiveSet>";

    private final Connection db;
    private final TableRows ends = new TableRows("voting_end", "next_epoch", "checkpoint", "tx_digest", "capacity");
    private final TableRows candidates = new TableRows("candidate", "next_epoch", "position", "node_id", "stake");
    /** As this batch leaves it; empty while it has not touched it. */
    private Optional<ActiveSet> latest = Optional.empty();

    VotingEnds(Connection db) {
        this.db = db;
    }

    void follow(ObjectFact fact) {
        fact.after().ifPresent(state -> {
            if (SuiObject.decode(state.bcs().reader()).data() instanceof SuiObject.Move move) {
                latest = Optional.of(Field.decode(move.contents().reader(), Field.UnitKey::decode, ActiveSet::decode)
                        .value());
            }
        });
    }

    /** The next committee was chosen: candidates and capacity are what they are now. */
    void ended(Place at, long nextEpoch, Optional<StakingInner> staking) throws SQLException {
        ends.add(
                nextEpoch,
                at.checkpoint(),
                at.transaction(),
                staking.flatMap(StakingInner::nextEpochParams)
                        .map(params -> Columns.unsigned(params.totalCapacitySize()))
                        .orElse(null));
        var set = latest.isPresent() ? latest : stored();
        if (set.isPresent()) {
            int position = 0;
            for (ActiveSet.Entry each : set.get().nodes()) {
                candidates.add(nextEpoch, position++, each.nodeId(), Columns.unsigned(each.stakedAmount()));
            }
        }
    }

    private Optional<ActiveSet> stored() throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select contents from active_set");
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(BcsReader.decode(row.getBytes(1), ActiveSet::decode)) : Optional.empty();
        }
    }

    void write() throws SQLException {
        if (latest.isPresent()) {
            try (PreparedStatement upsert = db.prepareStatement("""
                    insert into active_set (contents) values (?)
                    on conflict (only_row) do update set contents = excluded.contents
                    """)) {
                upsert.setBytes(1, latest.get().toBcs());
                upsert.executeUpdate();
            }
        }
        ends.write(db);
        candidates.write(db);
    }
}
