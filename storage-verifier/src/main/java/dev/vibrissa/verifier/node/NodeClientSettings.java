package dev.vibrissa.verifier.node;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/**
 * How the client behaves towards storage nodes.
 *
 * @param contact page that says who asks, and why; part of the User-Agent of every request
 * @param inFlightPerNode exchanges with one node at a time
 * @param bodyBytesInFlight sum of the bounds of all large bodies being read or judged, over all nodes, of which one node
 *     gets a quarter, or one body that is larger. Of memory they take up to four times as much (as read, decoded, and
 *     a secondary sliver's symbols expanded to three times their number) and about 3 MiB each. Small bodies, of up
 *     to {@value NodeClient#SMALL_BYTES} bytes, do not count in it: there are {@value NodeClient#SMALL_IN_FLIGHT}
 *     of them at most
 * @param queueDeadline how long a question waits for room within these two
 * @param addresses where connections may lead
 * @param clock tells how far a {@code Retry-After} with a date is
 */
public record NodeClientSettings(
        URI contact,
        Limits limits,
        int inFlightPerNode,
        int bodyBytesInFlight,
        Duration queueDeadline,
        AddressPolicy addresses,
        Resolver resolver,
        Clock clock) {
    public NodeClientSettings {
        if (inFlightPerNode < 1 || bodyBytesInFlight < 1) {
            throw new IllegalArgumentException("no exchange fits %d in flight per node and %d bytes of bodies"
                    .formatted(inFlightPerNode, bodyBytesInFlight));
        }
        if (!contact.isAbsolute() || !contact.toString().chars().allMatch(each -> each > ' ' && each < 0x7f)) {
            throw new IllegalArgumentException("'%s' is no address of a page".formatted(contact));
        }
    }

    /** For a public network: four exchanges per node, 128 MiB of bodies. */
    public static NodeClientSettings of(URI contact) {
        return new NodeClientSettings(
                contact,
                Limits.USUAL,
                4,
                128 << 20,
                Duration.ofSeconds(30),
                AddressPolicy.publicOnly(),
                Resolver.ofTheSystem(),
                Clock.systemUTC());
    }

    public NodeClientSettings withLimits(Limits other) {
        return new NodeClientSettings(
                contact, other, inFlightPerNode, bodyBytesInFlight, queueDeadline, addresses, resolver, clock);
    }

    /** With other bounds on what is in flight. */
    public NodeClientSettings withRoom(int perNode, int bodyBytes, Duration deadline) {
        return new NodeClientSettings(contact, limits, perNode, bodyBytes, deadline, addresses, resolver, clock);
    }

    public NodeClientSettings withAddresses(AddressPolicy other) {
        return new NodeClientSettings(
                contact, limits, inFlightPerNode, bodyBytesInFlight, queueDeadline, other, resolver, clock);
    }

    public NodeClientSettings withResolver(Resolver other) {
        return new NodeClientSettings(
                contact, limits, inFlightPerNode, bodyBytesInFlight, queueDeadline, addresses, other, clock);
    }

    /** One for all requests: a node cannot tell an audit from another read by it. */
    String userAgent() {
        return "vibrissa/0.1 (+%s)".formatted(contact);
    }
}
