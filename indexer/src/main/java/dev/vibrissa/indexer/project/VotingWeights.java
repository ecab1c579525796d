package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a vote weighs: its node's shards in the epoch. Asked only for votes that left no trace in their proposal. The
 * tables are those of {@link Projection#EPOCH}, folded before; a committee is elected once, so that a later fold finds
 * the same.
 */
record VotingWeights(Connection db) {
    /** The Walrus epoch that runs. */
    Optional<Long> epoch(Deed deed) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select max(epoch) from epoch where running_since <= ?")) {
            select.setLong(1, deed.checkpoint());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getObject(1, Long.class));
            }
        }
    }

    /** Empty if the committee is not known. */
    Optional<Integer> of(long epoch, SuiAddress node) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select weight from committee_member where epoch = ? and node_id = ?")) {
            select.setLong(1, epoch);
            select.setBytes(2, node.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
            }
        }
    }
}
