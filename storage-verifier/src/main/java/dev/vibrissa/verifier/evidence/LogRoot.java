package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * The signed root of a run of entries: from then on none of them can be changed without showing.
 *
 * @param first sequence of the first entry, which follows the last of the root before
 * @param last inclusive
 * @param root of the {@linkplain HashTree hash tree} whose leaves are the entries' lines, UTF-8
 * @param signature Ed25519 of the prover under {@code "vibrissa log root v1" ‖ u64 first ‖ u64 last ‖ root}, numbers
 *     little-endian
 */
public record LogRoot(long first, long last, Bytes root, Bytes signature) {
    private static final byte[] DOMAIN = "vibrissa log root v1".getBytes(StandardCharsets.US_ASCII);

    static LogRoot signed(long first, long last, Bytes root, LogKey key) {
        return new LogRoot(first, last, root, key.sign(message(first, last, root)));
    }

    public boolean isSignedBy(Bytes publicKey) {
        return LogKey.verifies(publicKey, message(first, last, root), signature);
    }

    private static byte[] message(long first, long last, Bytes root) {
        return new BcsWriter().raw(DOMAIN).u64(first).u64(last).raw(root).toByteArray();
    }

    static Bytes leaf(String line) {
        return HashTree.leaf(line.getBytes(StandardCharsets.UTF_8));
    }
}
