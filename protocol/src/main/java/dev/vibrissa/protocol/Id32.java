package dev.vibrissa.protocol;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * An identifier of 32 bytes with real equality, ordered as unsigned bytes like PostgreSQL's {@code bytea}.
 *
 * <p>Held as four longs: no array to copy or to leak, and cheap as a map key. Two kinds of identifier are never
 * equal, even with the same bytes.
 */
public abstract class Id32<T extends Id32<T>> implements Comparable<T> {
    /** Bytes in an identifier. */
    public static final int SIZE = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    /**
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    protected Id32(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("%d bytes where 32 are due".formatted(bytes.length));
        }
        a = (long) LONG.get(bytes, 0);
        b = (long) LONG.get(bytes, 8);
        c = (long) LONG.get(bytes, 16);
        d = (long) LONG.get(bytes, 24);
    }

    protected Id32(BcsReader in) {
        this(in.raw(SIZE));
    }

    /** The 32 bytes, a new array at every call. */
    public final byte[] toByteArray() {
        byte[] bytes = new byte[SIZE];
        LONG.set(bytes, 0, a);
        LONG.set(bytes, 8, b);
        LONG.set(bytes, 16, c);
        LONG.set(bytes, 24, d);
        return bytes;
    }

    /** Writes the 32 bytes without a length. */
    public final void encode(BcsWriter out) {
        out.raw(toByteArray());
    }

    public final boolean isZero() {
        return (a | b | c | d) == 0;
    }

    @Override
    public final int compareTo(T other) {
        Id32<T> o = other;
        int order = Long.compareUnsigned(a, o.a);
        if (order == 0) {
            order = Long.compareUnsigned(b, o.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c, o.c);
        }
        return order != 0 ? order : Long.compareUnsigned(d, o.d);
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof Id32<?> o && o.getClass() == getClass() && a == o.a && b == o.b && c == o.c && d == o.d;
    }

    @Override
    public final int hashCode() {
        long mixed = a ^ Long.rotateLeft(b, 17) ^ Long.rotateLeft(c, 31) ^ Long.rotateLeft(d, 47);
        return Long.hashCode(mixed * 0x9E3779B97F4A7C15L);
    }
}
