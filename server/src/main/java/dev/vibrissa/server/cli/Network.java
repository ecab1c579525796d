package dev.vibrissa.server.cli;

import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The chain a command is about; one database holds one. */
public enum Network {
    DEVNET,
    TESTNET,
    MAINNET,
    /** Any other chain. */
    CUSTOM;

    /**
     * Where Walrus lives there.
     *
     * @param file describes the network; empty takes the ids built in, for a network that has none of its own those of
     *     mainnet, which the synthetic chains use too
     * @throws CommandFailure if the file cannot be read or does not describe a network
     */
    WalrusNetwork walrus(Optional<Path> file) {
        if (file.isPresent()) {
            try {
                return WalrusNetwork.custom(file.get());
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandFailure(
                        ExitCode.USAGE, "%s does not describe a network: %s".formatted(file.get(), e.getMessage()), e);
            }
        }
        return switch (this) {
            case MAINNET -> WalrusNetwork.mainnet();
            case TESTNET -> WalrusNetwork.testnet();
            case DEVNET, CUSTOM -> renamed(WalrusNetwork.mainnet());
        };
    }

    /** What the public offers for following this chain: a full node, the archive, the checkpoint store. */
    List<Source> publicSources() {
        return switch (this) {
            case MAINNET, TESTNET ->
                List.of(
                        new Source.Node(URI.create("grpcs://fullnode.%s.sui.io:443".formatted(this))),
                        new Source.Node(URI.create("grpcs://archive.%s.sui.io:443".formatted(this))),
                        new Source.Store(URI.create("https://checkpoints.%s.sui.io".formatted(this))));
            case DEVNET, CUSTOM -> List.of();
        };
    }

    /** Whether its history is too long to be read from its beginning unasked. */
    boolean isLong() {
        return this == MAINNET || this == TESTNET;
    }

    private WalrusNetwork renamed(WalrusNetwork like) {
        return new WalrusNetwork(
                toString(),
                Optional.empty(),
                like.walrus(),
                like.wal(),
                like.walrusSubsidies(),
                like.subsidies(),
                like.walExchange(),
                like.walrusSites(),
                like.objects());
    }

    /** The name as users write it, and as the data folder is called. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
