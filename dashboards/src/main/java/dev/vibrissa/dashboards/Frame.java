package dev.vibrissa.dashboards;

import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What surrounds every page: where one is, what was searched for, and what the page rests on.
 *
 * @param here name of the entry of the rail
 * @param query in the search box
 * @param view what is looked at, as the address says
 * @param travels whether the page can be asked about another moment
 * @param basis answers that the page was made of
 */
public record Frame(String here, String query, View view, boolean travels, List<Answer> basis) {
    private static final int EPOCHS_OFFERED = 3;

    /** A chain that is read this far behind is told to be catching up. */
    private static final long BEHIND_MILLIS = 5_000;

    /** A source that was silent for so long is worth a warning. */
    private static final long STALE_MILLIS = 60_000;

    /** An entry of the rail; {@code key} follows g. */
    public record Entry(String name, String href, String icon, String key) {}

    /** Entries that answer the same kind of question. */
    public record Group(String name, List<Entry> entries) {}

    private static final List<Group> GROUPS = List.of(
            new Group("", List.of(new Entry("Overview", "/", "pulse", "o"))),
            new Group(
                    "Look up",
                    List.of(
                            new Entry("Blobs", "/blobs", "cube", "b"),
                            new Entry("Expiry", "/expiry", "calendar", "e"))),
            new Group(
                    "Verify",
                    List.of(
                            new Entry("Operators", "/operators", "rack", "p"),
                            new Entry("Audits", "/audits", "wave", "a"))),
            new Group(
                    "Decide",
                    List.of(
                            new Entry("Delegate", "/delegate", "scales", "d"),
                            new Entry("Governance", "/governance", "hall", "v"),
                            new Entry("Economics", "/economics", "coin", "c"))),
            new Group(
                    "Trust us less",
                    List.of(
                            new Entry("Status", "/status", "heart", "s"),
                            new Entry("Method", "/method", "flask", "m"))));

    private static final List<String> TABS = List.of("Overview", "Blobs", "Operators", "Delegate");

    public List<Group> groups() {
        return GROUPS;
    }

    /** The entries that a phone shows without asking. */
    public List<Entry> tabs() {
        return all().filter(entry -> TABS.contains(entry.name())).toList();
    }

    /** The others. */
    public List<Entry> more() {
        return all().filter(entry -> !TABS.contains(entry.name())).toList();
    }

    /** An entry of the rail, at the moment that is looked at, where it can be asked about. */
    public String href(Entry entry) {
        return List.of("Blobs", "Status", "Method").contains(entry.name()) ? entry.href() : view.along(entry.href());
    }

    public boolean isHere(Entry entry) {
        return entry.name().equals(here);
    }

    public boolean isMore() {
        return !here.isEmpty() && !TABS.contains(here);
    }

    private static Stream<Entry> all() {
        return GROUPS.stream().flatMap(group -> group.entries().stream());
    }

    /** The answer with the oldest checkpoint: a page is as old as its oldest part. */
    public Answer oldest() {
        return basis.stream()
                .filter(answer -> answer.has("asOf"))
                .min(Comparator.comparingLong(answer -> answer.whole("asOf.checkpoint")))
                .orElseGet(() -> Answer.none(""));
    }

    public boolean isKnown() {
        return oldest().has("asOf");
    }

    /** Named where the chain is no public network. */
    public String label() {
        return oldest().text("asOf.label");
    }

    /** The view as it is now, for ever: whoever is sent this reads the same numbers. */
    public String pinned() {
        return view.address("checkpoint:" + oldest().text("asOf.checkpoint"));
    }

    /** Epochs whose end one may want to see instead, the latest first. */
    public List<Long> epochsBefore() {
        long epoch = oldest().whole("asOf.epoch");
        return LongStream.iterate(epoch - 1, each -> each >= 0 && each >= epoch - EPOCHS_OFFERED, each -> each - 1)
                .boxed()
                .toList();
    }

    /** The view at the end of an epoch. */
    public String atEpoch(long epoch) {
        return view.address("epoch:" + epoch);
    }

    /** The epoch after the one that is looked at; now may be all there is after it. */
    public long epochAfter() {
        return oldest().whole("asOf.epoch") + 1;
    }

    /** Milliseconds since the checkpoint; empty for a view of the past. */
    public String lag() {
        return oldest().text("asOf.lagMillis");
    }

    /** live, behind, stale, past or unchecked: how the freshness of the page looks. */
    public String state() {
        var oldest = oldest();
        if (!oldest.has("asOf.lagMillis")) {
            return "past";
        }
        long lag = oldest.whole("asOf.lagMillis");
        return lag > STALE_MILLIS
                ? "stale"
                : lag > BEHIND_MILLIS
                        ? "behind"
                        : oldest.text("asOf.verified").equals("certificate") ? "live" : "unchecked";
    }

    /** The state in words. */
    public String age() {
        var oldest = oldest();
        long lag = oldest.whole("asOf.lagMillis");
        return switch (state()) {
            case "past" -> "as it was on " + Words.utc(oldest.text("asOf.timestamp")) + " UTC";
            case "stale" -> Words.duration(Long.toString(lag)) + " old, the source is silent";
            case "behind" -> Words.duration(Long.toString(lag)) + " behind, catching up";
            default -> "%.1f s ago".formatted(lag / 1000.0);
        };
    }

    /** How the checkpoint was verified, in words. */
    public String verified() {
        return Words.verified(oldest());
    }
}
