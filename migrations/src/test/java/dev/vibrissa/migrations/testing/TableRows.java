package dev.vibrissa.migrations.testing;

import dev.vibrissa.migrations.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** What a query finds, as text. */
public final class TableRows {
    private TableRows() {}

    /** One line a row, its columns in order with {@code |} between them; {@code null} where there is nothing. */
    public static List<String> of(Database database, String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (var db = database.connect();
                var statement = db.createStatement();
                var found = statement.executeQuery(sql)) {
            while (found.next()) {
                var row = new StringJoiner("|");
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(found.getString(i)));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
