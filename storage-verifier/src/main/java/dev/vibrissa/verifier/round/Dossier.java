package dev.vibrissa.verifier.round;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.evidence.Logged;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.Blame;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.score.NodeScore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a voter needs to check the case against a node in one epoch, without us: what was to be asked and why, what came
 * back, what the node signed, each where it stands in a signed log.
 *
 * @param version of this format: 1
 * @param prover whose log it is from, Ed25519
 * @param unsealed entries of this case that no signed root covers yet, and that are therefore not in it
 * @param otherKey failures that are not in it, for the node was asked under another TLS key than the frame's: it changed
 *     its key in the epoch, and what is proven here of the chain names only one
 * @param frame the entry that was published before the seeds
 * @param rounds those in which the node failed
 * @param failures probes that blame the node, by themselves or by a quorum
 * @param quorums what several vantages found of those that were not answered
 * @param witnesses the other vantages' probes that this rests on, from their own logs
 * @param contradictions where the node's own signature stands against it
 * @param blobs those of the failures, with their paths to the frame's root
 * @param score of the epoch: how much was asked, and how much of it was served
 * @param chain what does not rest on our word
 */
public record Dossier(
        int version,
        Bytes prover,
        SuiAddress nodeId,
        long walrusEpoch,
        Instant madeAt,
        long unsealed,
        long otherKey,
        Logged frame,
        List<Logged> rounds,
        List<Logged> failures,
        List<Logged> quorums,
        List<Logged> witnesses,
        List<Logged> contradictions,
        List<ReplayBundle.Placed> blobs,
        Optional<NodeScore> score,
        ChainEvidence chain) {
    /** What the check found. */
    public sealed interface Finding {
        /** Everything in it holds. */
        record Holds(int failures, int contradictions) implements Finding {}

        record Fails(String why) implements Finding {}
    }

    private static final int VERSION = 1;
    private static final String DIGEST = "digest";

    public Dossier {
        rounds = List.copyOf(rounds);
        failures = List.copyOf(failures);
        quorums = List.copyOf(quorums);
        witnesses = List.copyOf(witnesses);
        contradictions = List.copyOf(contradictions);
        blobs = List.copyOf(blobs);
        if (version != VERSION) {
            throw new IllegalArgumentException("a dossier of version %d, and known is %d".formatted(version, VERSION));
        }
    }

    /**
     * Collects the case. Entries must be under a signed root to be of use: sign first.
     *
     * @throws NoSuchElementException if there is no frame of the epoch in the prover's log, or no root above it
     */
    public static Dossier of(Connection db, Bytes prover, SuiAddress node, long epoch, Instant now)
            throws SQLException {
        var unsealed = new long[1];
        List<Logged> frames = logged(db, prover, unsealed, """
                select log_sequence from frame_vantage where prover = ? and walrus_epoch = ?
                """, epoch);
        if (frames.isEmpty()) {
            throw new NoSuchElementException("no frame of epoch %d under a signed root".formatted(epoch));
        }
        Frame frame = LogEntry.parse(frames.getFirst().line()).body(Frame.class);
        List<Logged> witnesses = witnesses(db, prover, node, epoch, unsealed).stream()
                .filter(each -> isUnderKeyOf(frame, probe(each)))
                .toList();
        Set<Bytes> heard = witnesses.stream().map(each -> probe(each).probeId()).collect(Collectors.toSet());
        List<Logged> words = logged(db, prover, unsealed, """
                        select log_sequence from quorum_finding
                        where prover = ? and walrus_epoch = ? and node_id = ? and blame = 'NODE' order by log_sequence
                        """, epoch, node).stream()
                // One that rests on a word under no root yet is not in the case yet either.
                .filter(each -> quorum(each).words().stream()
                        .allMatch(word -> word.prover().equals(prover) || heard.contains(word.probeId())))
                .toList();
        Set<Bytes> found = words.stream().map(each -> quorum(each).probeId()).collect(Collectors.toSet());
        List<Logged> blaming = logged(db, prover, unsealed, """
                        select log_sequence from probe p
                        where prover = ? and walrus_epoch = ? and node_id = ?
                          and (blame = 'NODE' or exists (
                            select from quorum_finding q where q.probe_id = p.probe_id and q.blame = 'NODE'))
                        order by log_sequence
                        """, epoch, node).stream()
                .filter(each ->
                        blamesNode(probe(each)) || found.contains(probe(each).probeId()))
                .toList();
        List<Logged> failures = blaming.stream()
                .filter(each -> isUnderKeyOf(frame, probe(each)))
                .toList();
        Set<Bytes> failed = failures.stream().map(each -> probe(each).probeId()).collect(Collectors.toSet());
        List<Logged> quorums = words.stream()
                .filter(each -> failed.contains(quorum(each).probeId()))
                .toList();
        Set<Long> failedIn = failures.stream().map(each -> probe(each).round()).collect(Collectors.toSet());
        List<Logged> rounds = logged(db, prover, unsealed, """
                        select log_sequence from round
                        where prover = ? and walrus_epoch = ? and state <> 'missed' order by log_sequence
                        """, epoch).stream()
                .filter(each -> failedIn.contains(round(each).round()))
                .toList();
        var positions = failures.stream()
                .map(each -> probe(each).draw().position())
                .distinct()
                .toList();
        return new Dossier(
                VERSION,
                prover,
                node,
                epoch,
                now,
                unsealed[0],
                blaming.size() - failures.size(),
                frames.getFirst(),
                rounds,
                failures,
                quorums,
                witnesses,
                logged(db, prover, unsealed, """
                        select log_sequence from contradiction
                        where prover = ? and walrus_epoch = ? and node_id = ? order by log_sequence
                        """, epoch, node).stream()
                        .filter(each -> isContradiction(each, failed))
                        .toList(),
                ReplayBundle.placed(db, epoch, positions),
                Hours.scores(db, prover, node, frame.methodology(), epoch, now).stream()
                        .filter(each -> each.window().equals("epoch"))
                        .findFirst(),
                ChainEvidence.of(
                        db, frame, node, rounds.stream().map(Dossier::round).toList()));
    }

    /** What other vantages saw of draws that a quorum blames the node for, each from its own log. */
    private static List<Logged> witnesses(Connection db, Bytes prover, SuiAddress node, long epoch, long[] unsealed)
            throws SQLException {
        var witnesses = new ArrayList<Logged>();
        for (Vantages.Prover other : Vantages.list(db)) {
            if (!other.key().equals(prover)) {
                witnesses.addAll(logged(db, other.key(), unsealed, """
                        select w.log_sequence from probe w
                          join probe own on own.walrus_epoch = w.walrus_epoch and own.round = w.round
                            and own.member = w.member and own.depth = w.depth and own.ordinal = w.ordinal
                          join quorum_finding q on q.probe_id = own.probe_id and q.blame = 'NODE'
                        where w.prover = ? and w.walrus_epoch = ? and w.node_id = ? and own.prover = ?
                        order by w.log_sequence
                        """, epoch, node, prover));
            }
        }
        return witnesses;
    }

    private static boolean isContradiction(Logged logged, Set<Bytes> failed) {
        ContradictionRecord found = LogEntry.parse(logged.line()).body(ContradictionRecord.class);
        return DossierCheck.contradicts(found) && failed.contains(found.failed().probeId());
    }

    /** Whether all that the node answered came, or had to come, under the TLS key that the frame has of it. */
    static boolean isUnderKeyOf(Frame frame, ProbeRecord probe) {
        return frame.members().stream()
                .filter(each -> each.nodeId().equals(probe.nodeId()))
                .anyMatch(member -> probe.answers().stream()
                        .filter(each -> each.nodeId().equals(probe.nodeId()))
                        .allMatch(each -> each.key().equals(Optional.of(member.networkKey()))));
    }

    static boolean blamesNode(ProbeRecord probe) {
        return probe.blame().equals(Optional.of(Blame.NODE));
    }

    static ProbeRecord probe(Logged logged) {
        return LogEntry.parse(logged.line()).body(ProbeRecord.class);
    }

    private static RoundRecord round(Logged logged) {
        return LogEntry.parse(logged.line()).body(RoundRecord.class);
    }

    private static QuorumRecord quorum(Logged logged) {
        return LogEntry.parse(logged.line()).body(QuorumRecord.class);
    }

    private static List<Logged> logged(Connection db, Bytes prover, long[] unsealed, String sql, Object... values)
            throws SQLException {
        try (var select = db.prepareStatement(sql)) {
            select.setBytes(1, prover.toByteArray());
            for (int i = 0; i < values.length; i++) {
                select.setObject(
                        i + 2,
                        switch (values[i]) {
                            case SuiAddress address -> address.toByteArray();
                            case Bytes bytes -> bytes.toByteArray();
                            default -> values[i];
                        });
            }
            var sequences = new ArrayList<Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sequences.add(row.getLong(1));
                }
            }
            List<Logged> found = Logged.of(db, prover, sequences);
            unsealed[0] += sequences.size() - found.size();
            return found;
        }
    }

    /** Keeps the case against every member that has failed in the epoch, as it stands in the signed part of the log. */
    static void store(Connection db, Bytes prover, long epoch, Instant now) throws SQLException {
        var nodes = new ArrayList<SuiAddress>();
        try (var select = db.prepareStatement("""
                select node_id from probe where prover = ? and walrus_epoch = ? and blame = 'NODE'
                union select node_id from quorum_finding where prover = ? and walrus_epoch = ? and blame = 'NODE'
                """)) {
            select.setBytes(1, prover.toByteArray());
            select.setLong(2, epoch);
            select.setBytes(3, prover.toByteArray());
            select.setLong(4, epoch);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    nodes.add(new SuiAddress(row.getBytes(1)));
                }
            }
        }
        for (SuiAddress node : nodes) {
            of(db, prover, node, epoch, now).store(db);
        }
    }

    private void store(Connection db) throws SQLException {
        try (var insert = db.prepareStatement("""
                insert into dossier (node_id, walrus_epoch, prover, made_at, failures, contradictions, record)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (node_id, walrus_epoch, prover) do update set made_at = excluded.made_at,
                  failures = excluded.failures, contradictions = excluded.contradictions, record = excluded.record
                """)) {
            insert.setBytes(1, nodeId.toByteArray());
            insert.setLong(2, walrusEpoch);
            insert.setBytes(3, prover.toByteArray());
            insert.setObject(4, madeAt.atOffset(ZoneOffset.UTC));
            insert.setInt(5, failures.size());
            insert.setInt(6, contradictions.size());
            insert.setString(7, toFile());
            insert.executeUpdate();
        }
    }

    /** One line of JSON; its last component is the SHA-256 of the line without it, so that no byte changes unseen. */
    public String toFile() {
        ObjectNode tree = AuditJson.MAPPER.valueToTree(this);
        tree.put(DIGEST, digest(tree));
        return AuditJson.text(tree);
    }

    /**
     * Reads what {@link #toFile} has made.
     *
     * @throws LogFormatException if it is none, or not as it was made
     */
    public static Dossier parse(String file) {
        try {
            if (!(AuditJson.MAPPER.readTree(file) instanceof ObjectNode tree)
                    || !(tree.remove(DIGEST) instanceof TextNode said)) {
                throw new LogFormatException("no dossier with its digest");
            }
            if (!said.textValue().equals(digest(tree))) {
                throw new LogFormatException(
                        "the digest of the dossier is %s, and it says %s".formatted(digest(tree), said.textValue()));
            }
            return AuditJson.MAPPER.treeToValue(tree, Dossier.class);
        } catch (JsonProcessingException e) {
            throw new LogFormatException(e.getOriginalMessage());
        }
    }

    private static String digest(ObjectNode tree) {
        return Sha256.of(AuditJson.text(tree).getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Whose words are in it: the prover first, then those of other vantages. */
    public Set<Bytes> provers() {
        var provers = new LinkedHashSet<Bytes>();
        provers.add(prover);
        witnesses.forEach(
                each -> provers.add(LogEntry.parse(each.line()).envelope().prover()));
        return provers;
    }

    /** Name of the network that it is about. */
    public String network() {
        return framed().network();
    }

    private Frame framed() {
        return LogEntry.parse(frame.line()).body(Frame.class);
    }

    /**
     * Holds what the chain says of the case against the committees that one trusts. Of use after {@link #check}.
     *
     * @param where Walrus lives on the {@link #network} of the dossier; empty: only consistent is what anybody says of it
     * @param trusted Sui committees by epoch
     */
    public List<ChainCheck.Claim> onChain(Optional<WalrusNetwork> where, Function<Long, Optional<Committee>> trusted) {
        return ChainCheck.of(chain, framed(), nodeId, where, trusted);
    }

    /** Holds everything in it against everything else in it, trusting nobody. */
    public Finding check() {
        return check(Set.of());
    }

    /**
     * Holds everything in it against everything else in it.
     *
     * @param trusted Ed25519 keys of provers: the log must be one's of them, and the words of others do not count; empty:
     *     anybody's do
     */
    public Finding check(Set<Bytes> trusted) {
        return DossierCheck.of(this, trusted);
    }
}
