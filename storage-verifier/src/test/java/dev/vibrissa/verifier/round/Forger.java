package dev.vibrissa.verifier.round;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.Logged;
import dev.vibrissa.verifier.sample.Frame;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A prover that writes and signs its case once more, with other things in it than there were: it has the key. */
final class Forger {
    private final Connection db;
    private final AuditLog log;
    private final List<Long> frames = new ArrayList<>();
    private final List<Long> rounds = new ArrayList<>();
    private final List<Long> probes = new ArrayList<>();

    UnaryOperator<Frame> frame = UnaryOperator.identity();
    UnaryOperator<RoundRecord> round = UnaryOperator.identity();
    UnaryOperator<ProbeRecord> probe = UnaryOperator.identity();
    UnaryOperator<QuorumRecord> quorum = UnaryOperator.identity();
    UnaryOperator<ContradictionRecord> contradiction = UnaryOperator.identity();
    boolean roundBeforeFrame;
    boolean probesBeforeRound;

    Forger(Connection db, AuditLog log) {
        this.db = db;
        this.log = log;
    }

    private LogEntry write(LogEntry.Kind kind, Object body) throws SQLException {
        return log.append(db, kind, AuditJson.MAPPER.<JsonNode>valueToTree(body));
    }

    private static <T> T body(Logged logged, Class<T> type) {
        return LogEntry.parse(logged.line()).body(type);
    }

    private void writeRounds(Dossier of) throws SQLException {
        for (Logged each : of.rounds()) {
            rounds.add(write(LogEntry.Kind.ROUND, round.apply(body(each, RoundRecord.class)))
                    .envelope()
                    .sequence());
        }
    }

    private Map<Bytes, Bytes> writeProbes(Dossier of) throws SQLException {
        var hashes = new HashMap<Bytes, Bytes>();
        for (Logged each : of.failures()) {
            ProbeRecord written = body(each, ProbeRecord.class);
            LogEntry entry = write(LogEntry.Kind.PROBE, probe.apply(written));
            probes.add(entry.envelope().sequence());
            hashes.put(written.probeId(), entry.hash());
        }
        return hashes;
    }

    Dossier again(Dossier of) throws SQLException {
        if (roundBeforeFrame) {
            writeRounds(of);
        }
        frames.add(write(LogEntry.Kind.FRAME, frame.apply(body(of.frame(), Frame.class)))
                .envelope()
                .sequence());
        log.sign(db);
        Map<Bytes, Bytes> hashes = new HashMap<>();
        if (probesBeforeRound) {
            hashes.putAll(writeProbes(of));
        }
        if (!roundBeforeFrame) {
            writeRounds(of);
        }
        if (!probesBeforeRound) {
            hashes.putAll(writeProbes(of));
        }
        var quorums = new ArrayList<Long>();
        for (Logged each : of.quorums()) {
            QuorumRecord found = body(each, QuorumRecord.class);
            quorums.add(write(LogEntry.Kind.QUORUM, quorum.apply(naming(found, hashes)))
                    .envelope()
                    .sequence());
        }
        var contradictions = new ArrayList<Long>();
        for (Logged each : of.contradictions()) {
            contradictions.add(
                    write(LogEntry.Kind.CONTRADICTION, contradiction.apply(body(each, ContradictionRecord.class)))
                            .envelope()
                            .sequence());
        }
        log.sign(db);
        return new Dossier(
                of.version(),
                of.prover(),
                of.nodeId(),
                of.walrusEpoch(),
                of.madeAt(),
                of.unsealed(),
                of.otherKey(),
                logged(frames).getFirst(),
                logged(rounds),
                logged(probes),
                logged(quorums),
                of.witnesses(),
                logged(contradictions),
                of.blobs(),
                of.score(),
                of.chain());
    }

    private List<Logged> logged(List<Long> sequences) throws SQLException {
        return Logged.of(db, log.prover(), sequences);
    }

    private static QuorumRecord naming(QuorumRecord found, Map<Bytes, Bytes> hashes) {
        return with(
                found,
                found.admitted(),
                found.words().stream()
                        .map(each -> new Quorum.Word(
                                each.prover(),
                                each.probeId(),
                                hashes.getOrDefault(each.probeId(), each.entry()),
                                each.verdict(),
                                each.blame()))
                        .toList());
    }

    static QuorumRecord with(QuorumRecord of, int admitted, List<Quorum.Word> words) {
        return new QuorumRecord(
                of.walrusEpoch(),
                of.round(),
                of.probeId(),
                of.nodeId(),
                of.depth(),
                of.verdict(),
                of.askedAt(),
                of.weight(),
                admitted,
                words,
                of.blame());
    }
}
