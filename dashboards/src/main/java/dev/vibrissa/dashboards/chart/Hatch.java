package dev.vibrissa.dashboards.chart;

/** Lines over a cell, so that what cannot be told from the network's fault does not differ by colour alone. */
final class Hatch {
    private Hatch() {}

    static void over(Drawing drawing, String state, double x, double y, double width, double height) {
        if (state.equals("maybe") || state.equals("excluded")) {
            var d = new StringBuilder();
            for (double from = 3; from < width + height; from += 5) {
                double x1 = Math.min(from, width);
                double y1 = from - x1;
                double y2 = Math.min(from, height);
                double x2 = from - y2;
                d.append("M%s %sL%s %s"
                        .formatted(Drawing.n(x + x1), Drawing.n(y + y1), Drawing.n(x + x2), Drawing.n(y + y2)));
            }
            drawing.path("hatch " + state, d.toString(), "");
        }
    }
}
