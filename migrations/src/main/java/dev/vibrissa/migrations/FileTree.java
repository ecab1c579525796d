package dev.vibrissa.migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders at once; symbolic links are never followed. */
final class FileTree {
    private FileTree() {}

    /** Removes a folder and all in it; nothing happens if it is not there. */
    static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (Path path : everythingIn(root).reversed()) {
            Files.deleteIfExists(path);
        }
    }

    /** Brings contents and names to the disk, so that a power cut cannot leave a name without its contents. */
    static void sync(Path root) throws IOException {
        for (Path path : everythingIn(root)) {
            if (!Files.isSymbolicLink(path)) {
                syncOne(path);
            }
        }
    }

    /** Brings one file's contents, or one folder's names, to the disk. */
    static void syncOne(Path path) throws IOException {
        // On Linux a folder opens for reading and fsync works on it.
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Gives the folder and all in it to another account; only root can. */
    static void giveTo(int uid, int gid, Path root) throws IOException {
        for (Path path : everythingIn(root)) {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Parents before children. */
    private static List<Path> everythingIn(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.sorted(Comparator.naturalOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
