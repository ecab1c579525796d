package dev.vibrissa.indexer.write;

import dev.vibrissa.protocol.bcs.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in PostgreSQL's binary COPY format, the fastest way in: about three times a batched INSERT.
 *
 * <p>All integers big-endian. A row is its number of fields (int16), then each field as its length (int32, -1 for
 * null) and bytes. Written straight from the caller's values into one buffer, without an object per field.
 *
 * @see "PostgreSQL manual, COPY, Binary Format"
 */
public final class BinaryCopy implements AutoCloseable {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L; // 2000-01-01T00:00:00Z
    private static final int TEXT_OID = 25;
    private static final int FLUSH_BYTES = 1 << 16;

    private final CopyIn copy;
    private final int columns;
    private byte[] buffer = new byte[FLUSH_BYTES + (FLUSH_BYTES >> 1)];
    private int size;
    private long rows;

    /**
     * Begins a COPY into {@code table}; nothing else may use the connection until {@link #finish}.
     *
     * @param columns comma-separated column names, in the order the fields will come
     */
    public BinaryCopy(Connection db, String table, String columns) throws SQLException {
        this.columns = (int) columns.chars().filter(c -> c == ',').count() + 1;
        this.copy = db.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy %s (%s) from stdin with (format binary)".formatted(table, columns));
        put(SIGNATURE);
        int32(0); // flags
        int32(0); // length of the header extension
    }

    /** Begins the next row. */
    public BinaryCopy row() throws SQLException {
        if (size >= FLUSH_BYTES) {
            flush();
        }
        room(2);
        SHORT.set(buffer, size, (short) columns);
        size += 2;
        rows++;
        return this;
    }

    public BinaryCopy bytea(byte @Nullable [] value) {
        if (value == null) {
            return none();
        }
        int32(value.length);
        put(value);
        return this;
    }

    public BinaryCopy bytea(Bytes value) {
        int32(value.length());
        return value.with((array, offset, length) -> {
            put(array, offset, length);
            return this;
        });
    }

    /** Of any characters: the one that PostgreSQL refuses is replaced. */
    public BinaryCopy text(@Nullable String value) {
        return bytea(value == null ? null : value.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8));
    }

    public BinaryCopy bigint(long value) {
        int32(8);
        return int64(value);
    }

    /**
     * A {@code numeric} with the value of an unsigned 64-bit integer: digits of base 10 000, the highest first.
     *
     * @param bits the {@code long} of the same bits
     */
    public BinaryCopy unsigned(long bits) {
        int digits = 0;
        for (long rest = bits; rest != 0; rest = Long.divideUnsigned(rest, 10_000)) {
            digits++;
        }
        int32(8 + 2 * digits);
        room(8 + 2 * digits);
        SHORT.set(buffer, size, (short) digits);
        SHORT.set(buffer, size + 2, (short) Math.max(0, digits - 1)); // weight of the first digit
        SHORT.set(buffer, size + 4, (short) 0); // positive
        SHORT.set(buffer, size + 6, (short) 0); // nothing behind the point
        long rest = bits;
        for (int i = digits - 1; i >= 0; i--, rest = Long.divideUnsigned(rest, 10_000)) {
            SHORT.set(buffer, size + 8 + 2 * i, (short) Long.remainderUnsigned(rest, 10_000));
        }
        size += 8 + 2 * digits;
        return this;
    }

    public BinaryCopy integer(int value) {
        int32(4);
        int32(value);
        return this;
    }

    public BinaryCopy smallint(int value) {
        int32(2);
        room(2);
        SHORT.set(buffer, size, (short) value);
        size += 2;
        return this;
    }

    public BinaryCopy bool(boolean value) {
        int32(1);
        room(1);
        buffer[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    /** A {@code timestamptz}: microseconds since 2000. */
    public BinaryCopy timestamp(Instant value) {
        int32(8);
        return int64(Math.addExact(
                Math.multiplyExact(value.getEpochSecond() - POSTGRES_EPOCH_SECONDS, 1_000_000L),
                value.getNano() / 1000));
    }

    /** A one-dimensional {@code text[]}. */
    public BinaryCopy texts(List<String> values) {
        room(4);
        int start = size;
        size += 4;
        int32(values.isEmpty() ? 0 : 1); // dimensions
        int32(0); // no nulls
        int32(TEXT_OID);
        if (!values.isEmpty()) {
            int32(values.size());
            int32(1); // lower bound
            values.forEach(this::text);
        }
        INT.set(buffer, start, size - start - 4);
        return this;
    }

    public BinaryCopy none() {
        int32(-1);
        return this;
    }

    /** Ends the COPY and gives the number of rows; their constraints have been checked by then. */
    public long finish() throws SQLException {
        room(2);
        SHORT.set(buffer, size, (short) -1);
        size += 2;
        flush();
        long stored = copy.endCopy();
        if (stored != rows) {
            throw new SQLException("COPY stored %d of %d rows".formatted(stored, rows));
        }
        return stored;
    }

    /** Gives up a COPY that was not finished, so that the connection can be rolled back. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private BinaryCopy int64(long value) {
        room(8);
        LONG.set(buffer, size, value);
        size += 8;
        return this;
    }

    private void int32(int value) {
        room(4);
        INT.set(buffer, size, value);
        size += 4;
    }

    private void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int offset, int length) {
        room(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer, 0, size);
        size = 0;
    }

    private void room(int more) {
        if (more > buffer.length - size) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
