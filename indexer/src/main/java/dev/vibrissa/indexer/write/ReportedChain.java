package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.protocol.sui.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The chain that full nodes say they serve, kept beside the watermark: one database holds one chain. */
public final class ReportedChain {
    private ReportedChain() {}

    /** @throws ChainException if the database holds another chain */
    public static void claim(Connection db, Digest reported) throws SQLException {
        try (PreparedStatement update = db.prepareStatement("""
                update network set chain_id = coalesce(chain_id, ?),
                  chain_evidence = case chain_evidence when 'asserted' then 'reported' else chain_evidence end
                returning chain_id
                """)) {
            update.setBytes(1, reported.toByteArray());
            try (ResultSet row = update.executeQuery()) {
                row.next();
                var stored = new Digest(row.getBytes(1));
                if (!stored.equals(reported)) {
                    throw new ChainException(
                            "the source serves chain %s, but the database holds %s: one database holds one chain"
                                    .formatted(reported, stored));
                }
            }
        }
    }
}
