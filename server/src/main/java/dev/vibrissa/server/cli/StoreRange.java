package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.StoreSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a checkpoint store to read, and how the sources of a command become one. */
final class StoreRange {
    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT",
            description =
                    "First checkpoint that is wanted from a store: an empty database begins with it (default: 0), and "
                            + "one that begins later has the history before filled in behind.")
    private @Nullable Long from;

    @Option(
            names = "--to",
            paramLabel = "CHECKPOINT",
            description =
                    "Last checkpoint to read from a store. Default: ingest ends where it has no more, up follows it.")
    private @Nullable Long to;

    /** The first checkpoint that somebody asked for: that of files and folders, and of a store only if it was said. */
    Optional<Long> historyFrom(CheckpointSource source) {
        return source instanceof FileSource ? Optional.of(source.first()) : Optional.ofNullable(from);
    }

    /**
     * @param atTip what a store does where it has no more; files and folders always end
     * @throws CommandFailure if files and stores are mixed, there are several stores, or the range is none
     */
    CheckpointSource open(List<Source> sources, StoreSource.AtTip atTip) {
        var paths = new ArrayList<Path>();
        var stores = new ArrayList<Source.Store>();
        for (Source source : sources) {
            switch (source) {
                case Source.Local local -> paths.add(local.path());
                case Source.Store store -> stores.add(store);
            }
        }
        if (stores.isEmpty()) {
            return FileSource.of(paths);
        }
        if (stores.size() > 1 || !paths.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "one checkpoint store, or files and folders, but not %d sources mixed".formatted(sources.size()));
        }
        long first = from == null ? 0 : from;
        if (first < 0 || (to != null && to < first)) {
            throw new CommandFailure(ExitCode.USAGE, "there are no checkpoints from %d to %d".formatted(first, to));
        }
        return new StoreSource(stores.getFirst().base(), first, Optional.ofNullable(to), atTip);
    }
}
