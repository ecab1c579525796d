package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.WalrusSnapshot;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointStore;
import dev.vibrissa.indexer.source.Endpoint;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.RateLimits;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which part of a chain to read, and how the sources of a command become one. */
final class StoreRange {
    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT|tip",
            converter = StartConverter.class,
            description =
                    "First checkpoint that is wanted. An empty database begins with it (default: 0), but where full "
                            + "nodes are followed with the last one there is, as always on mainnet and testnet; "
                            + "history is then filled in behind, back to this checkpoint if it is given. tip: begin "
                            + "with the last one, without history. What was before the first checkpoint is asked of "
                            + "the full nodes then, and marked as such.")
    private LiveSource.@Nullable Start from;

    @Option(
            names = "--to",
            paramLabel = "CHECKPOINT",
            description =
                    "Last checkpoint to read from them. Default: ingest ends where they have no more, up follows them.")
    private @Nullable Long to;

    /** Shared by what is followed, its history, and every new try. */
    private final RateLimits limits = new RateLimits(Ticker.SYSTEM);

    /** What {@code ingest} reads: up to the end of the sources. */
    CheckpointSource bounded(List<Source> sources, Optional<Digest> chain) {
        return open(sources, chain, StoreSource.AtTip.END, from == null ? new LiveSource.Start.At(0) : from);
    }

    /**
     * What {@code up} reads: files and folders to their end, all else for as long as it runs. Where the tip can be asked
     * for, it comes first.
     */
    CheckpointSource followed(List<Source> sources, Optional<Digest> chain, Network network) {
        return open(sources, chain, StoreSource.AtTip.WAIT, beginning(sources, network));
    }

    /** Whoever begins at the tip asks what was there before. */
    Ingest.Snapshot snapshot(List<Source> sources, WalrusNetwork walrus, Network network) {
        return switch (beginning(sources, network)) {
            case LiveSource.Start.AtTip _ -> new WalrusSnapshot(walrus);
            case LiveSource.Start.At _ -> Ingest.Snapshot.NONE;
        };
    }

    private LiveSource.Start beginning(List<Source> sources, Network network) {
        var genesis = new LiveSource.Start.At(0);
        return switch (from) {
            case null -> network.isLong() ? new LiveSource.Start.AtTip() : genesis;
            case LiveSource.Start.AtTip tip -> tip;
            case LiveSource.Start.At at ->
                sources.stream().anyMatch(Source.Node.class::isInstance) ? new LiveSource.Start.AtTip() : at;
        };
    }

    /** The first checkpoint that somebody asked for: that of files and folders, and of others only if it was said. */
    Optional<Long> historyFrom(CheckpointSource source) {
        return source instanceof FileSource files
                ? Optional.of(files.first())
                : from instanceof LiveSource.Start.At(long checkpoint) ? Optional.of(checkpoint) : Optional.empty();
    }

    /** @throws CommandFailure if files are mixed with others, or the range is none */
    void require(List<Source> sources) {
        long local = sources.stream().filter(Source.Local.class::isInstance).count();
        if (local > 0 && local < sources.size()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "files and folders, or full nodes and checkpoint stores, but not %d sources mixed"
                            .formatted(sources.size()));
        }
        if (least() < 0 || (to != null && to < least())) {
            throw new CommandFailure(ExitCode.USAGE, "there are no checkpoints from %d to %d".formatted(least(), to));
        }
    }

    private long least() {
        return from instanceof LiveSource.Start.At(long checkpoint) ? checkpoint : 0;
    }

    private CheckpointSource open(
            List<Source> sources, Optional<Digest> chain, StoreSource.AtTip atTip, LiveSource.Start start) {
        require(sources);
        var paths = new ArrayList<Path>();
        var remote = new ArrayList<Source>();
        for (Source source : sources) {
            switch (source) {
                case Source.Local local -> paths.add(local.path());
                case Source.Store _, Source.Node _ -> remote.add(source);
            }
        }
        if (remote.isEmpty()) {
            return FileSource.of(paths);
        }
        if (remote.size() == 1
                && remote.getFirst() instanceof Source.Store(var base)
                && start instanceof LiveSource.Start.At(long first)) {
            return new StoreSource(base, first, Optional.ofNullable(to), atTip);
        }
        return new LiveSource(endpoints(remote, chain), start, Optional.ofNullable(to), atTip);
    }

    private List<Endpoint> endpoints(List<Source> remote, Optional<Digest> chain) {
        var identity = new ChainIdentity(chain);
        var endpoints = new ArrayList<Endpoint>();
        for (Source each : remote) {
            switch (each) {
                case Source.Node node ->
                    endpoints.add(new FullNode(
                            node.address(),
                            identity,
                            node.isPublic() ? FullNode.Manners.ofPublicNode() : FullNode.Manners.unlimited(),
                            limits));
                case Source.Store store -> endpoints.add(new CheckpointStore(store.base()));
                case Source.Local _ -> throw new IllegalArgumentException("a path is no endpoint");
            }
        }
        return endpoints;
    }

    /** Reads a sequence number, or {@code tip}. */
    static final class StartConverter implements ITypeConverter<LiveSource.Start> {
        @Override
        public LiveSource.Start convert(String text) {
            if (text.equals("tip")) {
                return new LiveSource.Start.AtTip();
            }
            try {
                return new LiveSource.Start.At(Long.parseLong(text));
            } catch (NumberFormatException _) {
                throw new TypeConversionException("'%s' is neither a checkpoint's number nor tip".formatted(text));
            }
        }
    }
}
