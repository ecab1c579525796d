package dev.vibrissa.api.limit;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where a request comes from, behind the proxies that are trusted. */
record ClientAddresses(AddressRanges trustedProxies) {
    /**
     * The nearest address that is no trusted proxy. Each proxy writes down on the right whom it was asked by, so what
     * stands further left than the first stranger is that stranger's word, and not read.
     *
     * @param peer at the other end of the connection
     * @param forwardedFor values of the header {@code X-Forwarded-For}, in order
     */
    InetAddress of(InetAddress peer, List<String> forwardedFor) {
        String[] hops = String.join(",", forwardedFor).split(",");
        InetAddress nearest = peer;
        for (int i = hops.length - 1; i >= 0 && trustedProxies.contain(nearest); i--) {
            var before = literal(hops[i].strip());
            if (before.isEmpty()) {
                break;
            }
            nearest = before.get();
        }
        return nearest;
    }

    /** Some proxies write the port, too. */
    private static Optional<InetAddress> literal(String text) {
        String host = text;
        if (text.startsWith("[") && text.indexOf(']') > 0) {
            host = text.substring(1, text.indexOf(']'));
        } else if (text.indexOf('.') > 0 && text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') > 0) {
            host = text.substring(0, text.indexOf(':'));
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
