package dev.vibrissa.benchmarks;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;

/** The chain of {@link AuditedNodes} as the indexer would have left it in a database. */
final class AuditedChain {
    /** Enough for a frame to be settled. */
    private static final long TIP = 3_000;

    /** Ahead of all clocks: nothing is ever not yet indexed. */
    private static final OffsetDateTime LATER = OffsetDateTime.parse("2100-01-01T00:00:00Z");

    private AuditedChain() {}

    static void fill(Connection db, AuditedNodes.Known known) throws SQLException {
        sql(
                db,
                "insert into network (name, chain_evidence, n_shards) values ('custom', 'asserted', ?)",
                AuditedNodes.SHARDS);
        sql(db, "insert into source (kind, location) values ('directory', 'bench')");
        sql(db, "delete from watermark where pipeline <> 'facts'");
        sql(
                db,
                "insert into watermark (pipeline, first_checkpoint, last_checkpoint, last_digest) values ('blobs', 0, 0, ?)",
                new byte[32]);
        sql(
                db,
                "insert into epoch (epoch, running_since, start_checkpoint, done_checkpoint, n_shards) values (?, 0, 0, 0, ?)",
                AuditedNodes.EPOCH,
                AuditedNodes.SHARDS);
        for (int i = 0; i < known.nodes().size(); i++) {
            member(db, i, known.nodes().get(i));
        }
        for (AuditedNodes.Blob each : known.blobs()) {
            blob(db, each);
        }
        reach(db, TIP);
    }

    private static void member(Connection db, int position, AuditedNodes.Node node) throws SQLException {
        byte[] id = SuiAddress.parse(node.id()).toByteArray();
        byte[] signingKey = HexFormat.of().parseHex(node.signingKey());
        sql(db, """
                insert into storage_node (node_id, name, network_address, network_public_key, public_key, changed_at)
                values (?, ?, ?, ?, ?, 0)
                """, id, "node " + position, node.address(), HexFormat.of().parseHex(node.networkKey()), signingKey);
        sql(
                db,
                "insert into committee_member (epoch, position, node_id, weight, public_key) values (?, ?, ?, ?, ?)",
                AuditedNodes.EPOCH,
                position,
                id,
                node.shards().size(),
                signingKey);
        for (int shard : node.shards()) {
            sql(
                    db,
                    "insert into shard_assignment (epoch, shard, node_id) values (?, ?, ?)",
                    AuditedNodes.EPOCH,
                    shard,
                    id);
        }
    }

    private static void blob(Connection db, AuditedNodes.Blob blob) throws SQLException {
        byte[] id = BlobId.parse(blob.id()).toByteArray();
        sql(db, """
                insert into blob (blob_id, size, encoding_type, first_checkpoint, last_checkpoint, objects,
                  registered_until, certified_until, held_until, deletable, permanent, deny_listed, quilt)
                values (?, ?, 1, 0, 0, 1, 57, 57, 57, false, true, false, false)
                """, id, blob.sizeBytes());
        sql(db, """
                insert into blob_object (object_id, blob_id, kind, deletable, size, encoding_type, origin,
                  registered_epoch, registered_checkpoint, certified_epoch, certified_checkpoint, end_epoch,
                  event_blob, owner_kind, owner)
                values (?, ?, 'own', false, ?, 1, 'registered', 1, 0, 1, 0, 57, false, 'address', ?)
                """, id, id, blob.sizeBytes(), new byte[32]);
    }

    /** Indexes this checkpoint, as if all before it were there too. */
    static void reach(Connection db, long checkpoint) throws SQLException {
        byte[] digest = new byte[32];
        digest[0] = (byte) checkpoint;
        digest[1] = (byte) (checkpoint >> 8);
        sql(db, """
                insert into checkpoint (sequence_number, digest, sui_epoch, checkpoint_at, transactions, failed,
                  walrus_events, verification, source_id)
                values (?, ?, 0, ?, 0, 0, 0, 'unverified', 1)
                """, checkpoint, digest, LATER);
        sql(db, "update watermark set last_checkpoint = ?, last_digest = ?", checkpoint, digest);
    }

    private static void sql(Connection db, String sql, Object... values) throws SQLException {
        try (var statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
