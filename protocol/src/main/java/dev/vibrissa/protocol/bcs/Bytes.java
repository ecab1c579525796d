package dev.vibrissa.protocol.bcs;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes that never change, with real equality.
 *
 * <p>A value is a window into a larger array, so that decoding a checkpoint copies nothing. It therefore keeps that
 * array alive: take {@link #detached()} of what outlives the checkpoint.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** All of {@code array}, which the caller hands over: it must not be modified afterwards. */
    public static Bytes of(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /**
     * A window into {@code array}, which must not be modified afterwards.
     *
     * @throws IndexOutOfBoundsException if the window reaches outside of the array
     */
    public static Bytes of(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(
                    "range %d+%d lies outside of %d bytes".formatted(offset, length, array.length));
        }
        return new Bytes(array, offset, length);
    }

    public static Bytes parseHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * @throws IndexOutOfBoundsException if {@code index} is not below {@link #length()}
     */
    public byte at(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException("byte %d of %d".formatted(index, length));
        }
        return array[offset + index];
    }

    /** A smaller window into the same array. */
    public Bytes slice(int from, int size) {
        if (from < 0 || size < 0 || from > length - size) {
            throw new IndexOutOfBoundsException("range %d+%d lies outside of %d bytes".formatted(from, size, length));
        }
        return new Bytes(array, offset + from, size);
    }

    /** A copy of the bytes, the caller's to modify. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The same bytes in an array of their own. */
    public Bytes detached() {
        return length == array.length ? this : of(toByteArray());
    }

    /** Reads these bytes from the first to the last; positions in faults count from the start of the whole array. */
    public BcsReader reader() {
        return new BcsReader(array, offset, length);
    }

    /** Gives {@code sink} the array behind this window: for hashing and for codecs that take a range. */
    public <T> T with(Range<T> sink) {
        return sink.apply(array, offset, length);
    }

    /** What can be done with a range of an array; it must only read. */
    @FunctionalInterface
    public interface Range<T> {
        T apply(byte[] array, int offset, int length);
    }

    /** Unsigned and lexicographic, as PostgreSQL orders {@code bytea}. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array, offset, offset + length, other.array, other.offset, other.offset + other.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes o
                && Arrays.equals(array, offset, offset + length, o.array, o.offset, o.offset + o.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Lower-case hex. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(array, offset, offset + length);
    }
}
