package dev.vibrissa.devnet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a folder for one devnet: two would write one chain. The lock of a process that ends, however it ends, is free. */
final class FolderLock implements AutoCloseable {
    /** Held by this JVM. Asked before the file is opened: closing any channel on it would free the first one's lock (POSIX). */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder if need be, and holds it until closed.
     *
     * @throws FolderInUseException if this or another process holds it
     */
    static FolderLock hold(Path path) throws IOException {
        Files.createDirectories(path);
        Path folder = path.toRealPath();
        if (!HELD.add(folder)) {
            throw new FolderInUseException("the network in %s is already running in this process".formatted(folder));
        }
        boolean held = false;
        try {
            var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                held = channel.tryLock() != null;
            } finally {
                if (!held) {
                    channel.close();
                }
            }
            if (!held) {
                throw new FolderInUseException(
                        "the network in %s is in use by another process; stop that one, or choose another folder"
                                .formatted(folder));
            }
            return new FolderLock(folder, channel);
        } finally {
            if (!held) {
                HELD.remove(folder);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(folder);
        }
    }
}
