package dev.vibrissa.protocol.bcs;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes BCS: the exact inverse of {@link BcsReader}. Not safe for use by several threads. */
public final class BcsWriter {
    private byte[] buffer = new byte[128];
    private int size;

    /** The bytes of one value. */
    public static <T> byte[] encode(T value, BiConsumer<BcsWriter, T> type) {
        var out = new BcsWriter();
        type.accept(out, value);
        return out.toByteArray();
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    public BcsWriter u8(int value) {
        room(1);
        buffer[size++] = (byte) value;
        return this;
    }

    public BcsWriter u16(int value) {
        return little(value, 2);
    }

    public BcsWriter u32(long value) {
        return little(value, 4);
    }

    /** An unsigned 64-bit integer given as the {@code long} of the same bits. */
    public BcsWriter u64(long value) {
        return little(value, 8);
    }

    public BcsWriter u128(BigInteger value) {
        return unsigned(value, 16);
    }

    public BcsWriter u256(BigInteger value) {
        return unsigned(value, 32);
    }

    private BcsWriter unsigned(BigInteger value, int bytes) {
        if (value.signum() < 0 || value.bitLength() > bytes * 8) {
            throw new IllegalArgumentException("%s does not fit u%d".formatted(value, bytes * 8));
        }
        byte[] big = value.toByteArray();
        room(bytes);
        for (int i = 0; i < bytes; i++) {
            int from = big.length - 1 - i;
            buffer[size++] = from >= 0 ? big[from] : 0;
        }
        return this;
    }

    private BcsWriter little(long value, int bytes) {
        room(bytes);
        for (int i = 0; i < bytes; i++) {
            buffer[size++] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    public BcsWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    public BcsWriter uleb(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("%d is no length".formatted(value));
        }
        int rest = value;
        while (rest >= 0x80) {
            u8(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        return u8(rest);
    }

    /** Bytes without a length before them. */
    public BcsWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, buffer, size, value.length);
        size += value.length;
        return this;
    }

    public BcsWriter bytes(byte[] value) {
        return uleb(value.length).raw(value);
    }

    /** Bytes without a length before them. */
    public BcsWriter raw(Bytes value) {
        return value.with((array, offset, length) -> {
            room(length);
            System.arraycopy(array, offset, buffer, size, length);
            size += length;
            return this;
        });
    }

    public BcsWriter bytes(Bytes value) {
        return uleb(value.length()).raw(value);
    }

    public BcsWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public <T> BcsWriter option(Optional<T> value, BiConsumer<BcsWriter, T> item) {
        bool(value.isPresent());
        value.ifPresent(present -> item.accept(this, present));
        return this;
    }

    public <T> BcsWriter list(Collection<T> items, BiConsumer<BcsWriter, T> item) {
        uleb(items.size());
        items.forEach(each -> item.accept(this, each));
        return this;
    }

    private void room(int more) {
        if (more > buffer.length - size) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
