package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointStore;
import dev.vibrissa.indexer.source.Endpoint;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.protocol.sui.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a chain to read, and how the sources of a command become one. */
final class StoreRange {
    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT",
            description =
                    "First checkpoint that is wanted. An empty database begins with it (default: 0), but where full "
                            + "nodes are followed with the last one there is, as always on mainnet and testnet; "
                            + "history is then filled in behind, back to this checkpoint if it is given.")
    private @Nullable Long from;

    @Option(
            names = "--to",
            paramLabel = "CHECKPOINT",
            description =
                    "Last checkpoint to read from them. Default: ingest ends where they have no more, up follows them.")
    private @Nullable Long to;

    /** What {@code ingest} reads: up to the end of the sources. */
    CheckpointSource bounded(List<Source> sources, Optional<Digest> chain) {
        return open(sources, chain, StoreSource.AtTip.END, new LiveSource.Start.At(from == null ? 0 : from));
    }

    /**
     * What {@code up} reads: files and folders to their end, all else for as long as it runs. Where the tip can be asked
     * for, it comes first.
     */
    CheckpointSource followed(List<Source> sources, Optional<Digest> chain, Network network) {
        boolean hasNode = sources.stream().anyMatch(Source.Node.class::isInstance);
        boolean tipFirst = hasNode ? network.isLong() || from != null : network.isLong() && from == null;
        return open(
                sources,
                chain,
                StoreSource.AtTip.WAIT,
                tipFirst ? new LiveSource.Start.AtTip() : new LiveSource.Start.At(from == null ? 0 : from));
    }

    /** The first checkpoint that somebody asked for: that of files and folders, and of others only if it was said. */
    Optional<Long> historyFrom(CheckpointSource source) {
        return source instanceof FileSource files ? Optional.of(files.first()) : Optional.ofNullable(from);
    }

    /** @throws CommandFailure if files are mixed with others, or the range is none */
    private CheckpointSource open(
            List<Source> sources, Optional<Digest> chain, StoreSource.AtTip atTip, LiveSource.Start start) {
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
        if (!paths.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "files and folders, or full nodes and checkpoint stores, but not %d sources mixed"
                            .formatted(sources.size()));
        }
        long least = from == null ? 0 : from;
        if (least < 0 || (to != null && to < least)) {
            throw new CommandFailure(ExitCode.USAGE, "there are no checkpoints from %d to %d".formatted(least, to));
        }
        if (remote.size() == 1
                && remote.getFirst() instanceof Source.Store(var base)
                && start instanceof LiveSource.Start.At(long first)) {
            return new StoreSource(base, first, Optional.ofNullable(to), atTip);
        }
        return new LiveSource(endpoints(remote, chain), start, Optional.ofNullable(to), atTip);
    }

    private static List<Endpoint> endpoints(List<Source> remote, Optional<Digest> chain) {
        var identity = new ChainIdentity(chain);
        var endpoints = new ArrayList<Endpoint>();
        for (Source each : remote) {
            switch (each) {
                case Source.Node node ->
                    endpoints.add(new FullNode(
                            node.address(),
                            identity,
                            node.isPublic() ? FullNode.Manners.ofPublicNode() : FullNode.Manners.unlimited(),
                            Ticker.SYSTEM));
                case Source.Store store -> endpoints.add(new CheckpointStore(store.base()));
                case Source.Local _ -> throw new IllegalArgumentException("a path is no endpoint");
            }
        }
        return endpoints;
    }
}
