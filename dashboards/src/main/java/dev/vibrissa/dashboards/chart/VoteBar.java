package dev.vibrissa.dashboards.chart;

import java.util.List;

/** The shards that voted, one segment a voter in the order of voting, beside the marks of a third and of a quorum. */
public final class VoteBar {
    private static final int WIDTH = 760;
    private static final int TOP = 22;
    private static final int HEIGHT = 18;
    private static final int GAP = 1;

    /**
     * One vote.
     *
     * @param total shards that had voted by then, this voter's included
     * @param words who, how much and when
     */
    public record Vote(int total, String words) {}

    private VoteBar() {}

    /**
     * @param votes in the order in which they were cast
     * @param oneHonest shards of a third and one
     */
    public static Drawing draw(List<Vote> votes, int weight, int nShards, int oneHonest, int quorum) {
        var axis = new Axis(0, Math.max(1, nShards), 0, WIDTH);
        var drawing = new Drawing(
                WIDTH, TOP + HEIGHT + 18, "%d of %d shards voted, %d carry it".formatted(weight, nShards, quorum));
        drawing.rect("all", 0, TOP, WIDTH, HEIGHT, "");
        int from = 0;
        for (Vote vote : votes) {
            drawing.rect(
                    "vote",
                    axis.at(from),
                    TOP,
                    Math.max(1, axis.at(vote.total()) - axis.at(from) - GAP),
                    HEIGHT,
                    vote.words());
            from = vote.total();
        }
        int below = TOP + HEIGHT + 14;
        return drawing.line("now", axis.at(quorum), TOP - 6, axis.at(quorum), TOP + HEIGHT + 3)
                .text("strong", axis.at(quorum), 11, "middle", "quorum " + quorum)
                .text("tick", 0, below, "start", "0")
                .text("tick", axis.at(oneHonest), below, "middle", Integer.toString(oneHonest))
                .text("tick", WIDTH, below, "end", nShards + " shards");
    }
}
