package dev.vibrissa.dashboards.chart;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.DoubleFunction;

/** Stacked bars; what lies ahead of now is lighter. */
public final class Bars {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 190;
    private static final int LEFT = 48;
    private static final int RIGHT = 8;
    private static final int TOP = 16;
    private static final int BOTTOM = 24;
    private static final int MOST_LABELS = 10;

    /**
     * @param name below it
     * @param parts from the bottom up, each in the colour of its position
     */
    public record Bar(String name, List<Double> parts) {
        public double sum() {
            return parts.stream().mapToDouble(Double::doubleValue).sum();
        }

        /** In a larger unit. */
        public Bar by(double unit) {
            return new Bar(name, parts.stream().map(part -> part / unit).toList());
        }
    }

    private Bars() {}

    /**
     * @param parts names of the parts of each bar
     * @param now the bar in which now lies; later ones are booked, not earned
     * @param words how a value is written
     */
    public static Drawing draw(
            String label, List<String> parts, List<Bar> bars, OptionalInt now, DoubleFunction<String> words) {
        var drawing = new Drawing(WIDTH, HEIGHT, label);
        var y = Axis.amounts(bars.stream().mapToDouble(Bar::sum).max().orElse(1), HEIGHT - BOTTOM, TOP);
        for (double tick : y.ticks()) {
            drawing.line("grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick))
                    .text("tick", LEFT - 6, y.at(tick) + 4, "end", words.apply(tick));
        }
        double room = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, bars.size());
        double width = Math.clamp(room - 3, 1, 40);
        int step = Math.max(1, (bars.size() + MOST_LABELS - 1) / MOST_LABELS);
        for (int i = 0; i < bars.size(); i++) {
            double x = LEFT + room * i + (room - width) / 2;
            double below = 0;
            var bar = bars.get(i);
            String when = now.isPresent() && i > now.getAsInt() ? " ahead" : "";
            for (int part = 0; part < bar.parts().size(); part++) {
                double value = bar.parts().get(part);
                if (value > 0) {
                    drawing.rect(
                            "bar p" + (part + 1) + when,
                            x,
                            y.at(below + value),
                            width,
                            y.at(below) - y.at(below + value),
                            "%s, %s: %s".formatted(bar.name(), parts.get(part), words.apply(value)));
                }
                below += value;
            }
            if (i % step == 0) {
                drawing.text("tick", x + width / 2, HEIGHT - 6, "middle", bar.name());
            }
        }
        now.ifPresent(i -> drawing.line("now", LEFT + room * (i + 1), TOP - 8, LEFT + room * (i + 1), HEIGHT - BOTTOM)
                .text("tick", Math.min(LEFT + room * (i + 1) + 4, WIDTH - 60), TOP - 4, "start", "now"));
        return drawing;
    }
}
