package dev.vibrissa.dashboards;

import java.util.List;

/** The shards that voted, one segment a voter in the order of voting, beside the marks of a third and of a quorum. */
final class VoteBar {
    private static final int WIDTH = 760;
    private static final int TOP = 22;
    private static final int HEIGHT = 18;
    private static final int GAP = 1;

    private final int nShards;

    private VoteBar(int nShards) {
        this.nShards = nShards;
    }

    /**
     * @param round of votes, as {@code /v1/governance/upgrades} and {@code …/slashing} give them
     * @return an SVG element; empty where there are no votes
     */
    static String draw(Answer round, int nShards, int oneHonest) {
        List<Answer> votes = round.list("votes");
        return votes.isEmpty() ? "" : new VoteBar(nShards).svg(round, votes, oneHonest);
    }

    private String svg(Answer round, List<Answer> votes, int oneHonest) {
        int quorum = Integer.parseInt(round.text("quorumWeight"));
        var svg = new StringBuilder();
        svg.append(
                "<svg class=\"votes\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s of %d shards voted, %d carry it\">"
                        .formatted(WIDTH, TOP + HEIGHT + 18, round.text("weight"), nShards, quorum));
        svg.append("<rect class=\"all\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>"
                .formatted(TOP, WIDTH, HEIGHT));
        int from = 0;
        for (Answer vote : votes) {
            int until = Integer.parseInt(vote.text("totalWeight"));
            svg.append(
                    "<rect class=\"vote\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>%s: %s shards, %s</title></rect>"
                            .formatted(
                                    x(from),
                                    TOP,
                                    Math.max(1, x(until) - x(from) - GAP),
                                    HEIGHT,
                                    Words.escaped(Words.voter(vote)),
                                    vote.has("weight") ? vote.text("weight") : "?",
                                    Words.utc(vote.text("step.timestamp"))));
            from = until;
        }
        mark(svg, "quorum", quorum, "quorum " + quorum);
        int below = TOP + HEIGHT + 14;
        svg.append("<text x=\"0\" y=\"%d\">0</text>".formatted(below));
        svg.append(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%d</text>".formatted(x(oneHonest), below, oneHonest));
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d shards</text>".formatted(WIDTH, below, nShards));
        return svg.append("</svg>").toString();
    }

    private void mark(StringBuilder svg, String name, int at, String words) {
        svg.append("<line class=\"%1$s\" x1=\"%2$d\" x2=\"%2$d\" y1=\"%3$d\" y2=\"%4$d\"/>"
                .formatted(name, x(at), TOP - 6, TOP + HEIGHT + 3));
        svg.append("<text x=\"%d\" y=\"11\" text-anchor=\"middle\">%s</text>".formatted(x(at), words));
    }

    private int x(int shards) {
        return Math.toIntExact((long) WIDTH * shards / nShards);
    }
}
