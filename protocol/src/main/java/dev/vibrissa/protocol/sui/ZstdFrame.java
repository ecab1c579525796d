package dev.vibrissa.protocol.sui;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
        long frame = Zstd.findFrameCompressedSize(file);
        if (Zstd.isError(frame)) {
            throw new CheckpointFormatException(
                    name, "zstd frame of %d bytes: %s".formatted(file.length, Zstd.getErrorName(frame)));
        }
        if (frame != file.length) {
            throw new CheckpointFormatException(
                    name, "%d bytes after the zstd frame of %d".formatted(file.length - frame, frame));
        }
        long declared = Zstd.getFrameContentSize(file); // below zero if the frame does not say
        if (declared > MAX_BYTES) {
            throw tooLarge(name, declared + " bytes");
        }
        long believed = Math.max(BELIEVED_BYTES, (long) BELIEVED_RATIO * file.length);
        return declared > 0 && declared <= believed
                ? atOnce(file, (int) declared, name)
                : growing(file, name, (int) Math.min(believed, MAX_BYTES));
    }

    private static byte[] atOnce(byte[] file, int size, String name) {
        byte[] content = new byte[size];
        long written = Zstd.decompressByteArray(content, 0, size, file, 0, file.length);
        if (Zstd.isError(written)) {
            throw new CheckpointFormatException(
                    name, "zstd frame of %d bytes: %s".formatted(file.length, Zstd.getErrorName(written)));
        }
        if (written != size) {
            throw new CheckpointFormatException(name, "zstd frame says %d bytes, holds %d".formatted(size, written));
        }
        return content;
    }

    /** Takes memory only as content arrives: a bomb costs at most {@link #MAX_BYTES}, a false size nothing. */
    private static byte[] growing(byte[] file, String name, int firstBytes) {
        byte[] content = new byte[Math.min(firstBytes, BELIEVED_BYTES)];
        int size = 0;
        try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(file))) {
            for (int read = in.read(content); read >= 0; read = in.read(content, size, content.length - size)) {
                size += read;
                if (size == content.length) {
                    if (size == MAX_BYTES) {
                        throw tooLarge(name, "at least " + size + " bytes");
                    }
                    content = Arrays.copyOf(content, (int) Math.min(MAX_BYTES, 2L * size));
                }
            }
        } catch (IOException e) {
            throw new CheckpointFormatException(
                    name, "zstd frame of %d bytes: %s".formatted(file.length, e.getMessage()), e);
        }
        return Arrays.copyOf(content, size);
    }

    private static CheckpointFormatException tooLarge(String name, String size) {
        return new CheckpointFormatException(
                name, "%s after decompression, more than the %d we read".formatted(size, MAX_BYTES));
    }
}
