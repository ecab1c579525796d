package dev.vibrissa.indexer.trust;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an operator chose to believe; everything else follows from it by certificates and digests. */
public sealed interface TrustAnchor {

    /** The committee of one Sui epoch, from a file: {@code u64 epoch, vector<(96-byte key, u64 stake)>} in BCS. */
    record OfCommittee(Committee committee) implements TrustAnchor {}

    /** The digest of an end-of-epoch checkpoint that the input holds; it hands over the next committee. */
    record OfCheckpoint(Digest digest) implements TrustAnchor {}

    /** Nothing: digests and links are checked, signatures cannot be, and every answer says so. */
    record Unverified() implements TrustAnchor {}

    /**
     * Reads the {@code --trust} option: {@code unverified}, a committee file, or a checkpoint digest.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static TrustAnchor parse(String text) {
        if (text.equals("unverified")) {
            return new Unverified();
        }
        Path file = Path.of(text);
        if (Files.isRegularFile(file)) {
            try {
                return new OfCommittee(BcsReader.decode(Files.readAllBytes(file), Committee::decode));
            } catch (IOException | BcsException e) {
                throw new IllegalArgumentException(
                        "%s is no committee file (BCS: u64 epoch, vector of 96-byte key and u64 stake): %s"
                                .formatted(file, e.getMessage()),
                        e);
            }
        }
        try {
            return new OfCheckpoint(Digest.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--trust takes a committee file, the digest of an end-of-epoch checkpoint, or 'unverified', not '%s'"
                            .formatted(text),
                    e);
        }
    }
}
