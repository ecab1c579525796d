package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameMember;
import dev.vibrissa.verifier.score.Basis;
import dev.vibrissa.verifier.score.NodeHour;
import dev.vibrissa.verifier.score.NodeScore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scores made from the lines of a log alone, by whoever does not trust our database. */
public final class LogScores {
    private Optional<LogEntry.Envelope> last = Optional.empty();
    private Optional<Frame> frame = Optional.empty();
    private Optional<RoundRecord> round = Optional.empty();
    private Optional<Frame> drawnFrom = Optional.empty();

    private LogScores() {}

    /**
     * The scores at the end of the lines, as of the last round in them: of each member that was drawn from then, and of
     * whoever was ever asked.
     *
     * @param lines from the first entry on; whether links and signatures hold is for
     *     {@link dev.vibrissa.verifier.evidence.LogCheck} to say
     * @throws LogFormatException if they are not the entries of one log without a gap
     */
    public static List<NodeScore> of(Stream<String> lines) {
        var seen = new LogScores();
        Map<String, NodeHour> hours = Hours.ofLog(lines.peek(each -> seen.see(LogEntry.parse(each))));
        if (seen.last.isEmpty() || seen.round.isEmpty()) {
            return List.of();
        }
        LogEntry.Envelope end = seen.last.get();
        RoundRecord latest = seen.round.get();
        var basis = new Basis(end.at(), end.prover(), end.sequence() + 1);
        Map<String, List<NodeHour>> byNode = new TreeMap<>(hours.values().stream()
                .collect(Collectors.groupingBy(each -> each.nodeId().toString())));
        seen.drawnFrom.stream()
                .flatMap(each -> each.members().stream())
                .map(FrameMember::nodeId)
                .forEach(each -> byNode.putIfAbsent(each.toString(), List.of()));
        return byNode.entrySet().stream()
                .flatMap(each -> Hours.scores(
                        each.getValue(),
                        SuiAddress.parse(each.getKey()),
                        latest.methodology(),
                        latest.walrusEpoch(),
                        basis)
                        .stream())
                .toList();
    }

    private void see(LogEntry entry) {
        LogEntry.Envelope envelope = entry.envelope();
        long due = last.map(each -> each.sequence() + 1).orElse(0L);
        Bytes prover = last.map(LogEntry.Envelope::prover).orElse(envelope.prover());
        if (envelope.sequence() != due || !envelope.prover().equals(prover)) {
            throw new LogFormatException("entry %d of %s stands where entry %d of %s is due"
                    .formatted(envelope.sequence(), envelope.prover(), due, prover));
        }
        last = Optional.of(envelope);
        switch (envelope.kind()) {
            case FRAME -> frame = Optional.of(entry.body(Frame.class));
            case ROUND -> {
                round = Optional.of(entry.body(RoundRecord.class));
                drawnFrom = frame;
            }
            case BEGIN, PROBE, OUTAGE, QUORUM, CONTRADICTION, MAINTENANCE, ROOT -> {}
        }
    }
}
