package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.trust.HandOvers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Keeps the proofs of hand-overs whose checkpoints lie outside of what is indexed. */
public final class HandOverProofs {
    private HandOverProofs() {}

    public static void store(Connection db, List<HandOvers.HandOver> handOvers) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into hand_over_evidence
                  (checkpoint, summary_bcs, signature_epoch, signature, signers_bitmap) values (?, ?, ?, ?, ?)
                on conflict (checkpoint) do nothing
                """)) {
            for (var each : handOvers) {
                insert.setLong(1, each.checkpoint());
                insert.setBytes(2, each.proof().bcs().toByteArray());
                insert.setLong(3, each.proof().signature().epoch());
                insert.setBytes(4, each.proof().signature().signature().toByteArray());
                insert.setBytes(5, each.proof().signature().bitmap().toByteArray());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
