package dev.vibrissa.verifier.node;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What an exchange with a node took. Durations count from the moment the client was free to ask, which is after any
 * wait for its own limits; what was not reached is empty.
 *
 * @param address the last address a connection was tried to
 * @param pinned whether TLS stood with the node's network key of the chain: what came then is the node's word, what came
 *     before may be anybody's
 * @param protocol as negotiated: {@code h2} or {@code http/1.1}
 * @param status of HTTP
 * @param connect until the TCP connection stood, name look-up included
 * @param secure until TLS stood
 * @param firstByte until the head of the answer, status and headers, had been read
 * @param total until the body was complete, or we gave up
 * @param wireBytes read from the socket, TLS included
 * @param bodyBytes read of the body
 */
public record Traffic(
        Optional<InetSocketAddress> address,
        boolean pinned,
        Optional<String> protocol,
        Optional<Integer> status,
        Optional<Duration> connect,
        Optional<Duration> secure,
        Optional<Duration> firstByte,
        Duration total,
        long wireBytes,
        long bodyBytes) {
    /** Of an exchange that did not begin. */
    static Traffic none() {
        return new Traffic(
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                0,
                0);
    }
}
