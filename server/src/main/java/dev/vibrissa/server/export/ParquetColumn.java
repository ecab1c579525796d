package dev.vibrissa.server.export;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types.PrimitiveBuilder;

/**
 * How a column of PostgreSQL is told in Parquet. Ids are the text that the API has for them: blob ids URL-safe Base64,
 * digests Base58, addresses and object ids 0x and 64 hex digits. Amounts are DECIMAL(38, 0), times microseconds in UTC.
 */
record ParquetColumn(String name, Form form) {
    private static final int DECIMAL_BYTES = 16;
    private static final int DECIMAL_DIGITS = 38;

    enum Form {
        BLOB_ID,
        DIGEST,
        ADDRESS,
        BYTES,
        INT,
        LONG,
        DOUBLE,
        DECIMAL,
        BOOLEAN,
        TIME,
        TEXT
    }

    private static final Set<String> DIGESTS =
            Set.of("digest", "tx_digest", "registered_tx", "certified_tx", "deleted_tx");
    private static final Set<String> BYTES =
            Set.of("contents", "public_key", "network_public_key", "prover", "probe_id", "subject");

    /** @throws IllegalStateException if no form fits the column's type */
    static ParquetColumn of(ResultSetMetaData result, int index) throws SQLException {
        String name = result.getColumnLabel(index);
        return new ParquetColumn(
                name,
                switch (result.getColumnType(index)) {
                    case Types.SMALLINT, Types.INTEGER -> Form.INT;
                    case Types.BIGINT -> Form.LONG;
                    case Types.DOUBLE -> Form.DOUBLE;
                    case Types.NUMERIC -> Form.DECIMAL;
                    case Types.BIT, Types.BOOLEAN -> Form.BOOLEAN;
                    case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> Form.TIME;
                    case Types.VARCHAR -> Form.TEXT;
                    case Types.BINARY -> ofBytes(name);
                    default ->
                        throw new IllegalStateException("column %s has type %s, for which Parquet has no form here"
                                .formatted(name, result.getColumnTypeName(index)));
                });
    }

    private static Form ofBytes(String name) {
        if (name.equals("blob_id")) {
            return Form.BLOB_ID;
        }
        if (DIGESTS.contains(name) || name.endsWith("_tx")) {
            return Form.DIGEST;
        }
        return BYTES.contains(name) ? Form.BYTES : Form.ADDRESS;
    }

    Type type() {
        return switch (form) {
            case BLOB_ID, DIGEST, ADDRESS, TEXT ->
                optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case BYTES -> optional(PrimitiveTypeName.BINARY).named(name);
            case INT -> optional(PrimitiveTypeName.INT32).named(name);
            case LONG -> optional(PrimitiveTypeName.INT64).named(name);
            case DOUBLE -> optional(PrimitiveTypeName.DOUBLE).named(name);
            case BOOLEAN -> optional(PrimitiveTypeName.BOOLEAN).named(name);
            case DECIMAL ->
                optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                        .length(DECIMAL_BYTES)
                        .as(LogicalTypeAnnotation.decimalType(0, DECIMAL_DIGITS))
                        .named(name);
            case TIME ->
                optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                        .named(name);
        };
    }

    /** Whatever the table says, no column of an export is required: a later version may leave one out. */
    private static PrimitiveBuilder<PrimitiveType> optional(PrimitiveTypeName type) {
        return org.apache.parquet.schema.Types.optional(type);
    }

    /** Adds the value of the current row, if there is one. */
    void copy(ResultSet row, int index, Group to) throws SQLException {
        if (row.getObject(index) == null) {
            return;
        }
        switch (form) {
            case BLOB_ID -> to.add(name, new BlobId(row.getBytes(index)).toString());
            case DIGEST -> to.add(name, new Digest(row.getBytes(index)).toString());
            case ADDRESS -> to.add(name, new SuiAddress(row.getBytes(index)).toString());
            case BYTES -> to.add(name, Binary.fromConstantByteArray(row.getBytes(index)));
            case INT -> to.add(name, row.getInt(index));
            case LONG -> to.add(name, row.getLong(index));
            case DOUBLE -> to.add(name, row.getDouble(index));
            case DECIMAL -> to.add(name, Binary.fromConstantByteArray(decimal(row.getBigDecimal(index))));
            case BOOLEAN -> to.add(name, row.getBoolean(index));
            case TIME ->
                to.add(
                        name,
                        ChronoUnit.MICROS.between(
                                Instant.EPOCH,
                                row.getObject(index, OffsetDateTime.class).toInstant()));
            case TEXT -> to.add(name, row.getString(index));
        }
    }

    /** Two's complement, big-endian, filled up to 16 bytes. */
    static byte[] decimal(BigDecimal value) {
        byte[] digits = value.toBigIntegerExact().toByteArray();
        byte[] filled = new byte[DECIMAL_BYTES];
        if (digits[0] < 0) {
            Arrays.fill(filled, (byte) -1);
        }
        System.arraycopy(digits, 0, filled, DECIMAL_BYTES - digits.length, digits.length);
        return filled;
    }
}
