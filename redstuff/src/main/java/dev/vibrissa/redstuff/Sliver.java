package dev.vibrissa.redstuff;

import java.util.Arrays;

/**
 * A primary or secondary sliver: {@code k2} or {@code k1} symbols, one after the other.
 *
 * <p>BCS: data with its length, symbol size (u16, not zero), index (u16). The type is not part of it.
 *
 * @param index on its own axis: the row of a primary sliver, the column of a secondary one; not the index of the pair
 * @param symbolBytes 1 to 65 535
 * @param data not copied
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes; equality is by content below
public record Sliver(SliverType type, int index, int symbolBytes, byte[] data) {
    private static final int MAX_U16 = 0xffff;

    public Sliver {
        if (index < 0 || index > MAX_U16 || symbolBytes < 1 || symbolBytes > MAX_U16) {
            throw new IllegalArgumentException("sliver %d with symbols of %d bytes".formatted(index, symbolBytes));
        }
    }

    /**
     * Reads a sliver that was asked for as one of {@code type}.
     *
     * @throws RedStuffFormatException if {@code bytes} is not exactly a sliver
     */
    public static Sliver decode(SliverType type, byte[] bytes) {
        return BcsInput.decode(bytes, in -> {
            byte[] data = in.bytes();
            int symbolBytes = in.u16();
            if (symbolBytes == 0) {
                throw in.refused("symbols of 0 bytes");
            }
            return new Sliver(type, in.u16(), symbolBytes, data);
        });
    }

    /** In BCS. */
    public byte[] encode() {
        return new BcsOutput(data.length + 9)
                .bytes(data)
                .u16(symbolBytes)
                .u16(index)
                .toByteArray();
    }

    /** Bytes in BCS of a sliver with so many bytes of data, which is what an answer has to have. */
    public static long encodedBytes(long dataBytes) {
        int length = 1;
        for (long rest = dataBytes; rest >= 0x80; rest >>>= 7) {
            length++;
        }
        return length + dataBytes + 4;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sliver sliver
                && type == sliver.type
                && index == sliver.index
                && symbolBytes == sliver.symbolBytes
                && Arrays.equals(data, sliver.data);
    }

    @Override
    public int hashCode() {
        return 31 * index + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "%s sliver %d, %d bytes in symbols of %d".formatted(type, index, data.length, symbolBytes);
    }
}
