package dev.vibrissa.verifier.probe;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one attempt brought, as it stands in the log.
 *
 * @param nodeId whom we asked: during an epoch change it may be the shard's owner of the epoch before
 * @param address host and port as on the chain
 * @param peer the IP address and port that we connected to last
 * @param pinned whether what was said came over TLS with the node's key of the chain: then it is its word
 * @param status of HTTP
 * @param detail what was seen, with its numbers; of the node's own texts a shortened form
 * @param key the TLS key that the peer had to have, by the chain when it was asked: an operator may change it in an epoch
 * @param bodyDigest SHA-256 of the body that was judged
 * @param statement what the node signed, if that was asked for and held
 */
public record Answer(
        SuiAddress nodeId,
        String address,
        Optional<String> peer,
        Instant askedAt,
        boolean pinned,
        Optional<Bytes> key,
        Optional<Integer> status,
        Said said,
        String detail,
        Optional<Bytes> bodyDigest,
        Optional<Statement> statement,
        Timing timing) {
    /**
     * A node's signed word.
     *
     * @param message 40 or 72 bytes
     * @param signature 96 bytes, BLS12-381 in G2
     */
    public record Statement(Bytes message, Bytes signature) {}

    /** As {@link dev.vibrissa.verifier.node.Traffic} has them. */
    public record Timing(
            Optional<Duration> connect,
            Optional<Duration> secure,
            Optional<Duration> firstByte,
            Duration total,
            long wireBytes,
            long bodyBytes) {}
}
