package dev.vibrissa.api.concentration;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may stand behind several nodes: nodes that have something in common, be it through others, count as one. */
enum Grouping {
    NODE("every node by itself"),
    ORGANISATION("the organisation that this server's operator declared for the node; else the node by itself"),
    DOMAIN("the last two labels of the host name in the node's network address, which is not the same as an owner; IP"
            + " addresses by themselves"),
    HOST(
            "the same host name in the network address, or an address in common among those that host names were resolved to"),
    PREFIX("the first 24 bits of an IPv4 or the first 48 of an IPv6 address in common, among those that host names were"
            + " resolved to; host names that were not, by themselves");

    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 6;

    private final String method;

    Grouping(String method) {
        this.method = method;
    }

    static final List<String> WORDS =
            List.of(values()).stream().map(Grouping::word).toList();

    static Grouping of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String method() {
        return method;
    }

    /** Whether it depends on what host names were resolved to. */
    boolean resolves() {
        return this == HOST || this == PREFIX;
    }

    /**
     * What a node has that another may have too; the first names its group.
     *
     * @param networkAddress host and port; null where it is not known
     * @param organisations what was declared
     * @param addresses what the host name was resolved to, in order; empty where it was not
     */
    List<String> marks(
            SuiAddress node,
            @Nullable String networkAddress,
            Map<SuiAddress, String> organisations,
            List<InetAddress> addresses) {
        String host = networkAddress == null ? node.toString() : host(networkAddress);
        return switch (this) {
            case NODE -> List.of(node.toString());
            case ORGANISATION -> List.of(organisations.getOrDefault(node, node.toString()));
            case DOMAIN -> List.of(isLiteral(host) ? host : lastTwoLabels(host));
            case HOST -> {
                var marks = new ArrayList<String>();
                marks.add(host);
                addresses.forEach(address -> marks.add(address.getHostAddress()));
                yield marks;
            }
            case PREFIX ->
                isLiteral(host)
                        ? List.of(prefix(host))
                        : addresses.isEmpty()
                                ? List.of(host)
                                : addresses.stream()
                                        .map(Grouping::prefix)
                                        .distinct()
                                        .sorted()
                                        .toList();
        };
    }

    static String host(String networkAddress) {
        int colon = networkAddress.lastIndexOf(':');
        boolean hasPort = colon > networkAddress.lastIndexOf(']') && networkAddress.indexOf(':') == colon
                || networkAddress.startsWith("[") && colon > networkAddress.lastIndexOf(']');
        String host = hasPort ? networkAddress.substring(0, colon) : networkAddress;
        return host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    }

    static boolean isLiteral(String host) {
        return host.contains(":") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static String lastTwoLabels(String host) {
        int last = host.lastIndexOf('.');
        return last <= 0 ? host : host.substring(host.lastIndexOf('.', last - 1) + 1);
    }

    private static String prefix(String literal) {
        try {
            return prefix(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException _) { // 999.1.1.1: whatever it is, it is no network
            return literal;
        }
    }

    private static String prefix(InetAddress address) {
        byte[] bytes = address.getAddress();
        int kept = bytes.length == 4 ? IPV4_BYTES : IPV6_BYTES;
        var text = new StringBuilder();
        for (int i = 0; i < kept; i++) {
            text.append(
                    bytes.length == 4
                            ? (i == 0 ? "" : ".") + (bytes[i] & 0xff)
                            : (i % 2 == 0 && i > 0 ? ":" : "") + "%02x".formatted(bytes[i] & 0xff));
        }
        return text + (bytes.length == 4 ? ".0/24" : "::/48");
    }
}
