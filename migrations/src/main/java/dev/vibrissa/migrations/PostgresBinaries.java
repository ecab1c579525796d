package dev.vibrissa.migrations;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jboss.logging.Logger;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs of the class path, unpacked once into a folder named by the hash of their archive: another
 * version never meets the files of an old one.
 */
final class PostgresBinaries {
    private static final Logger LOG = Logger.getLogger(PostgresBinaries.class);
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    // The server may run under another account than ours, so whoever unpacks lets everybody read.
    private static final Set<PosixFilePermission> FOLDER_OR_PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> PLAIN_FILE = PosixFilePermissions.fromString("rw-r--r--");

    private PostgresBinaries() {}

    /**
     * The folder holding {@code bin}, {@code lib} and {@code share}, unpacked now if it is not there. Any number of
     * threads and processes may ask at once; nobody sees a half of it.
     *
     * @throws PostgresUnavailableException if the archive is not on the class path or cannot be unpacked
     */
    // Static lock: the file lock below belongs to the process, so its threads need one of their own.
    static synchronized Path unpackedIn(Path cacheDirectory) {
        try {
            Path cache = cacheDirectory.toAbsolutePath().normalize();
            Path home = cache.resolve("postgresql-" + hashOfArchive());
            if (!Files.isDirectory(home)) {
                createReachable(cache);
                unpackAlone(home);
            }
            return home;
        } catch (IOException e) {
            throw new PostgresUnavailableException(
                    "PostgreSQL cannot be unpacked into %s (%s); set XDG_CACHE_HOME to a folder with 100 MB to spare"
                            .formatted(cacheDirectory, e),
                    e);
        }
    }

    private static void unpackAlone(Path home) throws IOException {
        Path lockFile = home.resolveSibling(home.getFileName() + ".lock");
        // No deadline: the holder unpacks for some seconds, and the lock of a dead one is free.
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (Files.isDirectory(home)) {
                return; // another process was faster
            }
            LOG.infof("unpacking PostgreSQL into=%s", home);
            Path half = home.resolveSibling(home.getFileName() + ".half");
            FileTree.delete(half); // who left it held the lock and is gone
            unpack(half);
            FileTree.sync(half);
            Files.move(half, home, StandardCopyOption.ATOMIC_MOVE);
            FileTree.syncOne(home.resolveSibling("."));
        }
    }

    private static void unpack(Path root) throws IOException {
        createReachable(root);
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(openArchive())))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = inside(root, entry.getName());
                if (entry.isDirectory()) {
                    createReachable(path);
                    continue;
                }
                createReachable(inside(root, entry.getName() + "/.."));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(path, program ? FOLDER_OR_PROGRAM : PLAIN_FILE);
                }
            }
        }
    }

    private static Path inside(Path root, String name) throws IOException {
        Path path = root.resolve(name).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("the archive names a file outside itself: " + name);
        }
        return path;
    }

    /** Creates what is missing of the path; only what we create is opened to others. */
    private static void createReachable(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.getParent();
            if (parent != null) {
                createReachable(parent);
            }
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, FOLDER_OR_PROGRAM);
        }
    }

    private static String hashOfArchive() throws IOException {
        try (var in = new DigestInputStream(openArchive(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }

    private static InputStream openArchive() {
        InputStream in = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (in == null) {
            throw new PostgresUnavailableException(
                    "The class path holds no PostgreSQL for Linux on x86-64; set VIBRISSA_DB_URL to use one of yours");
        }
        return in;
    }
}
