package dev.vibrissa.api.sql;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The current row of a result, its columns by name and by what they mean. */
public final class Row {
    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    public String text(String column) throws SQLException {
        return present(column, result.getString(column));
    }

    public @Nullable String textOrNull(String column) throws SQLException {
        return result.getString(column);
    }

    public List<String> texts(String column) throws SQLException {
        return List.of((String[]) result.getArray(column).getArray());
    }

    public boolean bool(String column) throws SQLException {
        return result.getBoolean(column);
    }

    public int integer(String column) throws SQLException {
        return result.getInt(column);
    }

    public @Nullable Integer integerOrNull(String column) throws SQLException {
        return result.getObject(column, Integer.class);
    }

    public long number(String column) throws SQLException {
        return result.getLong(column);
    }

    public @Nullable Long numberOrNull(String column) throws SQLException {
        return result.getObject(column, Long.class);
    }

    /** An unsigned 64-bit amount or size as the decimal text in which JSON carries it unrounded. */
    public String amount(String column) throws SQLException {
        return present(column, amountOrNull(column));
    }

    public @Nullable String amountOrNull(String column) throws SQLException {
        BigDecimal value = result.getBigDecimal(column);
        return value == null ? null : value.toPlainString();
    }

    public List<Integer> integers(String column) throws SQLException {
        return List.of((Integer[]) result.getArray(column).getArray());
    }

    public List<Long> numbers(String column) throws SQLException {
        return List.of((Long[]) result.getArray(column).getArray());
    }

    /** An array of amounts. */
    public List<String> amounts(String column) throws SQLException {
        return Arrays.stream((BigDecimal[]) result.getArray(column).getArray())
                .map(BigDecimal::toPlainString)
                .toList();
    }

    public Instant instant(String column) throws SQLException {
        return present(column, instantOrNull(column));
    }

    public @Nullable Instant instantOrNull(String column) throws SQLException {
        OffsetDateTime value = result.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    public double fraction(String column) throws SQLException {
        return result.getDouble(column);
    }

    public @Nullable Double fractionOrNull(String column) throws SQLException {
        return result.getObject(column, Double.class);
    }

    public @Nullable LocalDate dateOrNull(String column) throws SQLException {
        return result.getObject(column, LocalDate.class);
    }

    public byte[] bytes(String column) throws SQLException {
        return present(column, result.getBytes(column));
    }

    public byte @Nullable [] bytesOrNull(String column) throws SQLException {
        return result.getBytes(column);
    }

    public BlobId blobId(String column) throws SQLException {
        return new BlobId(bytes(column));
    }

    public @Nullable BlobId blobIdOrNull(String column) throws SQLException {
        byte @Nullable [] bytes = result.getBytes(column);
        return bytes == null ? null : new BlobId(bytes);
    }

    public SuiAddress address(String column) throws SQLException {
        return new SuiAddress(bytes(column));
    }

    public @Nullable SuiAddress addressOrNull(String column) throws SQLException {
        byte @Nullable [] bytes = result.getBytes(column);
        return bytes == null ? null : new SuiAddress(bytes);
    }

    public Digest digest(String column) throws SQLException {
        return new Digest(bytes(column));
    }

    public @Nullable Digest digestOrNull(String column) throws SQLException {
        byte @Nullable [] bytes = result.getBytes(column);
        return bytes == null ? null : new Digest(bytes);
    }

    private static <T> T present(String column, @Nullable T value) {
        return Objects.requireNonNull(value, () -> "column " + column + " is null");
    }
}
