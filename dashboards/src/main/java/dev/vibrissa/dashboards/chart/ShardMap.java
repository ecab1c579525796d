package dev.vibrissa.dashboards.chart;

import java.util.List;

/** One cell a shard, the shards of an operator side by side, column by column. */
public final class ShardMap {
    private static final int ROWS = 20;
    private static final int FEW = 300;
    private static final int ROWS_OF_FEW = 5;
    private static final int CELL = 13;
    private static final int PITCH = 14;

    /**
     * @param state class of the cell: c1 to c4 from fast to slow, node, maybe, other, few
     * @param words who has it and what was found
     * @param href the probes of it
     */
    public record Cell(String state, String words, String href) {}

    private ShardMap() {}

    /** @param cells operator by operator */
    public static Drawing draw(String label, List<Cell> cells) {
        int rows = cells.size() <= FEW ? ROWS_OF_FEW : ROWS;
        int columns = Math.max(1, (cells.size() + rows - 1) / rows);
        var drawing = new Drawing(columns * PITCH, rows * PITCH, label).ofCells();
        for (int i = 0; i < cells.size(); i++) {
            var cell = cells.get(i);
            int x = i / rows * PITCH;
            int y = i % rows * PITCH;
            drawing.rect("cell " + cell.state(), x, y, CELL, CELL, cell.words()).leadingTo(cell.href());
            Hatch.over(drawing, cell.state(), x, y, CELL, CELL);
        }
        return drawing;
    }
}
