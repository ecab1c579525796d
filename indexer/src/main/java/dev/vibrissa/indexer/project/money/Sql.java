package dev.vibrissa.indexer.project.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Single rows and sums, and unsigned numbers in and out of NUMERIC. */
final class Sql {
    private Sql() {}

    static void insert(Connection db, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(
                        i + 1, values[i] instanceof String[] texts ? db.createArrayOf("text", texts) : values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** The first column of the first row; empty if there is no row, or nothing in it. */
    static Optional<BigInteger> first(Connection db, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.ofNullable(row.getBigDecimal(1)).map(BigDecimal::toBigIntegerExact)
                        : Optional.empty();
            }
        }
    }

    static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    static BigDecimal numeric(long unsigned) {
        return new BigDecimal(unsigned(unsigned));
    }

    static long unsigned(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigIntegerExact().longValue();
    }
}
