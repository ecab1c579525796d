package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.Id32;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** New rows of one table, gathered over a batch and written at its end. */
final class TableRows {
    private static final String REPLACED = "replaced_checkpoint";

    private final String table;
    private final List<String> columns;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private final Map<Object, @Nullable Object[]> current = new HashMap<>();
    private final Map<Id32<?>, Long> replaced = new HashMap<>();

    TableRows(String table, String... columns) {
        this.table = table;
        this.columns = List.of(columns);
    }

    /** A row that stays as it is. */
    void add(@Nullable Object... values) {
        rows.add(values);
    }

    /**
     * A row of a history, in force until the next of the same key. Its first columns are the key, {@code checkpoint},
     * {@code tx_index}, {@code tx_digest} and {@code replaced_checkpoint}; a second version within a transaction takes
     * the place of the first.
     */
    void version(Id32<?> key, Place at, @Nullable Object... values) {
        @Nullable Object[] row = new @Nullable Object[5 + values.length];
        row[0] = key;
        row[1] = at.checkpoint();
        row[2] = at.transactionIndex();
        row[3] = at.transaction();
        System.arraycopy(values, 0, row, 5, values.length);
        @Nullable Object[] before = current.put(key, row);
        if (before == null) {
            replaced.put(key, at.checkpoint());
        } else if (Arrays.equals(before, 1, 3, row, 1, 3)) {
            rows.remove(before);
        } else {
            before[4] = at.checkpoint();
        }
        rows.add(row);
    }

    void write(Connection db) throws SQLException {
        if (!replaced.isEmpty()) {
            try (PreparedStatement update = db.prepareStatement("update %s set %s = ? where %s = ? and %s is null"
                    .formatted(table, REPLACED, columns.getFirst(), REPLACED))) {
                for (var each : replaced.entrySet()) {
                    update.setLong(1, each.getValue());
                    update.setBytes(2, each.getKey().toByteArray());
                    update.addBatch();
                }
                update.executeBatch();
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        String insert = "insert into %s (%s) values (%s)"
                .formatted(
                        table, String.join(", ", columns), String.join(", ", Collections.nCopies(columns.size(), "?")));
        try (PreparedStatement statement = db.prepareStatement(insert)) {
            for (@Nullable Object[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    bind(db, statement, i + 1, row[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void bind(Connection db, PreparedStatement statement, int index, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case Id32<?> id -> statement.setBytes(index, id.toByteArray());
            case Optional<?> present -> bind(db, statement, index, present.orElse(null));
            case String[] texts -> statement.setArray(index, db.createArrayOf("text", texts));
            case BigDecimal[] numbers -> statement.setArray(index, db.createArrayOf("numeric", numbers));
            case String text -> statement.setString(index, Columns.text(text));
            case null, default -> statement.setObject(index, value);
        }
    }
}
