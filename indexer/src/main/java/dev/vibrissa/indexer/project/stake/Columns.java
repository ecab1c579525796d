package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Identifiers, amounts and texts in and out of JDBC. */
final class Columns {
    private Columns() {}

    static Array byteas(Connection db, Collection<? extends Id32<?>> ids) throws SQLException {
        return db.createArrayOf("bytea", ids.stream().map(Id32::toByteArray).toArray(byte[][]::new));
    }

    static @Nullable SuiAddress address(ResultSet from, String column) throws SQLException {
        byte @Nullable [] bytes = from.getBytes(column);
        return bytes == null ? null : new SuiAddress(bytes);
    }

    /** The unsigned number of a {@code u64}'s bits. */
    static BigDecimal unsigned(long bits) {
        return new BigDecimal(Long.toUnsignedString(bits));
    }

    /** Text as PostgreSQL can hold it: the one character it refuses is replaced. The fact keeps the bytes. */
    static String text(String chainText) {
        return chainText.replace('\u0000', '\uFFFD');
    }
}
