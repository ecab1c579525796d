package dev.vibrissa.dashboards.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * From values to pixels.
 *
 * @param low value at {@code start}
 * @param high value at {@code end}
 */
public record Axis(double low, double high, double start, double end) {
    private static final int TICKS = 4;
    private static final double[] ROUND = {1, 2, 2.5, 5, 10};

    /** An axis from zero to a round number that is not below {@code most}. */
    public static Axis amounts(double most, double start, double end) {
        double step = step(Math.max(most, 1e-9) / TICKS);
        return new Axis(0, Math.ceil(Math.max(most, 1e-9) / step - 1e-9) * step, start, end);
    }

    public double at(double value) {
        return high == low ? start : start + (end - start) * (value - low) / (high - low);
    }

    /** Round values, five at most but for rounding. */
    public List<Double> ticks() {
        double step = step((high - low) / TICKS);
        var ticks = new ArrayList<Double>();
        for (double tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-6; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }

    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double each : ROUND) {
            if (each * power >= least * (1 - 1e-9)) {
                return each * power;
            }
        }
        return 10 * power;
    }
}
