package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds a log against itself, line by line, in constant space. */
public final class LogCheck {
    /** What the check found. */
    public sealed interface Finding {
        /**
         * @param prover whose log it is, as it says itself
         * @param roots signed ones, each true
         * @param unsigned entries at the end that no root covers yet
         */
        record Intact(Bytes prover, long entries, long roots, long unsigned) implements Finding {}

        /** @param line from 1 */
        record Broken(long line, String why) implements Finding {}

        record Empty() implements Finding {}
    }

    private @Nullable Bytes prover;
    private Bytes previous = LogEntry.NO_PREVIOUS;
    private HashTree.Builder sinceRoot = new HashTree.Builder();
    private long sequence;
    private long rootedUpTo;
    private long roots;

    private LogCheck() {}

    /**
     * @param lines from the first entry on
     * @param key that it must be the log of; empty: whoever it says
     */
    public static Finding of(Stream<String> lines, Optional<Bytes> key) {
        var check = new LogCheck();
        var each = lines.iterator();
        while (each.hasNext()) {
            Optional<String> fault = check.next(each.next(), key);
            if (fault.isPresent()) {
                return new Finding.Broken(check.sequence + 1, fault.get());
            }
        }
        Bytes found = check.prover;
        return found == null
                ? new Finding.Empty()
                : new Finding.Intact(found, check.sequence, check.roots, check.sinceRoot.count());
    }

    private Optional<String> next(String line, Optional<Bytes> key) {
        LogEntry entry;
        try {
            entry = LogEntry.parse(line);
        } catch (LogFormatException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        LogEntry.Envelope envelope = entry.envelope();
        Bytes expected = prover == null ? key.orElse(envelope.prover()) : prover;
        if (!envelope.prover().equals(expected)) {
            return Optional.of("an entry of %s in the log of %s".formatted(envelope.prover(), expected));
        }
        if (envelope.sequence() != sequence) {
            return Optional.of("entry %d where %d is due".formatted(envelope.sequence(), sequence));
        }
        if (!envelope.previous().equals(previous)) {
            return Optional.of("the entry before has hash %s, not %s".formatted(previous, envelope.previous()));
        }
        if (envelope.kind() == LogEntry.Kind.ROOT) {
            Optional<String> fault = root(entry, expected);
            if (fault.isPresent()) {
                return fault;
            }
        }
        prover = expected;
        previous = entry.hash();
        sinceRoot.add(LogRoot.leaf(line));
        sequence++;
        return Optional.empty();
    }

    private Optional<String> root(LogEntry entry, Bytes expected) {
        LogRoot root;
        Optional<LogRoot> signed;
        try {
            root = entry.body(LogRoot.class);
            signed = LogRoot.signedIn(entry);
        } catch (LogFormatException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (root.first() != rootedUpTo || root.last() != sequence - 1) {
            return Optional.of("a root of entries %d to %d where %d to %d are due"
                    .formatted(root.first(), root.last(), rootedUpTo, sequence - 1));
        }
        if (!root.root().equals(sinceRoot.root())) {
            return Optional.of("entries %d to %d have root %s, not %s"
                    .formatted(root.first(), root.last(), sinceRoot.root(), root.root()));
        }
        if (signed.isEmpty()) {
            return Optional.of(
                    "the root of entries %d to %d is not signed by %s".formatted(root.first(), root.last(), expected));
        }
        roots++;
        rootedUpTo = sequence;
        sinceRoot = new HashTree.Builder();
        return Optional.empty();
    }
}
