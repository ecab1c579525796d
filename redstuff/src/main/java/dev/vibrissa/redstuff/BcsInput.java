package dev.vibrissa.redstuff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the few BCS forms of RedStuff and of quilts, strictly: lengths are canonical ULEB128 and never exceed the bytes that are left, so
 * that hostile input allocates no more than it brings along.
 */
public final class BcsInput {
    private final byte[] bytes;
    private int position;

    private BcsInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Decodes a value that takes all of {@code bytes}.
     *
     * @throws RedStuffFormatException if it does not, or {@code bytes} are no such value
     */
    public static <T> T decode(byte[] bytes, Function<BcsInput, T> type) {
        var in = new BcsInput(bytes);
        T value = type.apply(in);
        if (in.position != bytes.length) {
            throw new RedStuffFormatException("%d bytes left over".formatted(bytes.length - in.position), in.position);
        }
        return value;
    }

    private void need(int count) {
        if (count < 0 || count > bytes.length - position) {
            throw new RedStuffFormatException(
                    "%d bytes wanted, %d left".formatted(count, bytes.length - position), position);
        }
    }

    RedStuffFormatException unknownTag(String type, int tag) {
        return refused("unknown tag %d of a %s".formatted(tag, type));
    }

    RedStuffFormatException refused(String what) {
        return new RedStuffFormatException(what, position - 1);
    }

    /** An unsigned byte. */
    public int u8() {
        need(1);
        return bytes[position++] & 0xff;
    }

    /** Two bytes, unsigned, little-endian. */
    public int u16() {
        int low = u8();
        return low | u8() << 8;
    }

    /** Eight bytes, little-endian; above 2^63 it reads as negative. */
    public long u64() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value |= (long) u8() << shift;
        }
        return value;
    }

    /** So many bytes. */
    public byte[] raw(int count) {
        need(count);
        position += count;
        return Arrays.copyOfRange(bytes, position - count, position);
    }

    /** A length and that many bytes. */
    public byte[] bytes() {
        return raw(length(1));
    }

    /** The count of a sequence whose items take at least {@code minItemBytes} each. */
    int length(int minItemBytes) {
        int start = position;
        long count = 0;
        int shift = 0;
        int b;
        do {
            b = u8();
            count |= (long) (b & 0x7f) << shift;
            shift += 7;
        } while (b >= 0x80 && shift < 35);
        if (b >= 0x80 || (b == 0 && shift > 7) || count > Integer.MAX_VALUE) {
            throw new RedStuffFormatException("no canonical length below 2^31", start);
        }
        if (count * minItemBytes > bytes.length - position) {
            throw new RedStuffFormatException(
                    "%d items of at least %d bytes, but %d bytes are left"
                            .formatted(count, minItemBytes, bytes.length - position),
                    start);
        }
        return (int) count;
    }

    /**
     * A sequence.
     *
     * @param minItemBytes fewest bytes that an item takes, so that a count is held against the bytes that are left
     */
    public <T> List<T> list(int minItemBytes, Function<BcsInput, T> item) {
        int count = length(minItemBytes);
        var items = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.apply(this));
        }
        return List.copyOf(items);
    }
}
