package dev.vibrissa.api.sql;

import dev.vibrissa.protocol.Id32;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One state of the database, as of the first statement of a request. */
public final class Snapshot {
    private final Connection connection;
    private final Allowance allowance;

    Snapshot(Connection connection, Allowance allowance) {
        this.connection = connection;
        this.allowance = allowance;
    }

    /** Makes something of the current row. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(Row row) throws SQLException;
    }

    /**
     * All rows of a query.
     *
     * @param arguments for the question marks in order: text, numbers, booleans, instants, byte arrays, identifiers,
     *     collections of identifiers (a {@code bytea[]}), or null
     */
    public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        try {
            allowance.renew(connection);
        } catch (SQLException e) {
            throw new QueryFailedException(e, allowance);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                bind(statement, i + 1, arguments[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                var rows = new ArrayList<T>();
                var row = new Row(found);
                while (found.next()) {
                    rows.add(reader.read(row));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new QueryFailedException(e, allowance);
        }
    }

    /** The first row of a query. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        return list(sql, reader, arguments).stream().findFirst();
    }

    /** The only row of a query that always gives one. */
    public <T> T one(String sql, RowReader<T> reader, @Nullable Object... arguments) {
        return first(sql, reader, arguments).orElseThrow();
    }

    private void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case Id32<?> id -> statement.setBytes(index, id.toByteArray());
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case Collection<?> ids ->
                statement.setArray(
                        index,
                        connection.createArrayOf(
                                "bytea",
                                ids.stream()
                                        .map(id -> ((Id32<?>) id).toByteArray())
                                        .toArray(byte[][]::new)));
            case null, default -> statement.setObject(index, value);
        }
    }
}
