package dev.vibrissa.migrations;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the embedded PostgreSQL is run. Durability is no setting: fsync, synchronous commit and full page writes are on.
 *
 * @param cacheDirectory where the binaries are unpacked once, about 61 MB; the account that runs the server must be
 *     able to reach it
 * @param port TCP port on 127.0.0.1, or 0 for any free one
 * @param sharedBuffersMebibytes memory PostgreSQL keeps pages in, at least 1
 * @param maxWalMebibytes write-ahead log before a checkpoint is forced, at least 32; bounds disk use and the time a
 *     crash recovery takes
 * @param maxConnections connections at once, at least 4
 * @param startDeadline how long until the first answer, recovery after a crash included
 * @param stopDeadline how long until the server has gone; also how long to wait for a left-over one that is stopping
 */
public record EmbeddedPostgresConfig(
        Path cacheDirectory,
        int port,
        int sharedBuffersMebibytes,
        int maxWalMebibytes,
        int maxConnections,
        Duration startDeadline,
        Duration stopDeadline) {
    /** @throws IllegalArgumentException if a number is out of its range, naming it */
    public EmbeddedPostgresConfig {
        requireRange("port", port, 0, 65_535);
        requireRange("sharedBuffersMebibytes", sharedBuffersMebibytes, 1, 1 << 20);
        requireRange("maxWalMebibytes", maxWalMebibytes, 32, 1 << 20);
        requireRange("maxConnections", maxConnections, 4, 10_000);
        if (!startDeadline.isPositive() || !stopDeadline.isPositive()) {
            throw new IllegalArgumentException("startDeadline and stopDeadline must be positive");
        }
    }

    /** Settings for a laptop: 256 MiB of buffers, up to 2 GiB of log, binaries in the user's cache folder. */
    public static EmbeddedPostgresConfig defaults() {
        return new EmbeddedPostgresConfig(
                usualCacheDirectory(), 0, 256, 2048, 64, Duration.ofMinutes(5), Duration.ofMinutes(1));
    }

    /** The same with the binaries elsewhere. */
    public EmbeddedPostgresConfig withCacheDirectory(Path directory) {
        return new EmbeddedPostgresConfig(
                directory, port, sharedBuffersMebibytes, maxWalMebibytes, maxConnections, startDeadline, stopDeadline);
    }

    /** The same on another port. */
    public EmbeddedPostgresConfig withPort(int other) {
        return new EmbeddedPostgresConfig(
                cacheDirectory,
                other,
                sharedBuffersMebibytes,
                maxWalMebibytes,
                maxConnections,
                startDeadline,
                stopDeadline);
    }

    /** The same with other bounds of memory and write-ahead log. */
    public EmbeddedPostgresConfig withMemory(int sharedBuffers, int maxWal) {
        return new EmbeddedPostgresConfig(
                cacheDirectory, port, sharedBuffers, maxWal, maxConnections, startDeadline, stopDeadline);
    }

    /** The same with other deadlines. */
    public EmbeddedPostgresConfig withDeadlines(Duration start, Duration stop) {
        return new EmbeddedPostgresConfig(
                cacheDirectory, port, sharedBuffersMebibytes, maxWalMebibytes, maxConnections, start, stop);
    }

    private static Path usualCacheDirectory() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && Path.of(xdg).isAbsolute()) { // the XDG rule: a relative path counts as unset
            return Path.of(xdg, "vibrissa");
        }
        // Root's home is closed to others, and as root the server may have to run under another account.
        return System.getProperty("user.name").equals("root")
                ? Path.of("/var/cache/vibrissa")
                : Path.of(System.getProperty("user.home"), ".cache", "vibrissa");
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d, not %d to %d".formatted(name, value, least, most));
        }
    }
}
