package dev.vibrissa.api.price;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How unsteady a series was. Statistics, not money: binary floating point. */
@Schema(name = "Volatility")
record Measure(
        @Schema(description = "Epochs with a value greater than zero.", examples = "4")
        int epochs,

        @Schema(description = "Arithmetic mean; null without a value.", examples = "11520000") @Nullable
        Double mean,

        @Schema(
                description = "Sample standard deviation (divisor n − 1) of the natural logarithms of value / value of"
                        + " the epoch before, over epochs that follow each other; null with fewer than two changes.",
                examples = "0.0412")
        @Nullable
        Double standardDeviationOfLogChanges,

        @Schema(
                description = "Sample standard deviation of the values divided by their mean; null with fewer than two"
                        + " values.",
                examples = "0.0357")
        @Nullable
        Double coefficientOfVariation) {

    /** The value of an epoch. */
    record Point(long epoch, double value) {}

    /** @param points in order of their epochs, values greater than zero */
    static Measure of(List<Point> points) {
        double[] values = points.stream().mapToDouble(Point::value).toArray();
        double[] changes = new double[Math.max(0, points.size() - 1)];
        int n = 0;
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).epoch() == points.get(i - 1).epoch() + 1) {
                changes[n++] = Math.log(values[i] / values[i - 1]);
            }
        }
        double mean = mean(values, values.length);
        return new Measure(
                values.length,
                values.length == 0 ? null : mean,
                n < 2 ? null : deviation(changes, n),
                values.length < 2 ? null : deviation(values, values.length) / mean);
    }

    private static double mean(double[] values, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += values[i];
        }
        return sum / n;
    }

    private static double deviation(double[] values, int n) {
        double mean = mean(values, n);
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return Math.sqrt(squares / (n - 1));
    }
}
