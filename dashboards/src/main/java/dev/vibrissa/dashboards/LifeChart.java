package dev.vibrissa.dashboards;

import java.util.List;
import java.util.OptionalLong;

/**
 * The life of a blob: one bar an object over Walrus epochs, a line where the answer stands. Drawn by the server; the
 * history table beneath it says the same in words.
 */
final class LifeChart {
    private static final int WIDTH = 760;
    private static final int LEFT = 150;
    private static final int ROW = 34;
    private static final int TOP = 26;
    private static final int MOST_OBJECTS = 12;

    private final long from;
    private final long until;

    private LifeChart(long from, long until) {
        this.from = from;
        this.until = until;
    }

    /**
     * @param objects of the blob, as {@code /v1/blobs/{id}/objects} gives them
     * @param epoch the answer's
     * @return an SVG element; empty where nothing can be drawn
     */
    static String draw(List<Answer> objects, OptionalLong epoch) {
        var shown = objects.stream()
                .filter(object -> object.has("registeredEpoch") && object.has("endEpoch"))
                .limit(MOST_OBJECTS)
                .toList();
        if (shown.isEmpty()) {
            return "";
        }
        long from = shown.stream()
                .mapToLong(object -> number(object, "registeredEpoch"))
                .min()
                .orElseThrow();
        long until = shown.stream()
                .mapToLong(object -> number(object, "endEpoch"))
                .max()
                .orElseThrow();
        if (epoch.isPresent()) {
            from = Math.min(from, epoch.getAsLong());
            until = Math.max(until, epoch.getAsLong() + 1);
        }
        return new LifeChart(from, until).svg(shown, epoch);
    }

    private String svg(List<Answer> objects, OptionalLong epoch) {
        int height = TOP + ROW * objects.size() + 24;
        var svg = new StringBuilder();
        svg.append(
                "<svg class=\"life\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Life of the blob over epochs %d to %d\">"
                        .formatted(WIDTH, height, from, until));
        long step = Math.max(1, (until - from + 9) / 10);
        for (long tick = from; tick <= until; tick += step) {
            svg.append("<line class=\"grid\" x1=\"%1$d\" x2=\"%1$d\" y1=\"%2$d\" y2=\"%3$d\"/>"
                    .formatted(x(tick), TOP, height - 20));
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%d</text>".formatted(x(tick), height - 6, tick));
        }
        for (int i = 0; i < objects.size(); i++) {
            object(svg, objects.get(i), TOP + ROW * i);
        }
        epoch.ifPresent(now -> svg.append(
                "<line class=\"now\" x1=\"%1$d\" x2=\"%1$d\" y1=\"14\" y2=\"%2$d\"/><text x=\"%1$d\" y=\"10\" text-anchor=\"middle\">as of %3$d</text>"
                        .formatted(x(now), height - 20, now)));
        return svg.append("</svg>").toString();
    }

    private void object(StringBuilder svg, Answer object, int y) {
        long registered = number(object, "registeredEpoch");
        long end = number(object, "endEpoch");
        boolean deleted = object.has("deleted");
        String kind = object.text("kind").equals("pooled")
                ? "In storage pool"
                : object.has("deletable") ? "Deletable, own" : "Permanent, own";
        svg.append("<text x=\"0\" y=\"%d\">%s</text><text x=\"0\" y=\"%d\">%s</text>"
                .formatted(y + 11, kind, y + 24, Words.cut(object.text("objectId"))));
        String ended = deleted || !object.has("alive") ? " ended" : "";
        svg.append("<rect class=\"registered%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"10\" rx=\"3\"/>"
                .formatted(ended, x(registered), y + 6, Math.max(2, x(end) - x(registered))));
        if (object.has("certifiedEpoch")) {
            long certified = number(object, "certifiedEpoch");
            svg.append("<rect class=\"certified%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"10\" rx=\"3\"/>"
                    .formatted(ended, x(certified), y + 6, Math.max(2, x(end) - x(certified))));
            svg.append(
                    "<circle class=\"mark done\" cx=\"%d\" cy=\"%d\" r=\"4\"><title>certified in epoch %d</title></circle>"
                            .formatted(x(certified), y + 11, certified));
        } else {
            svg.append(
                    "<circle class=\"mark\" cx=\"%d\" cy=\"%d\" r=\"4\"><title>registered in epoch %d</title></circle>"
                            .formatted(x(registered), y + 11, registered));
        }
        if (deleted) {
            svg.append("<path class=\"gone\" d=\"M%1$d %2$dl8 8m0-8l-8 8\"><title>deleted</title></path>"
                    .formatted(x(end) - 4, y + 7));
        }
    }

    private int x(long epoch) {
        return (int) (LEFT + (WIDTH - LEFT - 24) * (epoch - from) / Math.max(1, until - from));
    }

    private static long number(Answer object, String name) {
        return Long.parseLong(object.text(name));
    }
}
