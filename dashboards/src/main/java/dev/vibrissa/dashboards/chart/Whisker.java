package dev.vibrissa.dashboards.chart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A rate that never stands alone: a band that fades from the estimate to the ends of its interval, and the bound that ranks. */
public final class Whisker {
    public static final int WIDTH = 190;
    private static final int HEIGHT = 20;
    private static final double MIDDLE = HEIGHT / 2.0;
    /** Of every row, so that rows can be compared by eye. */
    private static final double LOWEST = 0.96;

    private Whisker() {}

    /**
     * @param estimate share from 0 to 1
     * @param low lower end of the 95 % interval
     * @param high upper end
     * @param bound what ranks
     * @param enough false: too few observations for a rate
     * @param n observations
     */
    public static Drawing draw(double estimate, double low, double high, double bound, boolean enough, long n) {
        var axis = new Axis(LOWEST, 1, 6, WIDTH - 8);
        String words = enough
                ? "at least %s, estimate %s, interval %s to %s, n %d"
                        .formatted(percent(bound), percent(estimate), percent(low), percent(high), n)
                : "too few probes (%d)".formatted(n);
        var drawing = new Drawing(WIDTH, HEIGHT, words);
        for (int tick = 96; tick <= 100; tick++) {
            drawing.line("grid", axis.at(tick / 100.0), 1, axis.at(tick / 100.0), HEIGHT - 1);
        }
        if (!enough) {
            return drawing.rect("few", axis.at(Math.max(low, LOWEST)), MIDDLE - 4, width(axis, low, high), 8, words);
        }
        String tone = high < 0.99 ? " bad" : "";
        if (high < LOWEST) {
            return drawing.path("mark" + tone, "M10 5 3 10l7 5z", words)
                    .text("off" + tone, 14, 14, "start", "%s to %s".formatted(short100(low), short100(high)));
        }
        double x = axis.at(Math.max(estimate, LOWEST));
        drawing.rect(
                        "band left" + tone,
                        axis.at(Math.max(low, LOWEST)),
                        MIDDLE - 4,
                        x - axis.at(Math.max(low, LOWEST)),
                        8,
                        words)
                .rect("band right" + tone, x, MIDDLE - 4, Math.max(0, axis.at(high) - x), 8, words);
        if (bound >= LOWEST) {
            drawing.line("bound" + tone, axis.at(bound), 3, axis.at(bound), HEIGHT - 3);
        } else {
            drawing.path("mark" + tone, "M9 5 2 10l7 5z", words);
        }
        return drawing.circle("mark" + tone, x, MIDDLE, 3, words);
    }

    private static double width(Axis axis, double low, double high) {
        return Math.max(4, axis.at(high) - axis.at(Math.max(low, LOWEST)));
    }

    /** The labels of the axis that all whiskers of a page share. */
    public static Drawing axis() {
        var axis = new Axis(LOWEST, 1, 6, WIDTH - 8);
        var drawing = new Drawing(WIDTH, 14, "Scale from 96 to 100 per cent");
        for (int tick : List.of(96, 97, 98, 99, 100)) {
            drawing.text(
                    "tick",
                    axis.at(tick / 100.0),
                    11,
                    tick == 100 ? "end" : tick == 96 ? "start" : "middle",
                    Integer.toString(tick));
        }
        return drawing;
    }

    private static String percent(double share) {
        return short100(share) + " %";
    }

    private static String short100(double share) {
        // Rounded down: a rate that was not seen is never promised.
        return BigDecimal.valueOf(share)
                .movePointRight(2)
                .setScale(2, RoundingMode.FLOOR)
                .toPlainString();
    }
}
