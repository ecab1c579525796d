package dev.vibrissa.server.slivers;

import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Encodes a blob into a folder. Slivers are on disk before {@code metadata.bin} gets its name: a run that broke off leaves a
 * folder without it.
 */
public final class SliverFolderWriter {
    private static final int TRAILER_BYTES = 4;
    private static final int BITS_PER_BYTE_OF_LENGTH = 7;

    private final EncodingConfig config;
    private final int threads;
    private final SliverFolder folder;

    /**
     * @param folder that exists and is empty
     */
    public SliverFolderWriter(EncodingConfig config, int threads, SliverFolder folder) {
        this.config = config;
        this.threads = threads;
        this.folder = folder;
    }

    /**
     * @throws NoRoomException before anything is written, if the disk is too full
     */
    public BlobMetadata write(MemorySegment blob, BlobEncoder.Progress progress) throws IOException {
        int symbolBytes = config.symbolBytes(blob.byteSize());
        SliverFolder.needRoom(folder.path(), config.encodedBytes(blob.byteSize()));
        BlobMetadata metadata;
        try (var arena = Arena.ofShared()) {
            MemorySegment[] primary = create(SliverType.PRIMARY, symbolBytes, arena);
            MemorySegment[] secondary = create(SliverType.SECONDARY, symbolBytes, arena);
            metadata = new BlobEncoder(config, threads)
                    .encode(
                            blob,
                            (type, index, offset, bytes, from, length) -> {
                                MemorySegment file = (type == SliverType.PRIMARY ? primary : secondary)[index];
                                long data = config.sliverBytes(type, symbolBytes);
                                long header = file.byteSize() - data - TRAILER_BYTES;
                                MemorySegment.copy(bytes, from, file, ValueLayout.JAVA_BYTE, header + offset, length);
                            },
                            progress);
            Stream.of(primary, secondary).flatMap(Stream::of).forEach(MemorySegment::force);
        }
        writeMetadata(metadata);
        return metadata;
    }

    /** Files with everything but the data: its length before, symbol size and index behind. */
    private MemorySegment[] create(SliverType type, int symbolBytes, Arena arena) throws IOException {
        long data = config.sliverBytes(type, symbolBytes);
        long size = Sliver.encodedBytes(data);
        var files = new MemorySegment[config.shards()];
        for (int index = 0; index < files.length; index++) {
            MemorySegment file = SliverFolder.create(folder.sliver(type, index), size, arena);
            long header = size - data - TRAILER_BYTES;
            for (long at = 0; at < header; at++) {
                long rest = data >>> (BITS_PER_BYTE_OF_LENGTH * at);
                file.set(ValueLayout.JAVA_BYTE, at, (byte) (at == header - 1 ? rest : rest | 0x80));
            }
            put16(file, size - TRAILER_BYTES, symbolBytes);
            put16(file, size - TRAILER_BYTES + 2, index);
            files[index] = file;
        }
        return files;
    }

    private static void put16(MemorySegment file, long at, int value) {
        file.set(ValueLayout.JAVA_BYTE, at, (byte) value);
        file.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (value >>> 8));
    }

    private void writeMetadata(BlobMetadata metadata) throws IOException {
        Path part = folder.metadata().resolveSibling("metadata.part");
        try (var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (byte[] bytes : new byte[][] {metadata.blobId().toByteArray(), metadata.encode()}) {
                for (var rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
            }
            channel.force(true);
        }
        SliverFolder.sync(folder.path());
        Files.move(part, folder.metadata(), StandardCopyOption.ATOMIC_MOVE);
        SliverFolder.sync(folder.path());
    }
}
