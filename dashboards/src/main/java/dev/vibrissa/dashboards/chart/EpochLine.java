package dev.vibrissa.dashboards.chart;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Where an epoch stands: phases behind and ahead, and now. */
public final class EpochLine {
    private static final int WIDTH = 1080;
    private static final int HEIGHT = 62;
    private static final int Y = 28;

    /**
     * @param at when it happens
     * @param name of the phase that begins
     * @param words the time, for a boundary ahead with a sign that it is estimated
     */
    public record Phase(Instant at, String name, String words) {}

    private EpochLine() {}

    /** @param phases in the order of time; the first and last are the ends of the line */
    public static Drawing draw(String label, List<Phase> phases, Instant now) {
        Instant from = phases.getFirst().at();
        double length =
                Math.max(1, Duration.between(from, phases.getLast().at()).toMillis());
        var axis = new Axis(0, length, 10, WIDTH - 10);
        double here = axis.at(Math.clamp(Duration.between(from, now).toMillis(), 0, length));
        var drawing = new Drawing(WIDTH, HEIGHT, label);
        drawing.rect("ahead", 10, Y, WIDTH - 20, 8, "").rect("behind", 10, Y, here - 10, 8, "");
        for (int i = 0; i < phases.size(); i++) {
            var phase = phases.get(i);
            double x = axis.at(Duration.between(from, phase.at()).toMillis());
            String anchor = i == 0 ? "start" : i == phases.size() - 1 ? "end" : "middle";
            drawing.line("end", x, Y - 4, x, Y + 12)
                    .text("name", x, Y - 10, anchor, phase.name())
                    .text("tick", x, Y + 26, anchor, phase.words());
        }
        return drawing.circle("mark", here, Y + 4, 6, "now");
    }
}
