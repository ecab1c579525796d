package dev.vibrissa.api.concentration;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may stand behind several nodes. */
enum Grouping {
    NODE("every node by itself"),
    ORGANISATION("the organisation that this server's operator declared for the node; else the node by itself"),
    DOMAIN("the last two labels of the host name in the node's network address, which is not the same as an owner; IP"
            + " addresses by themselves"),
    HOST("the host in the node's network address"),
    PREFIX(
            "the first 24 bits of an IPv4 and the first 48 of an IPv6 address in the node's network address; host names, which"
                    + " are not looked up, by themselves");

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

    /**
     * The group of a node.
     *
     * @param networkAddress host and port; null where it is not known
     * @param organisations what was declared
     */
    String of(SuiAddress node, @Nullable String networkAddress, Map<SuiAddress, String> organisations) {
        String host = networkAddress == null ? node.toString() : host(networkAddress);
        return switch (this) {
            case NODE -> node.toString();
            case ORGANISATION -> organisations.getOrDefault(node, node.toString());
            case HOST -> host;
            case DOMAIN -> isLiteral(host) ? host : lastTwoLabels(host);
            case PREFIX -> isLiteral(host) ? prefix(host) : host;
        };
    }

    static String host(String networkAddress) {
        int colon = networkAddress.lastIndexOf(':');
        boolean hasPort = colon > networkAddress.lastIndexOf(']') && networkAddress.indexOf(':') == colon
                || networkAddress.startsWith("[") && colon > networkAddress.lastIndexOf(']');
        String host = hasPort ? networkAddress.substring(0, colon) : networkAddress;
        return host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    }

    private static String lastTwoLabels(String host) {
        int last = host.lastIndexOf('.');
        return last <= 0 ? host : host.substring(host.lastIndexOf('.', last - 1) + 1);
    }

    private static boolean isLiteral(String host) {
        return host.contains(":") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static String prefix(String literal) {
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException _) { // 999.1.1.1: whatever it is, it is no network
            return literal;
        }
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
