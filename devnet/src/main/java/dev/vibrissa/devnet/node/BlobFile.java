package dev.vibrissa.devnet.node;

import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/**
 * What a node keeps of one blob, in one file: the length of the metadata (u32, little-endian), the metadata with its blob
 * id, two bitmaps of the pairs whose primary and secondary slivers follow, and those, by pair, primary before secondary.
 * Metadata and slivers stand as they are answered. All slivers of a type are equally long, so that one is read without
 * the others.
 *
 * <p>A change is another file that takes the place of the old one: a reader sees either, and so does who starts after a
 * crash of the process. It is not forced to the disk, which hundreds of small files would pay for dearly.
 */
record BlobFile(Path path, EncodingConfig config) {
    /** A place in a file. */
    record Place(SliverType type, int pair) {}

    /** What stands before the slivers. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Head(byte[] metadata, BitSet primary, BitSet secondary) {
        /** Where in the metadata the length of the blob stands: behind the id, version and encoding type. */
        private static final int BLOB_BYTES_AT = 34;

        BitSet pairs(SliverType type) {
            return type == SliverType.PRIMARY ? primary : secondary;
        }

        boolean has(Place place) {
            return pairs(place.type()).get(place.pair());
        }

        private int symbolBytes(EncodingConfig config) {
            return config.symbolBytes(
                    ByteBuffer.wrap(metadata).order(ByteOrder.LITTLE_ENDIAN).getLong(BLOB_BYTES_AT));
        }

        /** Bytes of a sliver of {@code type}, as it is answered. */
        int sliverBytes(SliverType type, EncodingConfig config) {
            return Math.toIntExact(Sliver.encodedBytes(config.sliverBytes(type, symbolBytes(config))));
        }

        private int bytes(EncodingConfig config) {
            return Integer.BYTES + metadata.length + 2 * bitmapBytes(config);
        }

        private long offsetOf(Place place, EncodingConfig config) {
            long primaries = primary.get(0, place.pair()).cardinality();
            if (place.type() == SliverType.SECONDARY && primary.get(place.pair())) {
                primaries++;
            }
            return bytes(config)
                    + primaries * sliverBytes(SliverType.PRIMARY, config)
                    + (long) secondary.get(0, place.pair()).cardinality() * sliverBytes(SliverType.SECONDARY, config);
        }

        private ByteBuffer encode(EncodingConfig config) {
            ByteBuffer out = ByteBuffer.allocate(bytes(config)).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(metadata.length).put(metadata);
            for (SliverType type : SliverType.values()) {
                int end = out.position() + bitmapBytes(config);
                out.put(pairs(type).toByteArray()).position(end);
            }
            return out.flip();
        }
    }

    private static int bitmapBytes(EncodingConfig config) {
        return (config.shards() + 7) / 8;
    }

    /** Empty if there is no such file. */
    Optional<Head> head() throws IOException {
        try (var in = FileChannel.open(path, StandardOpenOption.READ)) {
            return Optional.of(head(in));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /**
     * The head of a file that is as long as it says. Empty if there is no such file.
     *
     * @throws IOException if it is damaged
     */
    Optional<Head> checkedHead() throws IOException {
        try (var in = FileChannel.open(path, StandardOpenOption.READ)) {
            Head head = head(in);
            long bytes = head.offsetOf(new Place(SliverType.PRIMARY, config.shards()), config);
            if (in.size() != bytes) {
                throw new IOException("%s has %d bytes, not %d".formatted(path, in.size(), bytes));
            }
            return Optional.of(head);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private Head head(FileChannel in) throws IOException {
        int metadataBytes = read(in, 0, Integer.BYTES).getInt();
        int bitmap = bitmapBytes(config);
        if (metadataBytes < Head.BLOB_BYTES_AT + Long.BYTES || metadataBytes > in.size()) {
            throw new IOException("%s has metadata of %d bytes".formatted(path, metadataBytes));
        }
        ByteBuffer rest = read(in, Integer.BYTES, metadataBytes + 2 * bitmap);
        return new Head(
                bytes(rest, 0, metadataBytes),
                BitSet.valueOf(bytes(rest, metadataBytes, bitmap)),
                BitSet.valueOf(bytes(rest, metadataBytes + bitmap, bitmap)));
    }

    private static byte[] bytes(ByteBuffer from, int offset, int length) {
        byte[] bytes = new byte[length];
        from.get(offset, bytes);
        return bytes;
    }

    private ByteBuffer read(FileChannel in, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (in.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException("%s ends after %d bytes, before %d".formatted(path, in.size(), from + length));
            }
        }
        return buffer.flip();
    }

    /** A sliver as it is answered; empty if it is not there. */
    Optional<byte[]> sliver(Place place) throws IOException {
        try (var in = FileChannel.open(path, StandardOpenOption.READ)) {
            Head head = head(in);
            return head.has(place)
                    ? Optional.of(read(in, head.offsetOf(place, config), head.sliverBytes(place.type(), config))
                            .array())
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /**
     * Replaces the file.
     *
     * @param head whose slivers are all in {@code added}, or else in the file as it is
     */
    void write(Head head, Map<Place, byte[]> added) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + SliverStore.UNFINISHED);
        try (var out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(out, head.encode(config));
            for (int pair = 0; pair < config.shards(); pair++) {
                for (SliverType type : SliverType.values()) {
                    var place = new Place(type, pair);
                    if (head.has(place)) {
                        byte[] sliver = added.get(place);
                        write(out, ByteBuffer.wrap(sliver != null ? sliver : present(place)));
                    }
                }
            }
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private byte[] present(Place place) throws IOException {
        return sliver(place).orElseThrow(() -> new IllegalStateException("%s has no %s".formatted(path, place)));
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
