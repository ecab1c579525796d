package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Identifiers in and out of JDBC. */
final class Rows {
    private Rows() {}

    static Array byteas(Connection db, Collection<? extends Id32<?>> ids) throws SQLException {
        return db.createArrayOf("bytea", ids.stream().map(Id32::toByteArray).toArray(byte[][]::new));
    }

    static byte @Nullable [] bytes(@Nullable Id32<?> id) {
        return id == null ? null : id.toByteArray();
    }

    static @Nullable Digest digest(ResultSet from, String column) throws SQLException {
        byte @Nullable [] bytes = from.getBytes(column);
        return bytes == null ? null : new Digest(bytes);
    }

    static Optional<SuiAddress> address(ResultSet from, String column) throws SQLException {
        byte @Nullable [] bytes = from.getBytes(column);
        return Optional.ofNullable(bytes).map(SuiAddress::new);
    }

    static void update(Connection db, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** Text as PostgreSQL can hold it: the one character it refuses is replaced. The fact keeps the bytes. */
    static String text(String chainText) {
        return chainText.indexOf('\u0000') < 0 ? chainText : chainText.replace('\u0000', '\uFFFD');
    }
}
