package dev.vibrissa.dashboards.chart;

import java.util.List;

/** How few hold how much: holders from the largest on, and where a third and a quorum are reached. */
public final class Lorenz {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 190;
    private static final int LEFT = 40;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;

    private Lorenz() {}

    /**
     * @param held shards of each, largest first
     * @param marks weights that matter, with how many reach them
     */
    public static Drawing draw(String label, List<Long> held, int total, List<Mark> marks) {
        var drawing = new Drawing(WIDTH, HEIGHT, label);
        var x = new Axis(0, Math.max(1, held.size()), LEFT, WIDTH - RIGHT);
        var y = new Axis(0, Math.max(1, total), HEIGHT - BOTTOM, TOP);
        drawing.line("grid", LEFT, y.at(0), WIDTH - RIGHT, y.at(0))
                .line("even", x.at(0), y.at(0), x.at(held.size()), y.at(total))
                .text("tick", LEFT - 6, y.at(total) + 4, "end", Integer.toString(total))
                .text("tick", LEFT - 6, y.at(0) + 4, "end", "0");
        var d = new StringBuilder("M%s %s".formatted(Drawing.n(x.at(0)), Drawing.n(y.at(0))));
        long sum = 0;
        for (int i = 0; i < held.size(); i++) {
            sum += held.get(i);
            d.append("L%s %s".formatted(Drawing.n(x.at(i + 1)), Drawing.n(y.at(sum))));
        }
        drawing.path("line s1", d.toString(), "");
        for (Mark mark : marks) {
            drawing.line("aid", LEFT, y.at(mark.weight()), x.at(mark.holders()), y.at(mark.weight()))
                    .line("aid", x.at(mark.holders()), y.at(mark.weight()), x.at(mark.holders()), y.at(0))
                    .text("tick", LEFT - 6, y.at(mark.weight()) + 4, "end", Integer.toString(mark.weight()))
                    .text("strong", x.at(mark.holders()), HEIGHT - 8, "middle", Integer.toString(mark.holders()))
                    .circle(
                            "mark",
                            x.at(mark.holders()),
                            y.at(mark.weight()),
                            3.5,
                            "%d hold %d shards".formatted(mark.holders(), mark.weight()));
        }
        return drawing;
    }

    /** A weight, and how many of the largest reach it. */
    public record Mark(int weight, int holders) {}
}
