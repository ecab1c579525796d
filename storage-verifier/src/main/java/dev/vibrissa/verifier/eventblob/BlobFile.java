package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.EncodingConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A blob on the disk, mapped, so that its size is not the heap's. */
final class BlobFile {
    private BlobFile() {}

    /** The id that the file's bytes encode to. */
    static BlobId id(Path file, EncodingConfig config, int threads) throws IOException {
        try (var arena = Arena.ofShared();
                var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return new BlobId(
                    new BlobEncoder(config, threads).metadata(bytes).blobId().toByteArray());
        }
    }

    static MemorySegment create(Path file, long bytes, Arena arena) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, bytes, arena);
        }
    }
}
