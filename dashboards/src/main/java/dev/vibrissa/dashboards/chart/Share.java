package dev.vibrissa.dashboards.chart;

/** A bar that is filled as far as a share goes, for a tile. */
public final class Share {
    private static final int WIDTH = 190;

    private Share() {}

    /** @param of 0 to 1 */
    public static Drawing draw(String label, double of) {
        double filled = Math.clamp(of, 0, 1) * WIDTH;
        return new Drawing(WIDTH, 10, label)
                .rect("all", 0, 1, WIDTH, 8, "")
                .rect("fill", 0, 1, filled == 0 ? 0 : Math.max(2, filled), 8, label);
    }
}
