package dev.vibrissa.devnet;

import dev.vibrissa.devnet.node.Fault;
import dev.vibrissa.devnet.rpc.StreamFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What goes wrong and when, counted in the chain's own time from its first checkpoint.
 *
 * <p>As a text, one entry a line, {@code #} begins a comment:
 *
 * <pre>
 * node 3  from 0s           losing 30%
 * node 5  from 4m to 5m     down
 * stream  at 2m             gap
 * chain   at 10m            upgrade
 * </pre>
 *
 * <p>Nodes count from 0. Faults of nodes: {@code down}, {@code flapping PERIOD}, {@code wrong-key}, {@code slow DELAY},
 * {@code dripping BYTES} (per second), {@code overloaded}, {@code blocking}, {@code losing PERCENT}, {@code corrupt
 * PERCENT}, {@code foreign pair|blob}, {@code lying}. Of the stream of checkpoints: {@code stall TIME}, {@code
 * disconnect}, {@code duplicate}, {@code gap}, {@code reorder}, {@code oversized BYTES}, {@code damaged-certificate}, each
 * once; {@code unavailable} from one time to another. Of the chain: {@code upgrade}, to a contract that emits an event
 * nobody knows.
 */
public record FaultScript(List<Entry> entries) {
    public static final FaultScript NONE = new FaultScript(List.of());

    public FaultScript {
        entries = List.copyOf(entries);
    }

    /** One fault, with the time it begins. */
    public sealed interface Entry {
        Duration from();

        /** @param to empty: for ever */
        record OfNode(int node, Duration from, Optional<Duration> to, Fault fault) implements Entry {}

        /** Down for the second half of each period, by the chain's clock. */
        record Flapping(int node, Duration from, Optional<Duration> to, Duration period) implements Entry {
            public Flapping {
                if (period.toMillis() < 2) {
                    throw new IllegalArgumentException("%s has no halves of a millisecond".formatted(period));
                }
            }

            private boolean isDown(Duration time) {
                return holds(from, to, time)
                        && time.minus(from).toMillis() % period.toMillis() >= period.toMillis() / 2;
            }
        }

        /** With the first checkpoint that is sent at this time or later. */
        record OfStream(Duration from, StreamFault fault) implements Entry {}

        record Unavailable(Duration from, Duration to) implements Entry {}

        record Upgrade(Duration from) implements Entry {}
    }

    /** Two bad nodes: one loses slivers and confirms them, the other is slow. */
    public static FaultScript usual() {
        return parse("""
                node 3  from 0s  losing 30%
                node 3  from 0s  lying
                node 7  from 0s  slow 4s
                """);
    }

    /**
     * @throws IllegalArgumentException with the number of the line that cannot be understood, and why
     */
    public static FaultScript parse(String text) {
        var entries = new ArrayList<Entry>();
        var lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                try {
                    entries.add(new Line(List.of(line.split("\\s+"))).entry(i));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line %d, '%s': %s".formatted(i + 1, line, e.getMessage()), e);
                }
            }
        }
        return new FaultScript(entries);
    }

    /** The faults of one node at {@code time}, in the order of the script. */
    Set<Fault> ofNode(int node, Duration time) {
        var faults = new LinkedHashSet<Fault>();
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.OfNode each
                when each.node == node && holds(each.from, each.to, time) -> faults.add(each.fault);
                case Entry.Flapping each when each.node == node && each.isDown(time) -> faults.add(new Fault.Down());
                case Entry.OfNode _, Entry.Flapping _, Entry.OfStream _, Entry.Unavailable _, Entry.Upgrade _ -> {}
            }
        }
        return faults;
    }

    boolean isUnavailable(Duration time) {
        return entries.stream()
                .anyMatch(each ->
                        each instanceof Entry.Unavailable(var from, var to) && holds(from, Optional.of(to), time));
    }

    private static boolean holds(Duration from, Optional<Duration> to, Duration time) {
        return time.compareTo(from) >= 0
                && to.filter(end -> time.compareTo(end) >= 0).isEmpty();
    }

    private static final class Line {
        private final List<String> words;
        private int next;

        Line(List<String> words) {
            this.words = words;
        }

        Entry entry(long seed) {
            String who = word("node, stream or chain");
            Entry entry = switch (who) {
                case "node" -> {
                    int node = whole("the number of a node");
                    var span = span();
                    String what = word("a fault");
                    yield what.equals("flapping")
                            ? new Entry.Flapping(node, span.from, span.to, time())
                            : new Entry.OfNode(node, span.from, span.to, ofNode(what, seed));
                }
                case "stream" -> stream();
                case "chain" -> {
                    var span = span();
                    expect("upgrade");
                    yield new Entry.Upgrade(span.from);
                }
                default -> throw new IllegalArgumentException("'%s' is not node, stream or chain".formatted(who));
            };
            if (next < words.size()) {
                throw new IllegalArgumentException("'%s' is too much".formatted(words.get(next)));
            }
            return entry;
        }

        private Entry stream() {
            var span = span();
            String what = word("a fault");
            if (what.equals("unavailable")) {
                return new Entry.Unavailable(
                        span.from,
                        span.to.orElseThrow(
                                () -> new IllegalArgumentException("unavailable from when to when is needed")));
            }
            return new Entry.OfStream(
                    span.from,
                    switch (what) {
                        case "stall" -> new StreamFault.Stall(time());
                        case "disconnect" -> new StreamFault.Disconnect();
                        case "duplicate" -> new StreamFault.Duplicate();
                        case "gap" -> new StreamFault.Gap();
                        case "reorder" -> new StreamFault.Reorder();
                        case "oversized" -> new StreamFault.Oversized(whole("a number of bytes"));
                        case "damaged-certificate" -> new StreamFault.DamagedCertificate();
                        default -> throw new IllegalArgumentException("the stream has no fault '%s'".formatted(what));
                    });
        }

        /** @param seed sets the losses of one line apart from those of another */
        private Fault ofNode(String what, long seed) {
            return switch (what) {
                case "down" -> new Fault.Down();
                case "wrong-key" -> new Fault.WrongKey();
                case "slow" -> new Fault.Slow(time());
                case "dripping" -> new Fault.Dripping(whole("bytes per second"));
                case "overloaded" -> new Fault.Overloaded();
                case "blocking" -> new Fault.Blocking();
                case "losing" -> new Fault.LosingSlivers(part(), seed);
                case "corrupt" -> new Fault.Corrupt(part(), seed);
                case "foreign" -> {
                    String from = word("pair or blob");
                    yield new Fault.Foreign(
                            switch (from) {
                                case "pair" -> Fault.Foreign.From.ANOTHER_PAIR;
                                case "blob" -> Fault.Foreign.From.ANOTHER_BLOB;
                                default ->
                                    throw new IllegalArgumentException("'%s' is not pair or blob".formatted(from));
                            });
                }
                case "lying" -> new Fault.LyingConfirmations();
                default -> throw new IllegalArgumentException("a node has no fault '%s'".formatted(what));
            };
        }

        private record Span(Duration from, Optional<Duration> to) {}

        private Span span() {
            String word = word("from or at");
            if (!word.equals("from") && !word.equals("at")) {
                throw new IllegalArgumentException("'%s' is not from or at".formatted(word));
            }
            var from = time();
            if (next < words.size() && words.get(next).equals("to")) {
                next++;
                var to = time();
                if (to.compareTo(from) <= 0) {
                    throw new IllegalArgumentException("it ends before it begins");
                }
                return new Span(from, Optional.of(to));
            }
            return new Span(from, Optional.empty());
        }

        private Duration time() {
            return DurationText.parse(word("a time such as 90s"));
        }

        private double part() {
            String text = word("a part such as 30%");
            try {
                if (text.endsWith("%")) {
                    return Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
                }
            } catch (NumberFormatException _) {
                // Said below.
            }
            throw new IllegalArgumentException("'%s' is no part such as 30%%".formatted(text));
        }

        private int whole(String what) {
            String text = word(what);
            try {
                return Integer.parseUnsignedInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'%s' is not %s".formatted(text, what), e);
            }
        }

        private void expect(String word) {
            String found = word(word);
            if (!found.equals(word)) {
                throw new IllegalArgumentException("'%s' is not %s".formatted(found, word));
            }
        }

        private String word(String what) {
            if (next == words.size()) {
                throw new IllegalArgumentException("%s is missing".formatted(what));
            }
            return words.get(next++).toLowerCase(Locale.ROOT);
        }
    }
}
