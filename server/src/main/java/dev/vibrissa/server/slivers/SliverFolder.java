package dev.vibrissa.server.slivers;

import dev.vibrissa.redstuff.SliverType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Names in a folder of slivers, and how files of it are mapped. */
public record SliverFolder(Path path) {
    private static final String METADATA = "metadata.bin";

    /** Blob id and metadata; written last, so that a folder that has it is whole. */
    public Path metadata() {
        return path.resolve(METADATA);
    }

    /** The file of the sliver of that index on its axis. */
    public Path sliver(SliverType type, int index) {
        return path.resolve(
                String.format(Locale.ROOT, "%s-%04d.bin", type.name().toLowerCase(Locale.ROOT), index));
    }

    /** A file as it is, for reading, as long as {@code arena} is open. */
    public static MemorySegment map(Path file, Arena arena) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** A new file of {@code bytes} zeros, for writing, as long as {@code arena} is open. */
    static MemorySegment create(Path file, long bytes, Arena arena) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, bytes, arena);
        }
    }

    /**
     * Refuses to begin what cannot end: a mapped file on a full disk is a fault of the machine, not an exception.
     *
     * @throws IOException if {@code bytes} more have no room
     */
    static void needRoom(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new NoRoomException("%s has %d bytes left, where %d are due".formatted(folder, free, bytes));
        }
    }

    /** Makes what was created in or moved into a folder survive a power cut. */
    static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
