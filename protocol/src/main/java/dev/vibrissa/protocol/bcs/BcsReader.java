package dev.vibrissa.protocol.bcs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads BCS from a byte array, strictly: ULEB128 lengths must be canonical, booleans and option tags 0 or 1,
 * strings valid UTF-8, and a length never exceeds the bytes that are left, so that hostile input cannot make
 * us allocate more than it brought along.
 *
 * <p>Integers are little-endian. Unsigned 64-bit values come back as {@code long} with the same bits
 * ({@link Long#toUnsignedString}); unsigned 32-bit values as {@code long} without a sign.
 *
 * <p>Not safe for use by several threads.
 *
 * @see "the BCS specification, github.com/diem/bcs"
 */
public final class BcsReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Longest sequence BCS allows: 2^31 - 1 items. */
    public static final int MAX_LENGTH = Integer.MAX_VALUE;

    private final byte[] bytes;
    private final int end;
    private int position;

    public BcsReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads {@code length} bytes from {@code offset} on; positions are those of the whole array. */
    public BcsReader(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || offset > bytes.length - length) {
            throw new IllegalArgumentException(
                    "range %d+%d lies outside of %d bytes".formatted(offset, length, bytes.length));
        }
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    /** Decodes a value that takes all of {@code bytes}. */
    public static <T> T decode(byte[] bytes, Function<BcsReader, T> type) {
        var in = new BcsReader(bytes);
        T value = type.apply(in);
        in.end();
        return value;
    }

    /** Decodes a value that takes all of {@code bytes}. */
    public static <T> T decode(Bytes bytes, Function<BcsReader, T> type) {
        var in = bytes.reader();
        T value = type.apply(in);
        in.end();
        return value;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return end - position;
    }

    /** Fails if bytes are left over: they mean a type that grew, or not the type we think. */
    public void end() {
        if (position != end) {
            throw new BcsException("%d bytes left over".formatted(end - position), position);
        }
    }

    public int u8() {
        need(1);
        return bytes[position++] & 0xff;
    }

    public int u16() {
        need(2);
        int value = (short) SHORT.get(bytes, position) & 0xffff;
        position += 2;
        return value;
    }

    /** An unsigned 32-bit integer, 0 to 4 294 967 295. */
    public long u32() {
        need(4);
        long value = (int) INT.get(bytes, position) & 0xffff_ffffL;
        position += 4;
        return value;
    }

    /** An unsigned 64-bit integer as the {@code long} of the same bits. */
    public long u64() {
        need(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    public BigInteger u128() {
        return unsigned(16);
    }

    public BigInteger u256() {
        return unsigned(32);
    }

    private BigInteger unsigned(int size) {
        byte[] little = raw(size);
        for (int i = 0; i < size / 2; i++) {
            byte swap = little[i];
            little[i] = little[size - 1 - i];
            little[size - 1 - i] = swap;
        }
        return new BigInteger(1, little);
    }

    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw new BcsException("%d is no boolean".formatted(value), position - 1);
        }
        return value == 1;
    }

    /** A canonical ULEB128 number below 2^31: a length, a count or an enum variant. */
    public int uleb() {
        int start = position;
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                if (shift > 0 && b == 0) {
                    throw new BcsException("ULEB128 number is not canonical", start);
                }
                if (value > MAX_LENGTH) {
                    throw new BcsException("ULEB128 number %d exceeds 2^31 - 1".formatted(value), start);
                }
                return (int) value;
            }
        }
        throw new BcsException("ULEB128 number is longer than 5 bytes", start);
    }

    /** The variant index of an enum; variants from {@code variants} on are unknown to us. */
    public int variant(String type, int variants) {
        int start = position;
        int index = uleb();
        if (index >= variants) {
            throw new BcsException("%s has no variant %d".formatted(type, index), start);
        }
        return index;
    }

    /** Exactly {@code size} bytes without a length before them. */
    public byte[] raw(int size) {
        need(size);
        byte[] copy = new byte[size];
        System.arraycopy(bytes, position, copy, 0, size);
        position += size;
        return copy;
    }

    /** Exactly {@code size} bytes without a length before them, not copied. */
    public Bytes view(int size) {
        need(size);
        var view = Bytes.of(bytes, position, size);
        position += size;
        return view;
    }

    /** A length and that many bytes ({@code vector<u8>}), not copied. */
    public Bytes bytesView() {
        return view(length(1));
    }

    /** A length and that many bytes ({@code vector<u8>}). */
    public byte[] bytes() {
        return raw(length(1));
    }

    /** A {@code vector<u8>} that must have {@code size} bytes, such as a key or a digest. */
    public byte[] bytesOf(int size) {
        int start = position;
        int length = uleb();
        if (length != size) {
            throw new BcsException("%d bytes where %d are due".formatted(length, size), start);
        }
        return raw(size);
    }

    public void skip(int size) {
        need(size);
        position += size;
    }

    /** Steps over a length and that many bytes. */
    public void skipBytes() {
        skip(length(1));
    }

    /** UTF-8 text; invalid UTF-8 is refused, not replaced. */
    public String string() {
        int length = length(1);
        int start = position;
        position += length;
        for (int i = start; i < position; i++) {
            if (bytes[i] < 0) {
                return utf8(start, length);
            }
        }
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    private String utf8(int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, start, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BcsException("text is not UTF-8", start);
        }
    }

    public <T> Optional<T> option(Function<BcsReader, T> item) {
        return bool() ? Optional.of(item.apply(this)) : Optional.empty();
    }

    /** A sequence whose items take at least one byte each. */
    public <T> List<T> list(Function<BcsReader, T> item) {
        return list(1, item);
    }

    /**
     * A sequence.
     *
     * @param minItemBytes fewest bytes one item can take; bounds the count before anything is allocated
     */
    public <T> List<T> list(int minItemBytes, Function<BcsReader, T> item) {
        int count = length(minItemBytes);
        var items = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.apply(this));
        }
        return List.copyOf(items);
    }

    /** A sequence of {@code u16}, unmodifiable. */
    public List<Integer> u16List() {
        var numbers = new char[length(2)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (char) u16();
        }
        return new U16List(numbers);
    }

    /** The count of a sequence that the caller reads item by item. */
    public int length(int minItemBytes) {
        int start = position;
        int count = uleb();
        if ((long) count * minItemBytes > remaining()) {
            throw new BcsException(
                    "%d items of at least %d bytes, but %d bytes are left".formatted(count, minItemBytes, remaining()),
                    start);
        }
        return count;
    }

    /** The bytes from {@code start} to here, copied: what a digest is taken over. */
    public byte[] since(int start) {
        byte[] copy = new byte[position - start];
        System.arraycopy(bytes, start, copy, 0, copy.length);
        return copy;
    }

    /** The bytes from {@code start} to here, not copied. */
    public Bytes viewSince(int start) {
        return Bytes.of(bytes, start, position - start);
    }

    private void need(int size) {
        if (size > end - position) {
            throw new BcsException("%d bytes wanted, %d left".formatted(size, end - position), position);
        }
    }
}
