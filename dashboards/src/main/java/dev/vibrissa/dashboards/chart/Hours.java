package dev.vibrissa.dashboards.chart;

import java.util.List;
import java.util.Map;

/** What came of the probes of each hour: a strip for a row of a table, or days beneath each other. */
public final class Hours {
    /** Cells lie 24 pixels apart, so that a finger finds them. */
    private static final int CELL_WIDTH = 24;

    private static final int CELL_HEIGHT = 21;
    private static final int LEFT = 62;
    private static final int STRIP_CELL = 4;
    private static final int STRIP_HEIGHT = 16;

    /**
     * @param state proven, node, maybe, other or excluded
     * @param count failures in it
     * @param href the probes of the hour
     */
    public record Cell(String state, long count, String words, String href) {}

    private Hours() {}

    /**
     * @param cells by how many hours they lie back, 0 the running one
     * @param hours how many are shown
     */
    public static Drawing strip(String label, Map<Integer, Cell> cells, int hours) {
        var drawing = new Drawing(hours * STRIP_CELL, STRIP_HEIGHT, label);
        for (int back = hours - 1; back >= 0; back--) {
            double x = (hours - 1.0 - back) * STRIP_CELL;
            var cell = cells.get(back);
            if (cell == null) {
                drawing.line("none", x, STRIP_HEIGHT / 2.0, x + STRIP_CELL - 1, STRIP_HEIGHT / 2.0);
            } else {
                drawing.rect("cell " + cell.state(), x, 1, STRIP_CELL - 1, STRIP_HEIGHT - 2, cell.words());
            }
        }
        return drawing;
    }

    /**
     * @param days names of the days, the oldest first
     * @param cells by day and hour
     */
    public static Drawing map(String label, List<String> days, Map<Integer, Map<Integer, Cell>> cells) {
        var drawing = new Drawing(LEFT + 24 * CELL_WIDTH, days.size() * (CELL_HEIGHT + 3) + 18, label).ofCells();
        for (int day = 0; day < days.size(); day++) {
            int y = day * (CELL_HEIGHT + 3);
            drawing.text("tick", 0, y + 15, "start", days.get(day));
            for (int hour = 0; hour < 24; hour++) {
                double x = LEFT + hour * CELL_WIDTH;
                var cell = cells.getOrDefault(day, Map.of()).get(hour);
                if (cell == null) {
                    drawing.line("none", x + 2, y + CELL_HEIGHT / 2.0, x + CELL_WIDTH - 4, y + CELL_HEIGHT / 2.0);
                    continue;
                }
                drawing.rect("cell " + cell.state(), x, y, CELL_WIDTH - 2, CELL_HEIGHT, cell.words())
                        .leadingTo(cell.href());
                Hatch.over(drawing, cell.state(), x, y, CELL_WIDTH - 2, CELL_HEIGHT);
                if (cell.count() > 1) {
                    drawing.text(
                            "count",
                            x + CELL_WIDTH / 2.0 - 1,
                            y + 14.5,
                            "middle",
                            cell.count() > 99 ? "99+" : Long.toString(cell.count()));
                }
            }
        }
        for (int hour = 0; hour < 24; hour += 6) {
            drawing.text(
                    "tick",
                    LEFT + hour * CELL_WIDTH + CELL_WIDTH / 2.0,
                    drawing.height() - 4,
                    "middle",
                    "%02d".formatted(hour));
        }
        return drawing;
    }
}
