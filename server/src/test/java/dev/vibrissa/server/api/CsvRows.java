package dev.vibrissa.server.api;

import java.util.ArrayList;
import java.util.List;

/** Reads CSV as RFC 4180 has it, for tests that do not want to trust the writer. */
public final class CsvRows {
    private CsvRows() {}

    /** The lines with their cells, the head included. */
    public static List<List<String>> of(String text) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        if (quoted || !cell.isEmpty() || !row.isEmpty()) {
            throw new IllegalArgumentException("the last of %d lines has no end".formatted(rows.size() + 1));
        }
        return rows;
    }
}
