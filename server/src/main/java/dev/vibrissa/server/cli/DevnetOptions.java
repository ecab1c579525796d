package dev.vibrissa.server.cli;

import dev.vibrissa.devnet.DevnetSettings;
import dev.vibrissa.devnet.DurationText;
import dev.vibrissa.devnet.FaultScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the simulated network is like. */
final class DevnetOptions {
    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Devnet: everything that is drawn follows from it. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description = "Devnet: when its clock begins, as 2026-01-01T00:00:00Z. The same seed, start and a speed "
                    + "other than 1 give the same chain again. Default: now.")
    private @Nullable Instant start;

    @Option(names = "--shards", paramLabel = "NUMBER", description = "Devnet: shards. Default: ${DEFAULT-VALUE}.")
    private int shards = 100;

    @Option(names = "--nodes", paramLabel = "NUMBER", description = "Devnet: storage nodes. Default: ${DEFAULT-VALUE}.")
    private int nodes = 12;

    @Option(
            names = "--walrus-epoch",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Devnet: length of a Walrus epoch, such as 90s or 14d. Default: 3m.")
    private Duration walrusEpoch = Duration.ofMinutes(3);

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Devnet: time from one checkpoint to the next. Default: 250ms.")
    private Duration betweenCheckpoints = Duration.ofMillis(250);

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description = "Devnet: how many seconds of the chain pass in one of ours. Default: ${DEFAULT-VALUE}.")
    private double speed = 1;

    @Option(
            names = "--faults",
            paramLabel = "FILE|none",
            description =
                    "Devnet: what goes wrong and when, one fault a line. Default: node 3 loses slivers and confirms "
                            + "them, node 7 is slow.")
    private @Nullable String faults;

    @Option(
            names = "--noise",
            paramLabel = "BYTES",
            description =
                    "Devnet: objects of strangers in each checkpoint, for measurements. Default: ${DEFAULT-VALUE}.")
    private int noiseBytes;

    @Option(
            names = "--event-blob",
            paramLabel = "CHECKPOINTS",
            description = "Devnet: checkpoints in each event blob that the nodes write, 0 for none. Default: "
                    + "${DEFAULT-VALUE}.")
    private int eventBlobCheckpoints = DevnetSettings.USUAL_EVENT_BLOB;

    /**
     * @throws CommandFailure if there can be no such network, or the script of faults cannot be read
     */
    DevnetSettings settings(Path folder, int port) {
        try {
            return new DevnetSettings(
                    folder,
                    seed,
                    Optional.ofNullable(start),
                    shards,
                    nodes,
                    walrusEpoch,
                    betweenCheckpoints,
                    faults(),
                    speed,
                    port,
                    noiseBytes,
                    eventBlobCheckpoints);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private FaultScript faults() {
        if (faults == null) {
            return FaultScript.usual();
        }
        if (faults.equals("none")) {
            return FaultScript.NONE;
        }
        try {
            return FaultScript.parse(Files.readString(Path.of(faults)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "%s, %s".formatted(faults, e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "%s cannot be read: %s".formatted(faults, e.getMessage()), e);
        }
    }

    /** Says what was wrong instead of which class refused it. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
