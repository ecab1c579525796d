package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The signed root of a run of entries: from then on none of them can be changed without showing, nor its own line.
 *
 * @param first sequence of the first entry, which follows the last of the root before
 * @param last inclusive
 * @param root of the {@linkplain HashTree hash tree} whose leaves are the entries' lines, UTF-8
 * @param signature Ed25519 of the prover under {@code "vibrissa log root v1"} and the UTF-8 of the line that has this
 *     root and an empty signature
 */
public record LogRoot(long first, long last, Bytes root, Bytes signature) {
    private static final byte[] DOMAIN = "vibrissa log root v1".getBytes(StandardCharsets.US_ASCII);

    /** The body of the entry that {@code envelope} is to become, whatever body it has. */
    static LogRoot signed(long first, long last, Bytes root, LogEntry.Envelope envelope, LogKey key) {
        var unsigned = new LogRoot(first, last, root, Bytes.EMPTY);
        return new LogRoot(first, last, root, key.sign(message(envelope, unsigned)));
    }

    /**
     * The root in an entry; empty if the prover that the entry names has not signed it, as a whole and to the byte.
     *
     * @throws LogFormatException if there is none
     */
    public static Optional<LogRoot> signedIn(LogEntry entry) {
        LogEntry.Envelope envelope = entry.envelope();
        LogRoot found = entry.body(LogRoot.class);
        boolean asWritten = envelope.kind() == LogEntry.Kind.ROOT
                && line(envelope, found).equals(entry.line())
                && LogKey.verifies(
                        envelope.prover(),
                        message(envelope, new LogRoot(found.first, found.last, found.root, Bytes.EMPTY)),
                        found.signature);
        return asWritten ? Optional.of(found) : Optional.empty();
    }

    private static byte[] message(LogEntry.Envelope envelope, LogRoot unsigned) {
        return new BcsWriter()
                .raw(DOMAIN)
                .raw(line(envelope, unsigned).getBytes(StandardCharsets.UTF_8))
                .toByteArray();
    }

    private static String line(LogEntry.Envelope envelope, LogRoot root) {
        return LogEntry.of(new LogEntry.Envelope(
                        envelope.version(),
                        envelope.prover(),
                        envelope.sequence(),
                        envelope.previous(),
                        envelope.at(),
                        envelope.kind(),
                        AuditJson.MAPPER.valueToTree(root)))
                .line();
    }

    static Bytes leaf(String line) {
        return HashTree.leaf(line.getBytes(StandardCharsets.UTF_8));
    }
}
