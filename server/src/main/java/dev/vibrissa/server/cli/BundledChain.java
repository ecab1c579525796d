package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The synthetic chain in the program itself, so that a first look needs no network; every answer calls it synthetic. */
final class BundledChain {
    private static final String FOLDER = "/bundled-chain/";
    private static final String ANCHOR = "trust-anchor.committee.bcs";
    private static final int FIRST_CHECKPOINT = 1000;

    private BundledChain() {}

    /** @param folder where its files are laid out for the indexer */
    static Indexing indexing(Database database, WalrusNetwork network, Path folder) {
        return new Indexing(
                database,
                network,
                Optional.of("synthetic chain"),
                unpack(folder),
                () -> FileSource.of(List.of(folder)),
                Optional.empty());
    }

    /** Writes the files and returns the committee that signed the first of them. */
    static TrustAnchor unpack(Path folder) {
        try {
            Files.createDirectories(folder);
            int checkpoint = FIRST_CHECKPOINT;
            while (copy(checkpoint + ".binpb.zst", folder)) {
                checkpoint++;
            }
            if (checkpoint == FIRST_CHECKPOINT || !copy(ANCHOR, folder)) {
                throw new IllegalStateException("the bundled chain is missing from the program");
            }
            return TrustAnchor.parse(folder.resolve(ANCHOR).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean copy(String name, Path folder) throws IOException {
        try (var in = BundledChain.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                return false;
            }
            Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            return true;
        }
    }
}
