package dev.vibrissa.dashboards.chart;

import java.util.List;

/**
 * A picture with its words and the table behind it.
 *
 * @param id of the element, and the name of exported files
 * @param title the question that it answers
 * @param about unit, window and number of observations
 * @param conclusion what one sees in it, in words
 * @param data the answer of the API that it was drawn from
 * @param columns heads of the table, with units
 * @param legend what colours and hatches mean, each with its word
 */
public record Chart(
        String id,
        String title,
        String about,
        String conclusion,
        Drawing drawing,
        String data,
        List<String> columns,
        List<List<String>> rows,
        List<Key> legend) {
    private static final int WIDEST_ON_A_PHONE = 560;

    /**
     * What a colour means.
     *
     * @param of class of a shape that has it
     */
    public record Key(String of, String word) {
        public boolean isHatched() {
            return of.contains("maybe") || of.contains("excluded");
        }
    }

    public Chart(
            String id,
            String title,
            String about,
            String conclusion,
            Drawing drawing,
            String data,
            List<String> columns,
            List<List<String>> rows) {
        this(id, title, about, conclusion, drawing, data, columns, rows, List.of());
    }

    /** Whether it is too wide for a phone, which scrolls it then instead of making its words too small to read. */
    public boolean isWide() {
        return drawing.width() > WIDEST_ON_A_PHONE;
    }

    public Chart withLegend(Key... keys) {
        return new Chart(id, title, about, conclusion, drawing, data, columns, rows, List.of(keys));
    }
}
