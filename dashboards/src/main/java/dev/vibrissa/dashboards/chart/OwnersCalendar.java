package dev.vibrissa.dashboards.chart;

import java.util.List;
import java.util.Map;

/** Who must act when: a row a holder, a column an epoch, squares as large as what ends. */
public final class OwnersCalendar {
    private static final int WIDTH = 1080;
    private static final int LEFT = 150;
    private static final int ROW = 30;
    private static final int TOP = 34;
    private static final int LARGEST = 24;
    private static final int SMALLEST = 5;
    private static final int SOON = 2;

    /**
     * What one holder has.
     *
     * @param href of the holder
     * @param ends bytes by position of the column
     */
    public record Row(String holder, String href, Map<Integer, Cell> ends) {
        double sum() {
            return ends.values().stream().mapToDouble(Cell::bytes).sum();
        }
    }

    /** What ends in an epoch. */
    public record Cell(double bytes, String words) {}

    /**
     * An epoch at whose start things end.
     *
     * @param date in few letters; empty for none
     */
    public record Column(String epoch, String date, String href) {}

    private OwnersCalendar() {}

    /**
     * @param columns the next epoch first
     * @param ahead whether the first columns are the next epochs, so that something must be done soon
     */
    public static Drawing draw(String label, List<Column> columns, List<Row> rows, boolean ahead) {
        var drawing = new Drawing(WIDTH, TOP + rows.size() * ROW + 4, label);
        double room = (double) (WIDTH - LEFT) / Math.max(1, columns.size());
        double most = rows.stream()
                .flatMap(row -> row.ends().values().stream())
                .mapToDouble(Cell::bytes)
                .max()
                .orElse(1);
        double largest = Math.min(LARGEST, room - 4);
        int step = room < 34 ? 2 : 1;
        for (int i = 0; i < columns.size(); i += step) {
            var column = columns.get(i);
            double x = LEFT + room * (i + 0.5);
            drawing.link(
                            x,
                            12,
                            column.epoch(),
                            column.href(),
                            "what ends when epoch %s begins".formatted(column.epoch()))
                    .text("tick", x, 26, "middle", column.date());
        }
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            double middle = TOP + ROW * (i + 0.5);
            drawing.line("grid", 0, middle + ROW / 2.0, WIDTH, middle + ROW / 2.0)
                    .text("name mono", 0, middle + 4, "start", row.holder());
            if (!row.href().isEmpty()) {
                drawing.leadingTo(row.href());
            }
            row.ends().forEach((column, cell) -> {
                double side = Math.max(SMALLEST, largest * Math.sqrt(cell.bytes() / most));
                double share = row.sum() == 0 ? 1 : cell.bytes() / row.sum();
                drawing.rect(
                        "cell c%d%s"
                                .formatted(Math.min(4, 1 + (int) (share * 4)), ahead && column < SOON ? " soon" : ""),
                        LEFT + room * (column + 0.5) - side / 2,
                        middle - side / 2,
                        side,
                        side,
                        cell.words());
            });
        }
        return drawing;
    }
}
