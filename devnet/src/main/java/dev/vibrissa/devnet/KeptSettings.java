package dev.vibrissa.devnet;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;

/** What the chain of a folder was begun with, in the file {@code settings} beside it. Whoever goes on with it wants the same. */
final class KeptSettings {
    private final Path folder;
    private final Properties kept = new Properties();

    private KeptSettings(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes down how a new network is to be, or holds what is wanted against what is there.
     *
     * @return when the chain began
     * @throws OtherNetworkException naming the first setting that differs
     */
    static Instant agree(DevnetSettings wanted) throws IOException {
        var settings = new KeptSettings(wanted.folder());
        Path file = wanted.folder().resolve("settings");
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                settings.kept.load(in);
            }
            settings.require("seed", "of seed %s, not %s", wanted.seed());
            settings.require("shards", "of %s shards, not %s", wanted.shards());
            settings.require("nodes", "of %s nodes, not %s", wanted.nodes());
            settings.require("walrusEpoch", "with epochs of %s, not %s", wanted.walrusEpoch());
            start(wanted).ifPresent(start -> settings.require("start", "that began at %s, not %s", start));
        } else if (Files.exists(wanted.folder().resolve("checkpoints"))) {
            throw new OtherNetworkException(
                    "%s holds a network of an older version; remove it, or choose another folder"
                            .formatted(wanted.folder()));
        } else {
            settings.kept.put("seed", Long.toString(wanted.seed()));
            settings.kept.put("shards", Integer.toString(wanted.shards()));
            settings.kept.put("nodes", Integer.toString(wanted.nodes()));
            settings.kept.put("walrusEpoch", wanted.walrusEpoch().toString());
            settings.kept.put(
                    "start",
                    start(wanted)
                            .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS))
                            .toString());
            settings.write(file);
        }
        return Instant.parse(settings.value("start"));
    }

    private static Optional<Instant> start(DevnetSettings wanted) {
        return wanted.start().map(start -> start.truncatedTo(ChronoUnit.MILLIS));
    }

    private String value(String name) {
        String value = kept.getProperty(name);
        if (value == null) {
            throw new OtherNetworkException("%s/settings does not say %s".formatted(folder, name));
        }
        return value;
    }

    private void require(String name, String difference, Object wanted) {
        String value = value(name);
        if (!value.equals(wanted.toString())) {
            throw new OtherNetworkException(
                    "%s holds a network %s".formatted(folder, difference.formatted(value, wanted)));
        }
    }

    /** All or nothing, also at a power cut. */
    private void write(Path file) throws IOException {
        var text = new StringWriter();
        kept.store(text, "What this network was begun with");
        Path unfinished = file.resolveSibling("settings.part");
        try (var channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer rest = StandardCharsets.UTF_8.encode(text.toString());
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
