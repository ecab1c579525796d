package dev.vibrissa.verifier.round;

import com.google.protobuf.Timestamp;
import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.verifier.score.NodeScore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** What a new score tells others. */
final class ScoreNews {
    private ScoreNews() {}

    /** Empty if the last score in the same window says the same. */
    static Optional<Change> of(Connection db, NodeScore score, Instant now) throws SQLException {
        try (var select = db.prepareStatement("""
                select enough, rank, low, high from node_score
                where node_id = ? and window_name = ? and computed_at < ?
                order by computed_at desc limit 1
                """)) {
            select.setBytes(1, score.nodeId().toByteArray());
            select.setString(2, score.window());
            select.setObject(3, now.atOffset(ZoneOffset.UTC));
            try (ResultSet before = select.executeQuery()) {
                boolean isFirst = !before.next();
                if (!isFirst && isSame(before, score)) {
                    return Optional.empty();
                }
                var change = Change.newBuilder()
                        .setAt(Timestamp.newBuilder()
                                .setSeconds(now.getEpochSecond())
                                .setNanos(now.getNano()));
                var told = change.getScoreChangedBuilder()
                        .setNodeId(score.nodeId().toString())
                        .setWindow(score.window())
                        .setEpoch((int) score.walrusEpoch())
                        .setMethodology(score.methodology())
                        .setEnough(score.enough())
                        .setRank(score.rank())
                        .setLow(score.wilson().low())
                        .setHigh(score.wilson().high());
                if (!isFirst) {
                    told.setRankBefore(before.getDouble("rank"));
                }
                return Optional.of(change.build());
            }
        }
    }

    private static boolean isSame(ResultSet before, NodeScore score) throws SQLException {
        return before.getBoolean("enough") == score.enough()
                && Double.compare(before.getDouble("rank"), score.rank()) == 0
                && Double.compare(before.getDouble("low"), score.wilson().low()) == 0
                && Double.compare(before.getDouble("high"), score.wilson().high()) == 0;
    }
}
