package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.Bytes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line of a log with the proof that it stands there: the line of the signed root above it, and the path to that.
 *
 * @param index of the entry under the root, from 0
 * @param path see {@link HashTree#path}
 */
public record Logged(String line, long index, List<Bytes> path, String root) {
    public Logged {
        path = List.copyOf(path);
    }

    /** Empty while no root covers the entry. */
    public static Optional<Logged> of(Connection db, Bytes prover, long sequence) throws SQLException {
        return of(db, prover, List.of(sequence)).stream().findFirst();
    }

    /**
     * The same of many, reading what is under a root once; those that no root covers yet are not among them.
     *
     * @param sequences ascending
     */
    public static List<Logged> of(Connection db, Bytes prover, List<Long> sequences) throws SQLException {
        var found = new ArrayList<Logged>();
        Optional<Sealed> sealed = Optional.empty();
        for (long sequence : sequences) {
            if (sealed.isEmpty() || sequence > sealed.get().root().last()) {
                sealed = rootAbove(db, prover, sequence).map(Sealed::of);
                if (sealed.isEmpty()) {
                    break;
                }
                sealed.get().read(db, prover, sequences);
            }
            found.add(sealed.get().entry(sequence));
        }
        return found;
    }

    /** What is under one root: the leaves of all entries, the lines of those that were asked for. */
    private record Sealed(String line, LogRoot root, List<Bytes> leaves, Map<Long, String> lines) {
        static Sealed of(String line) {
            return new Sealed(line, LogEntry.parse(line).body(LogRoot.class), new ArrayList<>(), new HashMap<>());
        }

        void read(Connection db, Bytes prover, List<Long> wanted) throws SQLException {
            var asked = new HashSet<>(wanted);
            try (var select = db.prepareStatement("""
                    select sequence, line from log_entry where prover = ? and sequence between ? and ? order by sequence
                    """)) {
                select.setBytes(1, prover.toByteArray());
                select.setLong(2, root.first());
                select.setLong(3, root.last());
                select.setFetchSize(1_000);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        leaves.add(LogRoot.leaf(row.getString(2)));
                        if (asked.contains(row.getLong(1))) {
                            lines.put(row.getLong(1), row.getString(2));
                        }
                    }
                }
            }
        }

        Logged entry(long sequence) {
            int index = (int) (sequence - root.first());
            String entry = lines.get(sequence);
            if (entry == null) {
                throw new IllegalStateException("no entry %d of the log".formatted(sequence));
            }
            return new Logged(entry, index, HashTree.path(leaves, index), line);
        }
    }

    private static Optional<String> rootAbove(Connection db, Bytes prover, long sequence) throws SQLException {
        try (var select = db.prepareStatement("""
                select line from log_entry where prover = ? and kind = 'ROOT' and sequence > ? order by sequence limit 1
                """)) {
            select.setBytes(1, prover.toByteArray());
            select.setLong(2, sequence);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** Why the line is not proven to stand in the log of {@code prover}; empty if it is. */
    public Optional<String> fault(Bytes prover) {
        try {
            LogEntry entry = LogEntry.parse(line);
            LogEntry above = LogEntry.parse(root);
            LogRoot signed = above.body(LogRoot.class);
            if (!entry.envelope().prover().equals(prover)) {
                return Optional.of("an entry of %s".formatted(entry.envelope().prover()));
            }
            if (!above.envelope().prover().equals(prover)
                    || LogRoot.signedIn(above).isEmpty()) {
                return Optional.of("the root above entry %d is not signed by %s"
                        .formatted(entry.envelope().sequence(), prover));
            }
            if (entry.envelope().sequence() != signed.first() + index
                    || !HashTree.proves(
                            LogRoot.leaf(line), index, signed.last() - signed.first() + 1, path, signed.root())) {
                return Optional.of("entry %d is not under the root of entries %d to %d"
                        .formatted(entry.envelope().sequence(), signed.first(), signed.last()));
            }
            return Optional.empty();
        } catch (LogFormatException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
