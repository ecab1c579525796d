package dev.vibrissa.verifier.round;

import com.github.luben.zstd.Zstd;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Said;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import dev.vibrissa.verifier.sample.FrameMember;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the verifier reads of the chain and writes of its own. Every method is one piece of the caller's transaction. */
final class AuditStore {
    /** Key of the lock: "frames", as bytes. */
    private static final long FRAMES = 0x6672_616d_6573L;

    private AuditStore() {}

    /**
     * Where the chain stands.
     *
     * @param tip the last checkpoint that every projection has folded
     * @param tipAt its time, by the chain's clock
     * @param epoch the newest whose change is done
     * @param doneAt checkpoint at which it was
     * @param changing a later epoch has begun, whose change is not done
     */
    record Chain(
            String network,
            int shards,
            long tip,
            Digest tipDigest,
            Instant tipAt,
            long epoch,
            long doneAt,
            boolean changing) {}

    /** Empty while no epoch is known to be complete. */
    static Optional<Chain> chain(Connection db) throws SQLException {
        try (var select = db.prepareStatement("""
                        select n.name, e.n_shards, w.last_checkpoint, w.last_digest, e.epoch, e.done_checkpoint,
                          exists (select from epoch later where later.epoch > e.epoch and later.start_checkpoint is not null),
                          (select c.checkpoint_at from checkpoint c where c.sequence_number = w.last_checkpoint)
                        from network n,
                          (select last_checkpoint, last_digest from watermark where pipeline <> 'facts'
                           order by last_checkpoint limit 1) w,
                          (select epoch, done_checkpoint, n_shards from epoch where done_checkpoint is not null
                           order by epoch desc limit 1) e
                        """);
                ResultSet row = select.executeQuery()) {
            if (!row.next() || row.getInt(2) == 0) {
                return Optional.empty();
            }
            return Optional.of(new Chain(
                    row.getString(1),
                    row.getInt(2),
                    row.getLong(3),
                    new Digest(row.getBytes(4)),
                    Optional.ofNullable(row.getObject(8, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant)
                            .orElse(Instant.EPOCH),
                    row.getLong(5),
                    row.getLong(6),
                    row.getBoolean(7)));
        }
    }

    static Optional<Digest> digest(Connection db, long checkpoint) throws SQLException {
        try (var select = db.prepareStatement("select digest from checkpoint where sequence_number = ?")) {
            select.setLong(1, checkpoint);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Digest(row.getBytes(1))) : Optional.empty();
            }
        }
    }

    static Optional<Frame> frame(Connection db, long epoch) throws SQLException {
        try (var select = db.prepareStatement("select record from frame where walrus_epoch = ?")) {
            select.setLong(1, epoch);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(AuditJson.read(row.getString(1), Frame.class)) : Optional.empty();
            }
        }
    }

    static void insert(Connection db, Frame frame, LogEntry entry) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into frame (walrus_epoch, methodology, root, blobs, members, observed_checkpoint,
                  first_seed_height, seed_interval, record, prover, log_sequence, published_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setLong(1, frame.walrusEpoch());
            insert.setString(2, frame.methodology());
            insert.setBytes(3, frame.root().toByteArray());
            insert.setLong(4, frame.count());
            insert.setInt(5, frame.members().size());
            insert.setLong(6, frame.observedCheckpoint());
            insert.setLong(7, frame.firstSeedHeight());
            insert.setLong(8, frame.seedInterval());
            insert.setString(9, entry.envelope().body().toString());
            insert.setBytes(10, entry.envelope().prover().toByteArray());
            insert.setLong(11, entry.envelope().sequence());
            insert.setObject(12, entry.envelope().at().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Whether the frame of an epoch stands in a prover's log. */
    static boolean hasAdopted(Connection db, long epoch, Bytes prover) throws SQLException {
        try (var select = db.prepareStatement("select from frame_vantage where walrus_epoch = ? and prover = ?")) {
            select.setLong(1, epoch);
            select.setBytes(2, prover.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    static void adopt(Connection db, Frame frame, LogEntry entry) throws SQLException {
        try (var insert = db.prepareStatement(
                "insert into frame_vantage (walrus_epoch, prover, log_sequence, adopted_at) values (?, ?, ?, ?)")) {
            insert.setLong(1, frame.walrusEpoch());
            insert.setBytes(2, entry.envelope().prover().toByteArray());
            insert.setLong(3, entry.envelope().sequence());
            insert.setObject(4, entry.envelope().at().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Frames are made by one at a time, so that vantages share them; held until {@link #unlockFrames}. */
    static void lockFrames(Connection db) throws SQLException {
        execute(db, "select pg_advisory_lock(" + FRAMES + ")");
    }

    static void unlockFrames(Connection db) throws SQLException {
        execute(db, "select pg_advisory_unlock(" + FRAMES + ")");
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
        db.commit();
    }

    /** The last round that this prover has a row of, or -1. */
    static long lastRound(Connection db, long epoch, Bytes prover) throws SQLException {
        try (var select = db.prepareStatement(
                "select coalesce(max(round), -1) from round where walrus_epoch = ? and prover = ?")) {
            select.setLong(1, epoch);
            select.setBytes(2, prover.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** A round that was begun and not ended, as after a restart. */
    static Optional<RoundRecord> runningRound(Connection db, Bytes prover) throws SQLException {
        try (var select = db.prepareStatement("""
                select record from round where prover = ? and state = 'running' order by walrus_epoch desc, round desc limit 1
                """)) {
            select.setBytes(1, prover.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(AuditJson.read(row.getString(1), RoundRecord.class)) : Optional.empty();
            }
        }
    }

    static void insertMissed(Connection db, Frame frame, long round, Bytes prover) throws SQLException {
        try (var insert = db.prepareStatement(
                "insert into round (walrus_epoch, round, seed_height, state, prover) values (?, ?, ?, 'missed', ?)")) {
            insert.setLong(1, frame.walrusEpoch());
            insert.setLong(2, round);
            insert.setLong(3, frame.seedHeight(round));
            insert.setBytes(4, prover.toByteArray());
            insert.executeUpdate();
        }
    }

    static void insert(Connection db, RoundRecord round, LogEntry entry) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into round (walrus_epoch, round, seed_height, state, seed_digest, record, prover, log_sequence, started_at)
                values (?, ?, ?, 'running', ?, ?, ?, ?, ?)
                """)) {
            insert.setLong(1, round.walrusEpoch());
            insert.setLong(2, round.round());
            insert.setLong(3, round.seedHeight());
            insert.setBytes(4, round.seedDigest().toByteArray());
            insert.setString(5, entry.envelope().body().toString());
            insert.setBytes(6, entry.envelope().prover().toByteArray());
            insert.setLong(7, entry.envelope().sequence());
            insert.setObject(8, entry.envelope().at().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    static void end(Connection db, RoundRecord round, Bytes prover, int draws, Instant now) throws SQLException {
        try (var update = db.prepareStatement("""
                update round set state = 'done', ended_at = ?, draws = ?,
                  asked = (select count(*) from probe p
                           where p.walrus_epoch = ? and p.round = ? and p.prover = ?)
                where walrus_epoch = ? and round = ? and prover = ?
                """)) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setInt(2, draws);
            update.setLong(3, round.walrusEpoch());
            update.setLong(4, round.round());
            update.setBytes(5, prover.toByteArray());
            update.setLong(6, round.walrusEpoch());
            update.setLong(7, round.round());
            update.setBytes(8, prover.toByteArray());
            update.executeUpdate();
        }
    }

    /** How many draws of each wave of a round were judged. */
    static Map<Integer, Integer> judgedWaves(Connection db, RoundRecord round, Bytes prover) throws SQLException {
        try (var select = db.prepareStatement(
                "select wave, count(*) from probe where walrus_epoch = ? and round = ? and prover = ? group by wave")) {
            select.setLong(1, round.walrusEpoch());
            select.setLong(2, round.round());
            select.setBytes(3, prover.toByteArray());
            var waves = new HashMap<Integer, Integer>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waves.put(row.getInt(1), row.getInt(2));
                }
            }
            return waves;
        }
    }

    /** What was judged of a wave. */
    static List<ProbeRecord> judged(Connection db, RoundRecord round, Bytes prover, int wave) throws SQLException {
        try (var select = db.prepareStatement("""
                select l.line from probe p join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                where p.walrus_epoch = ? and p.round = ? and p.prover = ? and p.wave = ? order by l.sequence
                """)) {
            select.setLong(1, round.walrusEpoch());
            select.setLong(2, round.round());
            select.setBytes(3, prover.toByteArray());
            select.setInt(4, wave);
            var judged = new ArrayList<ProbeRecord>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    judged.add(LogEntry.parse(row.getString(1)).body(ProbeRecord.class));
                }
            }
            return judged;
        }
    }

    /** What this prover took of each node since a moment. */
    static Map<SuiAddress, Budget.Spent> spentSince(Connection db, Bytes prover, Instant since) throws SQLException {
        try (var select = db.prepareStatement("""
                select node_id, sum(bytes), sum(requests) from node_spending
                where prover = ? and spent_at >= ? group by node_id
                """)) {
            select.setBytes(1, prover.toByteArray());
            select.setObject(2, since.atOffset(ZoneOffset.UTC));
            var spent = new HashMap<SuiAddress, Budget.Spent>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    spent.put(new SuiAddress(row.getBytes(1)), new Budget.Spent(row.getLong(2), row.getLong(3)));
                }
            }
            return spent;
        }
    }

    static void spend(Connection db, Bytes prover, Map<SuiAddress, Budget.Spent> spent, Instant now)
            throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into node_spending (prover, node_id, spent_at, bytes, requests) values (?, ?, ?, ?, ?)
                on conflict (prover, node_id, spent_at) do update set
                  bytes = node_spending.bytes + excluded.bytes, requests = node_spending.requests + excluded.requests
                """)) {
            for (var each : spent.entrySet()) {
                insert.setBytes(1, prover.toByteArray());
                insert.setBytes(2, each.getKey().toByteArray());
                insert.setObject(3, now.truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC));
                insert.setLong(4, each.getValue().bytes());
                insert.setLong(5, each.getValue().requests());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        // What is older than a day bounds nothing any more.
        try (var delete = db.prepareStatement("delete from node_spending where prover = ? and spent_at < ?")) {
            delete.setBytes(1, prover.toByteArray());
            delete.setObject(2, now.minus(DAY).minus(DAY).atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }

    /**
     * Shards that came to a member with the epoch, of which it has not reported yet that it received them. A history that
     * begins with the epoch does not know whose they were: then none came.
     */
    static Set<Integer> awaited(Connection db, long epoch) throws SQLException {
        try (var select = db.prepareStatement("""
                select now.shard from shard_assignment now
                  join shard_assignment before on before.epoch = now.epoch - 1 and before.shard = now.shard
                where now.epoch = ? and before.node_id <> now.node_id
                  and not exists (
                    select from shards_received r where r.epoch = now.epoch and r.node_id = now.node_id)
                """)) {
            select.setLong(1, epoch);
            var shards = new HashSet<Integer>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    shards.add(row.getInt(1));
                }
            }
            return shards;
        }
    }

    /**
     * The members, at the addresses and with the network keys that the chain has for them now; both can be changed at any
     * time. Signing keys are the epoch's.
     */
    static List<StorageNode> nodes(Connection db, List<FrameMember> members) throws SQLException {
        try (var select =
                db.prepareStatement("select network_address, network_public_key from storage_node where node_id = ?")) {
            var nodes = new ArrayList<StorageNode>();
            for (FrameMember member : members) {
                select.setBytes(1, member.nodeId().toByteArray());
                try (ResultSet row = select.executeQuery()) {
                    boolean known = row.next();
                    nodes.add(new StorageNode(
                            member.nodeId(),
                            known ? row.getString(1) : "",
                            Optional.of(new KeyBytes(
                                    known
                                            ? row.getBytes(2)
                                            : member.networkKey().toByteArray())),
                            new KeyBytes(member.signingKey().toByteArray())));
                }
            }
            return nodes;
        }
    }

    /**
     * Of these blobs, those that no longer have to be served in the epoch, by the chain as it is now.
     *
     * @param claims what was asked is whether the node has the frame's object of the blob; that can go while another keeps
     *     the blob
     */
    static Set<BlobId> gone(Connection db, long epoch, Collection<FrameBlob> blobs, boolean claims)
            throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select b.blob_id from blob b
                where b.blob_id = any (?)
                  and (b.invalid_checkpoint is not null or b.deny_listed or b.certified_until <= ?)
                union
                select o.blob_id from blob_object o left join storage_pool p on p.storage_pool_id = o.storage_pool_id
                where o.object_id = any (?)
                  and (o.deleted_checkpoint is not null or p.destroyed_checkpoint is not null
                    or coalesce(o.end_epoch, p.end_epoch) <= ?)
                """)) {
            select.setArray(
                    1,
                    db.createArrayOf(
                            "bytea",
                            blobs.stream()
                                    .map(each -> each.blobId().toByteArray())
                                    .toArray(byte[][]::new)));
            select.setLong(2, epoch);
            select.setArray(
                    3,
                    db.createArrayOf(
                            "bytea",
                            blobs.stream()
                                    .filter(_ -> claims)
                                    .flatMap(each -> each.deletableObject().stream())
                                    .map(SuiAddress::toByteArray)
                                    .toArray(byte[][]::new)));
            select.setLong(4, epoch);
            var gone = new HashSet<BlobId>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    gone.add(new BlobId(row.getBytes(1)));
                }
            }
            return gone;
        }
    }

    /** The node's signed word about a blob, if it was given in this epoch and log. */
    static Optional<Answer> provenClaim(Connection db, Bytes prover, long epoch, SuiAddress node, BlobId blob)
            throws SQLException {
        try (var select = db.prepareStatement("""
                select l.line from probe p join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                where p.blob_id = ? and p.node_id = ? and p.walrus_epoch = ? and p.prover = ? and p.depth = 'CLAIM'
                  and p.blame is null
                order by p.asked_at desc limit 1
                """)) {
            select.setBytes(1, blob.toByteArray());
            select.setBytes(2, node.toByteArray());
            select.setLong(3, epoch);
            select.setBytes(4, prover.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? LogEntry.parse(row.getString(1)).body(ProbeRecord.class).answers().stream()
                                .filter(each -> each.said() == Said.PROVEN)
                                .filter(each -> each.statement().isPresent())
                                .findFirst()
                        : Optional.empty();
            }
        }
    }

    static void insert(Connection db, ProbeRecord probe, LogEntry entry) throws SQLException {
        Answer last = probe.answers().getLast();
        try (var insert = db.prepareStatement("""
                insert into probe (probe_id, walrus_epoch, round, member, depth, ordinal, prover, node_id, blob_id, shard,
                  asked_at, wave, verdict, blame, counts, said, attempts, millis, body_bytes, inclusion, log_sequence,
                  weight)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setBytes(1, probe.probeId().toByteArray());
            insert.setLong(2, probe.walrusEpoch());
            insert.setLong(3, probe.round());
            insert.setInt(4, probe.draw().member());
            insert.setString(5, probe.draw().depth().name());
            insert.setInt(6, probe.draw().ordinal());
            insert.setBytes(7, entry.envelope().prover().toByteArray());
            insert.setBytes(8, probe.nodeId().toByteArray());
            insert.setBytes(9, probe.blob().blobId().toByteArray());
            insert.setInt(10, probe.draw().shard());
            insert.setObject(11, probe.answers().getFirst().askedAt().atOffset(ZoneOffset.UTC));
            insert.setInt(12, probe.wave());
            insert.setString(13, probe.verdict());
            insert.setString(14, probe.blame().map(Enum::name).orElse(null));
            insert.setBoolean(15, probe.counts());
            insert.setString(16, last.said().name());
            insert.setInt(17, probe.answers().size());
            insert.setInt(
                    18, (int) Math.min(Integer.MAX_VALUE, last.timing().total().toMillis()));
            insert.setLong(
                    19,
                    probe.answers().stream()
                            .mapToLong(each -> each.timing().bodyBytes())
                            .sum());
            insert.setDouble(20, inclusion(probe));
            insert.setLong(21, entry.envelope().sequence());
            insert.setLong(22, probe.draw().chance().weight());
            insert.executeUpdate();
        }
        Hours.add(db, entry.envelope().prover(), probe);
    }

    private static double inclusion(ProbeRecord probe) {
        return (double) probe.draw().chance().part() / probe.draw().chance().of();
    }

    static void keep(Connection db, Bytes body) throws SQLException {
        try (var insert = db.prepareStatement(
                "insert into answer_body (digest, body_zstd) values (?, ?) on conflict do nothing")) {
            insert.setBytes(1, Sha256.of(body.toByteArray()).toByteArray());
            insert.setBytes(2, Zstd.compress(body.toByteArray()));
            insert.executeUpdate();
        }
    }

    static void insert(Connection db, OutageRecord outage, LogEntry entry) throws SQLException {
        try (var insert = db.prepareStatement(
                "insert into outage (prover, log_sequence, walrus_epoch, round, began_at, ended_at, cause)"
                        + " values (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setBytes(1, entry.envelope().prover().toByteArray());
            insert.setLong(2, entry.envelope().sequence());
            insert.setLong(3, outage.walrusEpoch());
            insert.setLong(4, outage.round());
            insert.setObject(5, outage.beganAt().atOffset(ZoneOffset.UTC));
            insert.setObject(6, outage.endedAt().atOffset(ZoneOffset.UTC));
            insert.setString(7, outage.cause().name());
            insert.executeUpdate();
        }
    }

    static void insert(Connection db, ContradictionRecord found, LogEntry entry) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into contradiction (prover, log_sequence, walrus_epoch, node_id, blob_id, failed_probe, found_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setBytes(1, entry.envelope().prover().toByteArray());
            insert.setLong(2, entry.envelope().sequence());
            insert.setLong(3, found.walrusEpoch());
            insert.setBytes(4, found.nodeId().toByteArray());
            insert.setBytes(5, found.blobId().toByteArray());
            insert.setBytes(6, found.failed().probeId().toByteArray());
            insert.setObject(7, entry.envelope().at().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    static boolean isContradicted(Connection db, Bytes prover, ProbeRecord probe) throws SQLException {
        try (var select = db.prepareStatement(
                "select exists (select from contradiction where failed_probe = ? and prover = ?)")) {
            select.setBytes(1, probe.probeId().toByteArray());
            select.setBytes(2, prover.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    static final Duration DAY = Duration.ofDays(1);
}
