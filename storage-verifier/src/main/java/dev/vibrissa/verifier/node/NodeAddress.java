package dev.vibrissa.verifier.node;

import java.net.InetAddress;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * A node's network address, taken apart.
 *
 * @param host as it stands in a URL, without the brackets of IPv6
 * @param literal the address, if the host is one and no name
 */
record NodeAddress(String host, int port, Optional<InetAddress> literal) {
    private static final int MAX_CHARS = 300;

    /**
     * Reads {@code host} or {@code host:port}; without a port it is that of HTTPS.
     *
     * @throws IllegalArgumentException if {@code text} is anything else, such as one with a path or a user
     */
    static NodeAddress parse(String text) {
        String fault = "'%s' is no host and port".formatted(Texts.shown(text));
        boolean plain = !text.isEmpty()
                && !text.endsWith(":")
                && text.length() <= MAX_CHARS
                && text.chars().allMatch(each -> each > ' ' && each != 0x7f && "/\\@?#%".indexOf(each) < 0);
        HttpUrl url = plain ? HttpUrl.parse("https://" + text + "/") : null;
        if (url == null) {
            throw new IllegalArgumentException(fault);
        }
        Optional<InetAddress> literal;
        try {
            literal = Optional.of(InetAddress.ofLiteral(url.host()));
        } catch (IllegalArgumentException _) { // a name
            literal = Optional.empty();
        }
        return new NodeAddress(url.host(), url.port(), literal);
    }
}
