package dev.vibrissa.dashboards.chart;

import java.util.List;

/** The course of a number, for a tile: the tile says the number. */
public final class Spark {
    private static final int WIDTH = 190;
    private static final int HEIGHT = 28;

    private Spark() {}

    public static Drawing draw(String label, List<Double> values) {
        var drawing = new Drawing(WIDTH, HEIGHT, label);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        var x = new Axis(0, Math.max(1, values.size() - 1), 2, WIDTH - 5);
        var y = new Axis(least, most == least ? least + 1 : most, HEIGHT - 4, 4);
        var d = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            d.append(i == 0 ? "M" : "L").append(Drawing.n(x.at(i))).append(' ').append(Drawing.n(y.at(values.get(i))));
        }
        if (!values.isEmpty()) {
            drawing.path("line s1", d.toString(), "")
                    .circle("dot s1", x.at(values.size() - 1), y.at(values.getLast()), 3, "");
        }
        return drawing;
    }
}
