package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.node.Blame;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provers of a database: who may speak, and what they find together. */
public final class Vantages {
    private Vantages() {}

    /**
     * A prover as it is known here.
     *
     * @param entries of its log
     */
    public record Prover(
            Bytes key, String name, Optional<Instant> admittedAt, Optional<Instant> revokedAt, long entries) {}

    /** Lets a prover speak, whether it has begun its log or not. */
    public static void admit(Connection db, Bytes key, String name) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into prover (prover, name, admitted_at) values (?, ?, now())
                on conflict (prover) do update set name = excluded.name, revoked_at = null,
                  admitted_at = case when prover.revoked_at is null then coalesce(prover.admitted_at, now()) else now() end
                """)) {
            insert.setBytes(1, key.toByteArray());
            insert.setString(2, name);
            insert.executeUpdate();
        }
    }

    /** From now on its word does not count; its log stays. False if it was not admitted. */
    public static boolean revoke(Connection db, Bytes key) throws SQLException {
        try (var update = db.prepareStatement("""
                update prover set revoked_at = now() where prover = ? and admitted_at is not null and revoked_at is null
                """)) {
            update.setBytes(1, key.toByteArray());
            return update.executeUpdate() == 1;
        }
    }

    /** All that ever registered, the first first. */
    public static List<Prover> list(Connection db) throws SQLException {
        try (var select = db.prepareStatement("""
                        select p.prover, p.name, p.admitted_at, p.revoked_at, coalesce(h.next_sequence, 0)
                        from prover p left join log_head h on h.prover = p.prover
                        order by p.registered_at, p.prover
                        """);
                ResultSet row = select.executeQuery()) {
            var provers = new ArrayList<Prover>();
            while (row.next()) {
                provers.add(new Prover(
                        Bytes.of(row.getBytes(1)), row.getString(2), instant(row, 3), instant(row, 4), row.getLong(5)));
            }
            return provers;
        }
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** Of those that may speak and have begun a log, who was admitted first: scores are made from its log. */
    public static Optional<Bytes> lead(Connection db) throws SQLException {
        try (var select = db.prepareStatement("""
                        select p.prover from prover p join log_head h on h.prover = p.prover
                        where p.admitted_at is not null and p.revoked_at is null order by p.admitted_at, p.prover limit 1
                        """);
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(Bytes.of(row.getBytes(1))) : Optional.empty();
        }
    }

    /** A round of a prover that can be held against what others saw. */
    record Comparable(long epoch, long round) {}

    /**
     * The oldest rounds first: those that every admitted vantage has ended or missed, and those that somebody has not
     * ended though we have ended a later one: whoever is that late is not waited for.
     */
    static List<Comparable> uncompared(Connection db, Bytes prover) throws SQLException {
        try (var select = db.prepareStatement("""
                select r.walrus_epoch, r.round from round r
                where r.prover = ? and r.state = 'done' and not r.compared
                  and (exists (select from round later where later.prover = r.prover and later.state = 'done'
                               and (later.walrus_epoch, later.round) > (r.walrus_epoch, r.round))
                    or not exists (
                      select from prover p join log_head h on h.prover = p.prover
                      where p.admitted_at is not null and p.revoked_at is null and p.prover <> r.prover
                        and not exists (
                          select from round other where other.prover = p.prover and other.walrus_epoch = r.walrus_epoch
                            and other.round = r.round and other.state in ('done', 'missed'))))
                order by 1, 2
                """)) {
            select.setBytes(1, prover.toByteArray());
            var rounds = new ArrayList<Comparable>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rounds.add(new Comparable(row.getLong(1), row.getLong(2)));
                }
            }
            return rounds;
        }
    }

    private record Own(Bytes probeId, SuiAddress nodeId, String depth, String verdict, Instant askedAt, long weight) {}

    /**
     * Holds a round of a log against those of other vantages, and puts into the log what follows.
     *
     * @return nodes about which anything was found
     */
    static Set<SuiAddress> compare(Connection db, AuditLog log, Comparable round) throws SQLException {
        Set<Bytes> admitted = admitted(db);
        var found = new HashSet<SuiAddress>();
        // Who may not speak finds nothing either: its word would stand in the record.
        if (admitted.contains(log.prover()) && admitted.size() > 1) {
            var words = new LinkedHashMap<Own, List<Quorum.Word>>();
            read(db, log.prover(), round, words);
            for (var each : words.entrySet()) {
                List<Quorum.Word> heard = each.getValue().stream()
                        .filter(word -> admitted.contains(word.prover()))
                        .toList();
                Optional<Blame> blame = Quorum.finding(admitted.size(), heard);
                if (blame.isPresent()) {
                    Own own = each.getKey();
                    insert(
                            db,
                            log,
                            new QuorumRecord(
                                    round.epoch(),
                                    round.round(),
                                    own.probeId(),
                                    own.nodeId(),
                                    own.depth(),
                                    own.verdict(),
                                    own.askedAt(),
                                    own.weight(),
                                    admitted.size(),
                                    heard,
                                    blame.get()));
                    found.add(own.nodeId());
                }
            }
        }
        try (var update = db.prepareStatement(
                "update round set compared = true where prover = ? and walrus_epoch = ? and round = ?")) {
            update.setBytes(1, log.prover().toByteArray());
            update.setLong(2, round.epoch());
            update.setLong(3, round.round());
            update.executeUpdate();
        }
        return found;
    }

    private static Set<Bytes> admitted(Connection db) throws SQLException {
        var admitted = new HashSet<Bytes>();
        for (Prover each : list(db)) {
            if (each.admittedAt().isPresent() && each.revokedAt().isEmpty() && each.entries() > 0) {
                admitted.add(each.key());
            }
        }
        return admitted;
    }

    private static void read(Connection db, Bytes prover, Comparable round, Map<Own, List<Quorum.Word>> words)
            throws SQLException {
        try (var select = db.prepareStatement("""
                select own.probe_id, own.node_id, own.depth, own.verdict, own.asked_at,
                  p.prover, p.probe_id, l.hash, p.verdict, p.blame, own.weight
                from probe own
                  join probe p on p.walrus_epoch = own.walrus_epoch and p.round = own.round and p.member = own.member
                    and p.depth = own.depth and p.ordinal = own.ordinal
                  join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                where own.prover = ? and own.walrus_epoch = ? and own.round = ?
                  and own.verdict in ('unreachable', 'wrong-identity') and own.blame = 'NODE_OR_NETWORK'
                order by own.log_sequence, p.prover
                """)) {
            select.setBytes(1, prover.toByteArray());
            select.setLong(2, round.epoch());
            select.setLong(3, round.round());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var own = new Own(
                            Bytes.of(row.getBytes(1)),
                            new SuiAddress(row.getBytes(2)),
                            row.getString(3),
                            row.getString(4),
                            instant(row, 5).orElseThrow(),
                            row.getLong(11));
                    @Nullable String blame = row.getString(10);
                    words.computeIfAbsent(own, _ -> new ArrayList<>())
                            .add(new Quorum.Word(
                                    Bytes.of(row.getBytes(6)),
                                    Bytes.of(row.getBytes(7)),
                                    Bytes.of(row.getBytes(8)),
                                    row.getString(9),
                                    Optional.ofNullable(blame).map(Blame::valueOf)));
                }
            }
        }
    }

    private static void insert(Connection db, AuditLog log, QuorumRecord found) throws SQLException {
        LogEntry entry = log.append(db, LogEntry.Kind.QUORUM, AuditJson.MAPPER.valueToTree(found));
        try (var insert = db.prepareStatement("""
                insert into quorum_finding (prover, log_sequence, probe_id, walrus_epoch, round, node_id, blame, vantages,
                  found_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setBytes(1, log.prover().toByteArray());
            insert.setLong(2, entry.envelope().sequence());
            insert.setBytes(3, found.probeId().toByteArray());
            insert.setLong(4, found.walrusEpoch());
            insert.setLong(5, found.round());
            insert.setBytes(6, found.nodeId().toByteArray());
            insert.setString(7, found.blame().name());
            insert.setInt(8, found.words().size());
            insert.setObject(9, entry.envelope().at().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        Hours.add(db, log.prover(), found);
    }
}
