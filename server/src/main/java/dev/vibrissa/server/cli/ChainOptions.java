package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of every command that writes to or reads from a database of its own. */
final class ChainOptions {
    @Option(
            names = "--network",
            paramLabel = "NAME",
            description = "The chain: ${COMPLETION-CANDIDATES}. One database holds one chain.")
    private @Nullable Network network;

    @Option(
            names = "--network-file",
            paramLabel = "FILE",
            description = "Package and object ids of a chain that is not built in.")
    private @Nullable Path networkFile;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            description = "What every answer calls a chain that is not a public network.")
    private @Nullable String label;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data is kept. Default: vibrissa/NETWORK in the user's data folder ($XDG_DATA_HOME, "
                    + "else ~/.local/share). Not used with VIBRISSA_DB_URL.")
    private @Nullable Path data;

    @Option(
            names = "--trust",
            paramLabel = "FILE|DIGEST|unverified",
            converter = TrustConverter.class,
            description = "What certificates are held against: a committee file, or the digest of an end-of-epoch "
                    + "checkpoint of the input. Without it certificates cannot be checked, and every answer says so.")
    private TrustAnchor trust = new TrustAnchor.Unverified();

    Optional<Network> network() {
        return Optional.ofNullable(network);
    }

    WalrusNetwork walrus(Network chosen) {
        return chosen.walrus(Optional.ofNullable(networkFile));
    }

    Optional<String> label() {
        return Optional.ofNullable(label);
    }

    TrustAnchor trust() {
        return trust;
    }

    Path dataDirectory(Network chosen, Settings settings) {
        return (data == null ? settings.dataHome().resolve("vibrissa").resolve(chosen.toString()) : data)
                .toAbsolutePath()
                .normalize();
    }

    /** Names what was wrong instead of the class that refused it. */
    static final class TrustConverter implements picocli.CommandLine.ITypeConverter<TrustAnchor> {
        @Override
        public TrustAnchor convert(String text) {
            try {
                return TrustAnchor.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
