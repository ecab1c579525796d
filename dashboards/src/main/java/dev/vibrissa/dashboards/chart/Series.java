package dev.vibrissa.dashboards.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lines over a row of points that lie at equal distances: epochs, rounds, hours. Each has a dash and a mark of its own. */
public final class Series {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 190;
    private static final int LEFT = 48;
    private static final int RIGHT = 100;
    private static final int TOP = 12;
    private static final int BOTTOM = 24;
    private static final double CHARACTER = 6.5;
    private static final int NAME = 18;
    private static final int LABEL_HEIGHT = 12;

    /**
     * @param values one for each point; empty where there is none
     */
    public record Line(String name, List<OptionalDouble> values) {}

    /**
     * A band around a line.
     *
     * @param low one for each point, as {@code high}
     */
    public record Band(List<OptionalDouble> low, List<OptionalDouble> high) {}

    private Series() {}

    /**
     * @param points names of the points
     * @param bands drawn behind the lines
     * @param ticks points that are marked below, such as failures
     * @param words how a value is written at the axis
     * @param low where the axis begins; zero for amounts, less for differences
     */
    public static Drawing draw(
            String label,
            List<String> points,
            List<Line> lines,
            List<Band> bands,
            List<Integer> ticks,
            double low,
            OptionalDouble high,
            DoubleFunction<String> words) {
        var drawing = new Drawing(WIDTH, HEIGHT, label);
        double greatest = high.orElseGet(() -> Stream.concat(
                        lines.stream().flatMap(line -> line.values().stream()),
                        bands.stream().flatMap(band -> band.high().stream()))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max()
                .orElse(1));
        Axis y = low == 0 && high.isEmpty()
                ? Axis.amounts(greatest, HEIGHT - BOTTOM, TOP)
                : new Axis(low, greatest, HEIGHT - BOTTOM, TOP);
        var x = new Axis(0, Math.max(1, points.size() - 1), LEFT, WIDTH - RIGHT);
        for (double tick : y.ticks()) {
            drawing.line("grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick))
                    .text("tick", LEFT - 6, y.at(tick) + 4, "end", words.apply(tick));
        }
        int longest = points.stream().mapToInt(String::length).max().orElse(1);
        int most = Math.max(1, (int) ((WIDTH - LEFT - RIGHT) / (longest * CHARACTER + 12)));
        int step = Math.max(1, (points.size() + most - 1) / most);
        for (int i = 0; i < points.size(); i += step) {
            drawing.text("tick", x.at(i), HEIGHT - 6, "middle", points.get(i));
        }
        if (low < 0) {
            drawing.line("zero", LEFT, y.at(0), WIDTH - RIGHT, y.at(0));
        }
        bands.forEach(band -> drawing.path("range", band(band, x, y), ""));
        double[] names = apart(lines, y);
        for (int i = 0; i < lines.size(); i++) {
            line(drawing, lines.get(i), i + 1, points, x, y, words, names[i]);
        }
        ticks.forEach(i -> drawing.line("failure", x.at(i), HEIGHT - BOTTOM + 1, x.at(i), HEIGHT - BOTTOM + 8));
        return drawing;
    }

    /** Where the name of each line stands: beside its end, but not over another's. */
    private static double[] apart(List<Line> lines, Axis y) {
        double[] at = lines.stream().mapToDouble(line -> y.at(last(line))).toArray();
        var order = IntStream.range(0, at.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> at[i]))
                .toList();
        for (int i = 1; i < order.size(); i++) {
            at[order.get(i)] = Math.max(at[order.get(i)], at[order.get(i - 1)] + LABEL_HEIGHT);
        }
        return at;
    }

    private static double last(Line line) {
        return line.values().stream()
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .reduce(0, (_, later) -> later);
    }

    private static void line(
            Drawing drawing,
            Line line,
            int number,
            List<String> points,
            Axis x,
            Axis y,
            DoubleFunction<String> words,
            double name) {
        var d = new StringBuilder();
        boolean open = false;
        int last = -1;
        for (int i = 0; i < line.values().size(); i++) {
            var value = line.values().get(i);
            if (value.isEmpty()) {
                open = false;
                continue;
            }
            d.append(open ? "L" : "M")
                    .append(Drawing.n(x.at(i)))
                    .append(' ')
                    .append(Drawing.n(y.at(value.getAsDouble())));
            open = true;
            last = i;
        }
        if (last < 0) {
            return;
        }
        drawing.path("line s" + number, d.toString(), line.name());
        for (int i = 0; i < line.values().size(); i++) {
            var value = line.values().get(i);
            if (value.isPresent() && (points.size() <= 60 || i == last)) {
                drawing.circle(
                        "dot s" + number,
                        x.at(i),
                        y.at(value.getAsDouble()),
                        i == last ? 3.5 : 2,
                        "%s, %s: %s".formatted(line.name(), points.get(i), words.apply(value.getAsDouble())));
            }
        }
        drawing.text(
                "name s" + number,
                x.at(last) + 7,
                name + 4,
                "start",
                line.name().length() > NAME ? line.name().substring(0, NAME - 1) + "…" : line.name());
    }

    private static String band(Band band, Axis x, Axis y) {
        var forth = new ArrayList<String>();
        var back = new ArrayList<String>();
        for (int i = 0; i < band.low().size(); i++) {
            if (band.low().get(i).isPresent() && band.high().get(i).isPresent()) {
                forth.add(Drawing.n(x.at(i)) + " "
                        + Drawing.n(y.at(band.high().get(i).getAsDouble())));
                back.add(Drawing.n(x.at(i)) + " "
                        + Drawing.n(y.at(band.low().get(i).getAsDouble())));
            }
        }
        return forth.isEmpty()
                ? ""
                : "M" + String.join("L", forth) + "L" + back.reversed().stream().collect(Collectors.joining("L")) + "Z";
    }
}
