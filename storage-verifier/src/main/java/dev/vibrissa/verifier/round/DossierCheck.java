package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogEntry.Kind;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.evidence.Logged;
import dev.vibrissa.verifier.node.Blame;
import dev.vibrissa.verifier.node.Confirmation;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Said;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draws;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.Seed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds a dossier against itself, as whoever must not trust its maker does: each entry under a signed root, each draw from
 * its seed, each verdict from its answers, and all of it in the order in which it had to be written.
 */
final class DossierCheck {
    private static final Set<String> CONTRADICTED_BY = Set.of("missing", "corrupt");

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }
    }

    /** A round, and where it stands in the prover's log. */
    private record Begun(RoundRecord round, long sequence) {}

    private final Dossier dossier;
    private final Set<Bytes> trusted;
    private final Map<Long, Begun> rounds = new HashMap<>();
    private final Map<Long, ReplayBundle.Placed> blobs = new HashMap<>();
    private final Map<Bytes, LogEntry> probes = new HashMap<>();

    private DossierCheck(Dossier dossier, Set<Bytes> trusted) {
        this.dossier = dossier;
        this.trusted = trusted;
    }

    /** @param trusted keys of provers; empty: anybody's */
    static Dossier.Finding of(Dossier dossier, Set<Bytes> trusted) {
        try {
            new DossierCheck(dossier, trusted).run();
            return new Dossier.Finding.Holds(
                    dossier.failures().size(), dossier.contradictions().size());
        } catch (Broken | LogFormatException | IllegalArgumentException | ArithmeticException e) {
            return new Dossier.Finding.Fails(String.valueOf(e.getMessage()));
        }
    }

    private void run() {
        require(isTrusted(dossier.prover()), "it is the log of %s, which is not trusted", dossier.prover());
        LogEntry published = in(dossier.frame(), Kind.FRAME);
        Frame frame = published.body(Frame.class);
        require(frame.walrusEpoch() == dossier.walrusEpoch(), "the frame is of epoch %d", frame.walrusEpoch());
        long signedAt = LogEntry.parse(dossier.frame().root()).envelope().sequence();
        require(
                published.envelope().sequence() < signedAt,
                "the root at entry %d is not after the frame at %d",
                signedAt,
                published.envelope().sequence());
        for (Logged each : dossier.rounds()) {
            round(frame, signedAt, in(each, Kind.ROUND));
        }
        for (ReplayBundle.Placed each : dossier.blobs()) {
            require(
                    each.isIn(frame),
                    "blob %s is not at %d of the frame",
                    each.blob().blobId(),
                    each.position());
            blobs.put(each.position(), each);
        }
        for (Logged each : dossier.failures()) {
            failure(frame, in(each, Kind.PROBE));
        }
        for (Logged each : dossier.witnesses()) {
            probe(frame, in(each, LogEntry.parse(each.line()).envelope().prover(), Kind.PROBE));
        }
        var found = new HashSet<Bytes>();
        for (Logged each : dossier.quorums()) {
            found.add(quorum(in(each, Kind.QUORUM).body(QuorumRecord.class)));
        }
        for (ProbeRecord each : dossier.failures().stream().map(Dossier::probe).toList()) {
            require(
                    Dossier.blamesNode(each) || found.contains(each.probeId()),
                    "nobody blames the node for probe %s",
                    each.probeId());
        }
        seeds();
        for (ChainCheck.Claim each : dossier.onChain(ChainCheck.builtIn(frame.network()), _ -> Optional.empty())) {
            require(!each.isRefuted(), "the chain does not say that %s: %s", each.claim(), each.detail());
        }
        for (Logged each : dossier.contradictions()) {
            contradiction(frame, in(each, Kind.CONTRADICTION).body(ContradictionRecord.class));
        }
    }

    private boolean isTrusted(Bytes prover) {
        return trusted.isEmpty() || trusted.contains(prover);
    }

    private LogEntry in(Logged logged, Kind kind) {
        return in(logged, dossier.prover(), kind);
    }

    private static LogEntry in(Logged logged, Bytes log, Kind kind) {
        logged.fault(log).ifPresent(fault -> {
            throw new Broken(fault);
        });
        LogEntry entry = LogEntry.parse(logged.line());
        require(
                entry.envelope().kind() == kind,
                "entry %d is a %s where a %s is due",
                entry.envelope().sequence(),
                entry.envelope().kind(),
                kind);
        return entry;
    }

    /** What binds a prover must have been signed before the seed was there for it to see. */
    private void round(Frame frame, long frameSignedAt, LogEntry entry) {
        RoundRecord round = entry.body(RoundRecord.class);
        Replay.faultOf(frame, round).ifPresent(fault -> {
            throw new Broken(fault);
        });
        require(
                frameSignedAt < entry.envelope().sequence(),
                "round %d stands at entry %d, before the root of its frame at %d",
                round.round(),
                entry.envelope().sequence(),
                frameSignedAt);
        require(
                rounds.put(round.round(), new Begun(round, entry.envelope().sequence())) == null,
                "round %d was begun twice",
                round.round());
    }

    private void failure(Frame frame, LogEntry entry) {
        ProbeRecord probe = probe(frame, entry);
        Begun begun = rounds.get(probe.round());
        require(
                begun != null && begun.sequence() < entry.envelope().sequence(),
                "probe %s stands in the log before its round",
                probe.probeId());
    }

    private ProbeRecord probe(Frame frame, LogEntry entry) {
        ProbeRecord probe = entry.body(ProbeRecord.class);
        Begun begun = rounds.get(probe.round());
        ReplayBundle.Placed placed = blobs.get(probe.draw().position());
        if (begun == null || placed == null) {
            throw new Broken("probe %s lacks its round or its blob".formatted(probe.probeId()));
        }
        RoundRecord round = begun.round();
        require(
                probe.draw().member() >= 0
                        && probe.draw().member() < frame.members().size(),
                "probe %s is of member %d of %d",
                probe.probeId(),
                probe.draw().member(),
                frame.members().size());
        require(
                new Draws(frame, new Seed(round.seed()))
                        .of(probe.draw().member(), round.plan())
                        .contains(probe.draw()),
                "probe %s was not drawn",
                probe.probeId());
        require(
                frame.members().get(probe.draw().member()).nodeId().equals(dossier.nodeId())
                        && probe.nodeId().equals(dossier.nodeId()),
                "probe %s is of node %s",
                probe.probeId(),
                probe.nodeId());
        require(
                Dossier.isUnderKeyOf(frame, probe),
                "probe %s was asked under another TLS key than the frame has of the node",
                probe.probeId());
        require(placed.blob().equals(probe.blob()), "probe %s is of another blob", probe.probeId());
        var verdict =
                Method.of(round.methodology()).judge().judge(dossier.nodeId(), probe.answers(), probe.circumstances());
        require(
                verdict.word().equals(probe.verdict())
                        && verdict.blamed().equals(probe.blame())
                        && ProbeRecord.counts(probe.draw(), verdict) == probe.counts(),
                "probe %s is judged %s, and the log says %s",
                probe.probeId(),
                verdict,
                probe.verdict());
        require(
                ProbeRecord.id(entry.envelope().prover(), dossier.walrusEpoch(), round.round(), probe.draw())
                                .equals(probe.probeId())
                        && probe.walrusEpoch() == dossier.walrusEpoch(),
                "%s is not the id of that probe",
                probe.probeId());
        require(probes.put(probe.probeId(), entry) == null, "probe %s is told twice", probe.probeId());
        return probe;
    }

    /** The probe that vantages find the node to blame for together. */
    private Bytes quorum(QuorumRecord found) {
        List<Quorum.Word> counting =
                found.words().stream().filter(each -> isTrusted(each.prover())).toList();
        require(
                found.nodeId().equals(dossier.nodeId())
                        && found.walrusEpoch() == dossier.walrusEpoch()
                        && found.words().size() <= found.admitted()
                        && found.words().stream()
                                        .map(Quorum.Word::prover)
                                        .distinct()
                                        .count()
                                == found.words().size()
                        && blameNode(found.admitted(), found.words()),
                "the words about probe %s do not blame the node",
                found.probeId());
        require(
                blameNode(found.admitted(), counting),
                "of the words about probe %s only %d are of provers that are trusted",
                found.probeId(),
                counting.size());
        Optional<ProbeRecord> own = Optional.ofNullable(probes.get(found.probeId()))
                .map(each -> each.body(ProbeRecord.class))
                .filter(each -> each.round() == found.round());
        for (Quorum.Word word : found.words()) {
            LogEntry entry = probes.get(word.probeId());
            if (entry == null) {
                throw new Broken("probe %s of a quorum is not in the case".formatted(word.probeId()));
            }
            ProbeRecord said = entry.body(ProbeRecord.class);
            require(
                    entry.hash().equals(word.entry())
                            && entry.envelope().prover().equals(word.prover())
                            && said.round() == found.round()
                            && own.map(ProbeRecord::draw).equals(Optional.of(said.draw()))
                            && said.verdict().equals(word.verdict())
                            && said.blame().equals(word.blame()),
                    "probe %s is not what the quorum says of it",
                    word.probeId());
        }
        return found.probeId();
    }

    private static boolean blameNode(int admitted, List<Quorum.Word> words) {
        return Quorum.finding(admitted, words).equals(Optional.of(Blame.NODE));
    }

    /** One for each round, so that none can be left out of what the chain is asked. */
    private void seeds() {
        for (ChainEvidence.Seeding each : dossier.chain().seeds()) {
            Begun begun = rounds.get(each.round());
            require(
                    begun != null
                            && begun.round().seedHeight() == each.checkpoint()
                            && begun.round().seedDigest().equals(each.digest()),
                    "checkpoint %d is not the seed of round %d",
                    each.checkpoint(),
                    each.round());
        }
        Set<Long> seeded = dossier.chain().seeds().stream()
                .map(ChainEvidence.Seeding::round)
                .collect(Collectors.toSet());
        require(
                seeded.equals(rounds.keySet()),
                "there are seeds of rounds %s, and the rounds are %s",
                seeded,
                rounds.keySet());
    }

    /** Whether the node's own failure stands against its own word: nobody else's, and not its silence. */
    static boolean contradicts(ContradictionRecord found) {
        ProbeRecord failed = found.failed();
        // During an epoch change the shard's next owner may have been asked, too.
        Optional<Answer> last = failed.answers().stream()
                .filter(each -> each.nodeId().equals(found.nodeId()))
                .reduce((_, later) -> later);
        return failed.draw().depth() != Depth.CLAIM
                && CONTRADICTED_BY.contains(failed.verdict())
                && Dossier.blamesNode(failed)
                && last.filter(Answer::pinned).isPresent()
                && failed.nodeId().equals(found.nodeId())
                && found.claim().nodeId().equals(found.nodeId())
                && found.claim().said() == Said.PROVEN;
    }

    private void contradiction(Frame frame, ContradictionRecord found) {
        require(
                found.nodeId().equals(dossier.nodeId()) && found.walrusEpoch() == dossier.walrusEpoch(),
                "a contradiction of node %s in epoch %d",
                found.nodeId(),
                found.walrusEpoch());
        require(
                frame.members().stream()
                        .anyMatch(each -> each.nodeId().equals(dossier.nodeId())
                                && each.signingKey().equals(found.signingKey())),
                "%s is not the node's key in the frame",
                found.signingKey());
        var statement =
                found.claim().statement().orElseThrow(() -> new Broken("a contradiction without the node's statement"));
        Confirmation.faultOf(
                        statement.message(),
                        statement.signature(),
                        new KeyBytes(found.signingKey().toByteArray()),
                        dossier.walrusEpoch(),
                        found.blobId())
                .ifPresent(fault -> {
                    throw new Broken("the node's statement about %s: %s".formatted(found.blobId(), fault));
                });
        require(
                found.failed().blob().blobId().equals(found.blobId())
                        && dossier.failures().stream().map(Dossier::probe).anyMatch(found.failed()::equals),
                "the failed probe of a contradiction is none of the failures: %s",
                found.failed().probeId());
        require(
                contradicts(found),
                "probe %s, %s by %s, does not contradict what the node signed",
                found.failed().probeId(),
                found.failed().verdict(),
                found.failed().blame());
    }

    private static void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            throw new Broken(otherwise.formatted(values));
        }
    }
}
