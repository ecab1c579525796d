package dev.vibrissa.verifier.node;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** Why there is no answer that holds, with what was seen. Texts of the node are shortened. */
public sealed interface Failure {
    /** The node's record on the chain cannot be used: no host and port, or a key that is none. */
    record UnusableRecord(String cause) implements Failure {}

    /**
     * The node leads to an address that is not to be connected to on this network.
     *
     * @param range the range it lies in, and why that is refused
     * @param literal whether the address itself stands in the node's record, rather than a name
     */
    record AddressRefused(String host, InetAddress address, String range, boolean literal) implements Failure {}

    /** No address is known for the host name. */
    record NameUnknown(String host, String cause) implements Failure {}

    /** No TCP connection was made. */
    record Unreachable(Obstacle obstacle, String cause) implements Failure {}

    /** What was in the way of a TCP connection. */
    enum Obstacle {
        /** The other side refused or reset it. */
        REFUSED,
        /** There is no way to the host, says this machine or somebody on the way. */
        NO_ROUTE,
        /** There is no way to its network, for instance because this machine has no IPv6. */
        NO_LOCAL_ROUTE
    }

    /**
     * The node holds another key than its network key on the chain: not this node, or a proxy in front of it.
     *
     * @param serverName that the node's own certificate would carry, as made from its key
     * @param expected compressed P-256 point, hex
     * @param actual the certificate's SubjectPublicKeyInfo, hex, cut at 256 digits
     */
    record WrongKey(String serverName, String expected, String actual) implements Failure {}

    /** TLS did not come about, or the certificate is not one that the Web's authorities vouch for. */
    record NotAuthenticated(String cause) implements Failure {}

    /** A deadline passed. */
    record TooLate(Phase phase, Duration deadline) implements Failure {}

    /** The body came more slowly than the least rate. */
    record TooSlow(long bodyBytes, Duration elapsed, int leastBytesPerSecond) implements Failure {}

    /** The connection ended before the answer did. */
    record Cut(Phase phase, String cause) implements Failure {}

    /** What came is not HTTP as we know it, or tripped what reads or judges it. */
    record Garbled(Phase phase, String cause) implements Failure {}

    /** The node did not give what was asked for. */
    record Refused(Refusal refusal, int status, Optional<NodeError> error, Optional<Duration> retryAfter)
            implements Failure {}

    /** An answer that leads elsewhere, which is not followed. */
    record Redirected(int status, String location) implements Failure {}

    /** The answer is of another form: a web page, compressed, or not the JSON that is due. */
    record WrongForm(String cause) implements Failure {}

    /**
     * More came, or was announced, than this answer can have.
     *
     * @param part what was too large
     * @param seenBytes read or announced before we stopped
     */
    record TooLarge(Part part, long limitBytes, long seenBytes) implements Failure {}

    /** A part of an answer that has a bound. */
    enum Part {
        HEAD,
        BODY,
        /** All that was read from the socket, TLS and framing included. */
        CONNECTION
    }

    /** The body ended in order, or was announced, with fewer bytes than this answer has. */
    record WrongLength(long expectedBytes, long seenBytes) implements Failure {}

    /** The answer is complete and false. */
    record Disproven(Disproof disproof) implements Failure {}

    /** Our own limits left no room in time. */
    record Crowded(String limit, Duration waited) implements Failure {}

    /** We could not ask or judge: our fault, never the node's. */
    record OwnFault(String cause) implements Failure {}

    /**
     * Whose fault this may be.
     *
     * @param pinned whether the connection was, when this happened, bound to the node's network key, so that what was
     *     said is the node's word; a certificate of the Web binds it to a name only
     */
    default Blame blame(boolean pinned) {
        Blame sayer = pinned ? Blame.NODE : Blame.NODE_OR_NETWORK;
        return switch (this) {
            case UnusableRecord _ -> Blame.NODE;
            // A name is looked up over the network, which may lie.
            case AddressRefused refused -> refused.literal() ? Blame.NODE : Blame.NODE_OR_NETWORK;
            case NameUnknown _, WrongKey _, NotAuthenticated _, TooLate _, TooSlow _, Cut _, Garbled _ ->
                Blame.NODE_OR_NETWORK;
            // Whatever the obstacle: a node chooses its addresses, such as IPv6 alone, and who answers for them can
            // send
            // any of these messages. That our own network is down shows in all nodes at once.
            case Unreachable _ -> Blame.NODE_OR_NETWORK;
            case Refused refused ->
                switch (refused.refusal()) {
                    case NOT_FOUND, MISSING_SLIVERS -> sayer;
                    case BLOCKED -> Blame.POLICY;
                    case NOT_RESPONSIBLE, NOT_REGISTERED, OTHER_EPOCH -> Blame.CHAIN;
                    // Not ours alone: a node could evade every question by calling it a bad one.
                    case BUSY, BROKEN, NOT_UNDERSTOOD, OTHER -> Blame.NODE_OR_NETWORK;
                };
            case Redirected _, WrongForm _, TooLarge _, WrongLength _ -> sayer;
            case Disproven disproven -> disproven.disproof().blame(sayer);
            case Crowded _, OwnFault _ -> Blame.PROBER;
        };
    }
}
