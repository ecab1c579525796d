package dev.vibrissa.api.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Who asks, as far as limits go. */
sealed interface Client {
    /** Whom nothing is counted of: this machine and other exempt addresses, and administrators. */
    record Exempt() implements Client {}

    /**
     * Whoever has no key.
     *
     * @param network an IPv4 address, or the first 64 bits of an IPv6 one, in which one host can take any
     */
    record Anonymous(String network) implements Client {
        private static final int HOST_BYTES = 8;

        static Anonymous at(InetAddress address) {
            return new Anonymous(
                    address instanceof Inet6Address
                            ? prefix(address).getHostAddress() + "/64"
                            : address.getHostAddress());
        }

        private static InetAddress prefix(InetAddress address) {
            byte[] bytes = address.getAddress();
            Arrays.fill(bytes, bytes.length - HOST_BYTES, bytes.length, (byte) 0);
            try {
                return InetAddress.getByAddress(bytes);
            } catch (UnknownHostException e) { // only of other lengths than 4 and 16
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param keyId of an API key that counts */
    record Keyed(String keyId) implements Client {}
}
