package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.Digest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
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

    /** Text as PostgreSQL can hold it: the one character it refuses is replaced. The fact keeps the bytes. */
    static String text(String chainText) {
        return chainText.indexOf('\u0000') < 0 ? chainText : chainText.replace('\u0000', '\uFFFD');
    }
}
