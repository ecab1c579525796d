package dev.vibrissa.migrations;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A directory that belongs to one embedded database, held by at most one JVM at a time:
 *
 * <pre>
 * lock        locked while a JVM holds the directory; contains its pid
 * password    of the database user, 0600
 * cluster/    PostgreSQL's own data directory
 * log/        what PostgreSQL logs, one file per day of the week, the last seven days
 * start.log   what initdb and PostgreSQL say before that log is open, of the latest start
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DataDirectory.class);
    private static final int TAIL_LINES = 20;

    /**
     * Directories held by this JVM. Asked before the lock file is even opened: closing any channel on a file drops the
     * locks that this process has on it (POSIX), so a second attempt here would free the first one's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes the directory for this JVM, creating it if need be (0700).
     *
     * @throws PostgresUnavailableException if this or another JVM holds it
     */
    static DataDirectory hold(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectories(directory, onlyFor("rwx------"));
        }
        Path root = directory.toRealPath();
        if (!HELD.add(root)) {
            throw new PostgresUnavailableException(
                    "The database in %s is already running in this process".formatted(root));
        }
        boolean held = false;
        try {
            FileChannel channel = lock(root.resolve("lock"));
            held = true;
            return new DataDirectory(root, channel);
        } finally {
            if (!held) {
                HELD.remove(root);
            }
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                onlyFor("rw-------"));
        boolean held = false;
        try {
            if (channel.tryLock() == null) {
                throw new PostgresUnavailableException(
                        "The database in %s is in use by another Vibrissa process (pid %s); stop that one, or choose another data directory"
                                .formatted(
                                        file.getParent(), Files.readString(file).strip()));
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            held = true;
            return channel;
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    Path root() {
        return root;
    }

    Path lockFile() {
        return root.resolve("lock");
    }

    Path cluster() {
        return root.resolve("cluster");
    }

    Path passwordFile() {
        return root.resolve("password");
    }

    Path logs() {
        return root.resolve("log");
    }

    Path startLog() {
        return root.resolve("start.log");
    }

    boolean hasCluster() {
        return Files.isRegularFile(cluster().resolve("PG_VERSION"));
    }

    /** The password of the cluster, made up now if there is none and no cluster that would know another. */
    String password() throws IOException {
        Path file = passwordFile();
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        if (hasCluster()) {
            throw new PostgresUnavailableException(
                    "%s is missing, and the database in %s opens with nothing else; put the file back"
                            .formatted(file, root));
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path half = root.resolve("password.half");
        Files.deleteIfExists(half);
        Files.createFile(half, onlyFor("rw-------"));
        Files.writeString(half, password + "\n");
        FileTree.syncOne(half);
        Files.move(half, file);
        FileTree.syncOne(root);
        return password;
    }

    /**
     * Waits for a server whose JVM was killed and that is still shutting down, and clears away a pid file that would
     * stop PostgreSQL for no reason: an empty one, or one whose pid some other program has got since, as is usual after
     * a power cut. Whoever holds our lock may do so; PostgreSQL alone cannot know. The pid file of a server that is dead
     * stays, since PostgreSQL finds stray backends through it.
     *
     * @return whether there was a server to wait for
     * @throws PostgresUnavailableException if it is still there after the given time
     */
    boolean awaitNoServer(Duration patience) throws IOException, InterruptedException {
        Path pidFile = cluster().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return false;
        }
        Optional<ProcessHandle> process = pidIn(pidFile).flatMap(ProcessHandle::of);
        Optional<ProcessHandle> server = process.filter(this::isServerHere);
        if (server.isPresent()) {
            awaitEnd(server.get(), patience);
        } else if (process.isPresent() || Files.size(pidFile) == 0) {
            Files.delete(pidFile);
        }
        return server.isPresent();
    }

    /**
     * Whether PostgreSQL has noted that this very server accepts connections. Asked before connecting, so that our login
     * never goes to a stranger who took the port first.
     *
     * @see "PostgreSQL, src/include/utils/pidfile.h: line 1 the pid, line 8 the status"
     */
    boolean saysReady(long pid) {
        try {
            List<String> lines = Files.readAllLines(cluster().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            return false; // not written yet
        }
    }

    private static Optional<Long> pidIn(Path pidFile) throws IOException {
        try (Stream<String> lines = Files.lines(pidFile)) {
            return lines.findFirst().map(line -> Math.abs(Long.parseLong(line.strip())));
        } catch (NumberFormatException e) {
            throw new PostgresUnavailableException(
                    "%s is damaged; remove it if no PostgreSQL runs there".formatted(pidFile), e);
        }
    }

    private void awaitEnd(ProcessHandle server, Duration patience) throws InterruptedException {
        LOG.infof("waiting for the server that an ended process left behind pid=%d", server.pid());
        try {
            server.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new PostgresUnavailableException(
                    "A PostgreSQL (pid %d) that this process did not start still runs on %s after %d s; stop it with kill -INT %1$d"
                            .formatted(server.pid(), cluster(), patience.toSeconds()),
                    e);
        }
    }

    private boolean isServerHere(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            // Real path: a cluster may have been moved to a larger disk and linked here.
            return Files.readSymbolicLink(proc.resolve("cwd")).equals(cluster().toRealPath());
        } catch (AccessDeniedException e) {
            return isCalledPostgres(proc); // another account's: its folder is hidden, its name is not
        } catch (IOException e) {
            return false; // it has ended since
        }
    }

    private static boolean isCalledPostgres(Path proc) {
        try {
            return Files.readString(proc.resolve("comm")).strip().equals("postgres");
        } catch (IOException e) {
            return false;
        }
    }

    /** The last lines of the log of the latest start, and of PostgreSQL's own if it got that far. */
    String tailOfLogs() {
        return Stream.concat(Stream.of(startLog()), newestLog().stream())
                .flatMap(file -> lastLines(file).stream())
                .map(line -> "\n  " + line)
                .reduce("", String::concat);
    }

    /**
     * Whether PostgreSQL, having ended, has nothing more to log: a logger that took over writes until it is said. An earlier
     * server said it in the same file.
     */
    boolean isLogComplete(long pid) {
        String tail = tailOfLogs();
        return !tail.contains("logging collector")
                || tail.contains("[%d] LOG:  database system is shut down".formatted(pid));
    }

    private Optional<Path> newestLog() {
        try (Stream<Path> files = Files.list(logs())) {
            return files.max(Comparator.comparing(DataDirectory::changedAt));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static FileTime changedAt(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static List<String> lastLines(Path file) {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1); // never fails on odd bytes
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Lets the next one have the directory. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warnf("lock file of %s: %s", root, e.getMessage());
        } finally {
            HELD.remove(root);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> onlyFor(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
