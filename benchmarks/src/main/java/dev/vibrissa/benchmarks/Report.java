package dev.vibrissa.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The printed result: Markdown, line by line, and whether everything in it holds. */
final class Report {
    private final List<String> lines = new ArrayList<>();
    private boolean failed;

    void text(String line) {
        lines.add(line);
    }

    void table(List<String> heads, List<List<String>> rows) {
        lines.add("");
        lines.add(row(heads));
        lines.add("|" + "---|".repeat(heads.size()));
        rows.forEach(cells -> lines.add(row(cells)));
        lines.add("");
    }

    /** A claim that the run either bears out or not. */
    void claim(String what, boolean holds) {
        lines.add("* %s: **%s**".formatted(what, holds ? "ok" : "FAIL"));
        failed |= !holds;
    }

    boolean hasFailed() {
        return failed;
    }

    String markdown() {
        return String.join("\n", lines) + "\n";
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
