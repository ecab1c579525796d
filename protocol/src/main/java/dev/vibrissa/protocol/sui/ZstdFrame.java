package dev.vibrissa.protocol.sui;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Unpacks one zstd frame without trusting what it says about its size. */
final class ZstdFrame {
    /** Largest checkpoint we read, in bytes after decompression: a thousand times the mean of mainnet. */
    static final int MAX_BYTES = 256 << 20;

    /** A size up to this, or up to this many times the file, is believed and allocated at once. */
    private static final int BELIEVED_BYTES = 4 << 20;

    private static final int BELIEVED_RATIO = 32;

    private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private ZstdFrame() {}

    static boolean isOne(byte[] file) {
        return file.length >= 4 && Arrays.equals(file, 0, 4, MAGIC, 0, 4);
    }

    /**
     * @throws CheckpointFormatException if the frame is damaged, is not all of the file, or holds more than
     *     {@link #MAX_BYTES}
     */
    static byte[] decompress(byte[] file, String name) {
        try {
            long frame = Zstd.findFrameCompressedSize(file);
            if (frame != file.length) {
                throw new CheckpointFormatException(
                        name, "%d bytes after the zstd frame of %d".formatted(file.length - frame, frame));
            }
            long declared = Zstd.getFrameContentSize(file); // below zero if the frame does not say
            if (declared > MAX_BYTES) {
                throw tooLarge(name, declared + " bytes");
            }
            int believed = (int) Math.min(MAX_BYTES, Math.max(BELIEVED_BYTES, (long) BELIEVED_RATIO * file.length));
            return declared > 0 && declared <= believed
                    ? atOnce(file, (int) declared, name)
                    : growing(file, believed, name);
        } catch (ZstdException | IOException e) {
            throw new CheckpointFormatException(
                    name, "zstd frame of %d bytes: %s".formatted(file.length, e.getMessage()), e);
        }
    }

    private static byte[] atOnce(byte[] file, int size, String name) {
        byte[] content = new byte[size];
        long written = Zstd.decompressByteArray(content, 0, size, file, 0, file.length);
        if (written != size) {
            throw new CheckpointFormatException(name, "zstd frame says %d bytes, holds %d".formatted(size, written));
        }
        return content;
    }

    /** Takes memory as content arrives; beyond {@code believed} bytes counts first, so that a bomb costs only time. */
    private static byte[] growing(byte[] file, int believed, String name) throws IOException {
        byte[] content = new byte[(int) Math.min(believed, 1_024 + 4L * file.length)];
        int size = 0;
        try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(file))) {
            for (int read = in.read(content); read >= 0; read = in.read(content, size, content.length - size)) {
                size += read;
                if (size == believed) {
                    return atOnce(file, size + countRest(in, size, name), name);
                }
                if (size == content.length) {
                    content = Arrays.copyOf(content, (int) Math.min(believed, 2L * size));
                }
            }
        }
        return Arrays.copyOf(content, size);
    }

    private static int countRest(InputStream in, int before, String name) throws IOException {
        byte[] unused = new byte[1 << 17];
        int rest = 0;
        for (int read = in.read(unused); read >= 0; read = in.read(unused)) {
            rest += read;
            if (before + rest > MAX_BYTES) {
                throw tooLarge(name, "more than " + MAX_BYTES + " bytes");
            }
        }
        return rest;
    }

    private static CheckpointFormatException tooLarge(String name, String size) {
        return new CheckpointFormatException(
                name, "%s after decompression; we read up to %d".formatted(size, MAX_BYTES));
    }
}
