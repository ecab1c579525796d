package dev.vibrissa.dashboards.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An SVG picture in the making: lengths are pixels at its natural size, y grows downwards, classes name colours. */
public final class Drawing {
    private final int width;
    private final int height;
    private final String label;
    private final List<Mark> marks = new ArrayList<>();
    private boolean cells;

    /**
     * @param label what the picture says, for those who do not see it
     */
    public Drawing(int width, int height, String label) {
        this.width = width;
        this.height = height;
        this.label = label;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public String label() {
        return label;
    }

    /** Whether something in it leads somewhere: then it is no mere picture. */
    public boolean isLinked() {
        return marks.stream().anyMatch(mark -> !mark.href().isEmpty());
    }

    /** Whether what leads somewhere are cells side by side, among which arrow keys go. */
    public boolean isCells() {
        return cells;
    }

    Drawing ofCells() {
        cells = true;
        return this;
    }

    public List<Mark> marks() {
        return marks;
    }

    public Drawing rect(String of, double x, double y, double width, double height, String title) {
        return mark("rect", of, Map.of("x", n(x), "y", n(y), "width", n(width), "height", n(height)), "", title);
    }

    public Drawing line(String of, double x1, double y1, double x2, double y2) {
        return mark("line", of, Map.of("x1", n(x1), "y1", n(y1), "x2", n(x2), "y2", n(y2)), "", "");
    }

    public Drawing circle(String of, double x, double y, double radius, String title) {
        return mark("circle", of, Map.of("cx", n(x), "cy", n(y), "r", n(radius)), "", title);
    }

    public Drawing path(String of, String d, String title) {
        return mark("path", of, Map.of("d", d), "", title);
    }

    /**
     * @param anchor start, middle or end
     */
    public Drawing text(String of, double x, double y, String anchor, String text) {
        return mark("text", of, Map.of("x", n(x), "y", n(y), "text-anchor", anchor), text, "");
    }

    /** A short text in the middle of x that leads somewhere. */
    public Drawing link(double x, double y, String text, String href, String title) {
        var all = new LinkedHashMap<String, String>(Map.of("x", n(x), "y", n(y), "text-anchor", "middle"));
        all.put("class", "tick link");
        marks.add(new Mark("text", all, text, title, href));
        return this;
    }

    /** Makes the shape that was drawn last lead somewhere. */
    public Drawing leadingTo(String href) {
        marks.set(marks.size() - 1, marks.getLast().leadingTo(href));
        return this;
    }

    private Drawing mark(String shape, String of, Map<String, String> attributes, String text, String title) {
        var all = new LinkedHashMap<String, String>();
        all.put("class", of);
        all.putAll(attributes);
        marks.add(new Mark(shape, all, text, title, ""));
        return this;
    }

    /** A length to the tenth. */
    static String n(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
