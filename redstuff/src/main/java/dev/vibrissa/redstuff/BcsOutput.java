package dev.vibrissa.redstuff;

import java.io.ByteArrayOutputStream;

/** Writes the few BCS forms of RedStuff. */
final class BcsOutput {
    private final ByteArrayOutputStream bytes;

    BcsOutput(int expectedBytes) {
        bytes = new ByteArrayOutputStream(expectedBytes);
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    BcsOutput u8(int value) {
        bytes.write(value);
        return this;
    }

    BcsOutput u16(int value) {
        return u8(value).u8(value >>> 8);
    }

    BcsOutput u64(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            u8((int) (value >>> shift));
        }
        return this;
    }

    BcsOutput raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    BcsOutput length(int count) {
        int rest = count;
        for (; rest >= 0x80; rest >>>= 7) {
            u8(rest | 0x80);
        }
        return u8(rest);
    }

    BcsOutput bytes(byte[] value) {
        return length(value.length).raw(value);
    }
}
