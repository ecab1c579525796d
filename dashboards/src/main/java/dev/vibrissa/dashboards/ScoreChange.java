package dev.vibrissa.dashboards;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Why a score is not what it was. The bound that ranks is made of two counts, served and failed; each kind of probe adds to one
 * of them, so that what it gained or lost between two scores is what it moved, and all of them together moved the whole.
 *
 * @param since what the score is compared with: best, day or epoch
 * @param before an earlier score; without fields where there is none
 * @param now the last one; without fields where there is none
 * @param parts of both scores, those that moved it most first
 * @param points how far the bound moved, in hundredths of its range; 0 where there is no bound
 */
public record ScoreChange(String since, Answer before, Answer now, List<Part> parts, double points) {
    /** What one can compare with; the first is what people ask for. */
    static final List<String> SINCE = List.of("best", "day", "epoch");

    /** Less than what is shown of it. */
    private static final double NOTHING = 0.005;

    private static final String BY_QUORUM = "-by-quorum";

    /**
     * Probes of one kind.
     *
     * @param verdict as probes have it, and {@code byQuorum} where several vantages found it together
     * @param blame empty: all is well
     * @param scored whether they are in the bound
     * @param points that they moved it by
     * @param all their list, of any time
     * @param changed the list of those that came in between, or where they became fewer, of those that were there before
     */
    public record Part(
            String depth,
            String verdict,
            boolean byQuorum,
            String blame,
            boolean scored,
            long before,
            long now,
            double points,
            String all,
            String changed) {
        public long change() {
            return now - before;
        }

        /** With its sign; 0 for none. */
        public String changeInWords() {
            return change() == 0 ? "0" : Words.signed(Long.toString(change()));
        }

        public String pointsInWords() {
            return Words.points(points);
        }

        boolean failed() {
            return !blame.isEmpty();
        }

        private String inWords() {
            return "%s %s %s, %s%s%s"
                    .formatted(
                            Words.grouped(Long.toString(Math.abs(change()))),
                            change() > 0 ? "more" : "fewer",
                            depth.toLowerCase(Locale.ROOT) + (Math.abs(change()) == 1 ? "" : "s"),
                            verdict,
                            byQuorum ? ", as a quorum found" : "",
                            failed() ? " (blame: %s)".formatted(Words.blame(blame)) : "");
        }
    }

    private record Kind(String depth, String verdict, String blame, boolean scored) {
        static Kind of(Answer verdict) {
            return new Kind(
                    verdict.text("depth"), verdict.text("verdict"), verdict.text("blame"), verdict.has("scored"));
        }
    }

    /**
     * The change of a score since the one that is asked for.
     *
     * @param history an operator's scores of one window, the newest first
     * @param since one of {@link #SINCE}
     */
    static ScoreChange of(String nodeId, List<Answer> history, String since) {
        var none = Answer.none("");
        if (history.isEmpty()) {
            return new ScoreChange(since, none, none, List.of(), 0);
        }
        var now = history.getFirst();
        return before(history, since)
                .map(before -> new ScoreChange(since, before, now, parts(nodeId, before, now), moved(before, now)))
                .orElseGet(() -> new ScoreChange(since, none, now, List.of(), 0));
    }

    private static Optional<Answer> before(List<Answer> history, String since) {
        var now = history.getFirst();
        var earlier = history.subList(1, history.size()).stream();
        return switch (since) {
            case "day" -> {
                var then = at(now).minus(Duration.ofDays(1));
                yield earlier.filter(each -> !at(each).isAfter(then)).findFirst();
            }
            case "epoch" ->
                earlier.filter(each -> each.whole("epoch") < now.whole("epoch")).findFirst();
            // A bound of too few probes is none; but where there is no other, counts can be compared.
            default ->
                earlier.max(Comparator.comparing((Answer each) -> each.has("enough"))
                        .thenComparingDouble(each -> each.number("lowerBound").orElse(0)));
        };
    }

    private static Instant at(Answer score) {
        return Instant.parse(score.text("computedAt"));
    }

    private static double moved(Answer before, Answer now) {
        return isRated(before, now)
                ? 100
                        * (now.number("lowerBound").orElse(0)
                                - before.number("lowerBound").orElse(0))
                : 0;
    }

    private static boolean isRated(Answer before, Answer now) {
        return before.has("enough") && now.has("enough");
    }

    private static List<Part> parts(String nodeId, Answer before, Answer now) {
        var counts = new LinkedHashMap<Kind, long[]>();
        count(counts, before, 0);
        count(counts, now, 1);
        var slopes = isRated(before, now)
                ? Slopes.between(
                        before.whole("served"), before.whole("failed"), now.whole("served"), now.whole("failed"))
                : new Slopes(0, 0);
        var parts = new ArrayList<Part>();
        counts.forEach((kind, count) -> {
            long change = count[1] - count[0];
            boolean byQuorum = kind.verdict().endsWith(BY_QUORUM);
            double slope = !kind.scored() ? 0 : kind.blame().isEmpty() ? slopes.served() : slopes.failed();
            parts.add(new Part(
                    kind.depth(),
                    byQuorum
                            ? kind.verdict().substring(0, kind.verdict().length() - BY_QUORUM.length())
                            : kind.verdict(),
                    byQuorum,
                    kind.blame(),
                    kind.scored(),
                    count[0],
                    count[1],
                    100 * slope * change,
                    list(nodeId, kind, ""),
                    list(
                            nodeId,
                            kind,
                            change < 0
                                    ? "&askedBefore=" + before.text("computedAt")
                                    : "&askedFrom=%s&askedBefore=%s"
                                            .formatted(before.text("computedAt"), now.text("computedAt")))));
        });
        parts.sort(Comparator.comparingDouble((Part each) -> -Math.abs(each.points()))
                .thenComparing(each -> !each.scored())
                .thenComparing(each -> !each.failed()));
        return List.copyOf(parts);
    }

    private static void count(Map<Kind, long[]> counts, Answer score, int which) {
        score.list("verdicts")
                .forEach(
                        each -> counts.computeIfAbsent(Kind.of(each), _ -> new long[2])[which] += each.whole("probes"));
    }

    /** The probes of a kind; what a quorum found is found by its blame, beside what one vantage saw. */
    private static String list(String nodeId, Kind kind, String when) {
        String verdict = kind.verdict().replace(BY_QUORUM, "");
        String blame = kind.blame().isEmpty() ? "" : "&blame=" + kind.blame();
        return "/operators/%s/probes?depth=%s&verdict=%s%s%s".formatted(nodeId, kind.depth(), verdict, blame, when);
    }

    /**
     * What one probe more moves the bound by, on the way from one score to the other.
     *
     * <p>The two counts changed at the same time. What each did is the mean of what it does when it goes first and when it goes
     * second (Shapley's value of two), so that both add up to the whole and neither is favoured.
     */
    private record Slopes(double served, double failed) {
        static Slopes between(long served, long failed, long servedThen, long failedThen) {
            double from = BetaBound.of(served, failed);
            double to = BetaBound.of(servedThen, failedThen);
            double onlyServed = BetaBound.of(servedThen, failed);
            double onlyFailed = BetaBound.of(served, failedThen);
            double byServed = (onlyServed - from + to - onlyFailed) / 2;
            double byFailed = (onlyFailed - from + to - onlyServed) / 2;
            // Where as many came as went, each of them still did something, and all of them nothing.
            return new Slopes(
                    served == servedThen
                            ? BetaBound.of(servedThen + 1, failedThen) - to
                            : byServed / (servedThen - served),
                    failed == failedThen
                            ? BetaBound.of(servedThen, failedThen + 1) - to
                            : byFailed / (failedThen - failed));
        }
    }

    /** Whether there are two bounds to compare. */
    public boolean isRated() {
        return isRated(before, now);
    }

    /** The change in a sentence: from what, by how much, and by what most of all. */
    public String inWords() {
        if (!now.has("computedAt")) {
            return "No round has scored it yet, so that nothing can have moved.";
        }
        if (!before.has("computedAt")) {
            return switch (since) {
                case "day" ->
                    "No score of this window is a day older than the last: there is none to compare with yet.";
                case "epoch" -> "No earlier epoch has a score in this window: there is none to compare with yet.";
                default -> "It was scored once: there is nothing to compare with yet.";
            };
        }
        String then = "%s, %s UTC".formatted(what(), Words.utc(before.text("computedAt")));
        if (!isRated()) {
            return "Too few probes for a rate %s. Against %s, what was counted is all that can be compared."
                    .formatted(now.has("enough") ? "then" : "yet", then);
        }
        String method = before.text("methodology").equals(now.text("methodology"))
                ? ""
                : " They were made by different methods, %s and %s."
                        .formatted(before.text("methodology"), now.text("methodology"));
        if (Math.abs(points) < NOTHING) {
            return "At least %s, as it was at %s.%s".formatted(Words.ratio(now.text("lowerBound")), then, method);
        }
        return "%s from at least %s to at least %s (%s points) since %s%s.%s"
                .formatted(
                        points < 0 ? "It dropped" : "It rose",
                        Words.ratio(before.text("lowerBound")),
                        Words.ratio(now.text("lowerBound")),
                        Words.points(points),
                        then,
                        most(),
                        method);
    }

    private String what() {
        return switch (since) {
            case "day" -> "the last score that is a day older";
            case "epoch" -> "the last score of epoch " + before.text("epoch");
            default -> isRated() ? "its best score of the last hundred rounds" : "an earlier score";
        };
    }

    private String most() {
        return parts.stream()
                .filter(each -> each.points() * points > 0)
                .findFirst()
                .map(each -> ", most of all by %s: %s".formatted(each.inWords(), each.pointsInWords()))
                .orElse("");
    }

    public String pointsInWords() {
        return Words.points(points);
    }
}
