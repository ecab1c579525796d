package dev.vibrissa.verifier.node;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses may be connected to. A node's operator chooses where we connect, so on a public network only what is
 * reachable from everywhere is taken: else we could be led into the network we run in.
 *
 * @see "IANA IPv4 and IPv6 Special-Purpose Address Registries"
 */
public final class AddressPolicy {
    private static final List<Range> SPECIAL_V4 = List.of(
            range("0.0.0.0/8", "this network"),
            range("10.0.0.0/8", "private"),
            range("100.64.0.0/10", "carrier-grade NAT"),
            range("127.0.0.0/8", "loopback"),
            range("169.254.0.0/16", "link-local"),
            range("172.16.0.0/12", "private"),
            range("192.0.0.0/24", "protocol assignments"),
            range("192.0.2.0/24", "documentation"),
            range("192.88.99.0/24", "6to4 relays"),
            range("192.168.0.0/16", "private"),
            range("198.18.0.0/15", "benchmarks"),
            range("198.51.100.0/24", "documentation"),
            range("203.0.113.0/24", "documentation"),
            range("224.0.0.0/4", "multicast"),
            range("240.0.0.0/4", "reserved"));

    /** Only this is assigned to the public; everything else of IPv6 is refused unless it wraps a public IPv4 address. */
    private static final Range GLOBAL_V6 = range("2000::/3", "global unicast");

    private static final List<Range> SPECIAL_V6 = List.of(
            range("2001::/23", "protocol assignments, Teredo"),
            range("2001:db8::/32", "documentation"),
            range("3fff::/20", "documentation"));

    private static final List<Range> NAMED_V6 = List.of(
            range("::/128", "unspecified"),
            range("::1/128", "loopback"),
            range("fc00::/7", "unique local"),
            range("fe80::/10", "link-local"),
            range("fec0::/10", "site-local"),
            range("ff00::/8", "multicast"));

    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(range("::ffff:0:0:0/96", "IPv4-translated"), 12),
            new Embedding(new Range(mappedPrefix(), 96, "::ffff:0:0/96", "IPv4-mapped"), 12),
            new Embedding(range("64:ff9b::/96", "NAT64"), 12),
            new Embedding(range("2002::/16", "6to4"), 2));

    private final List<Range> allowed;

    private AddressPolicy(List<Range> allowed) {
        this.allowed = allowed;
    }

    /** For public networks: nothing private, local, special or multicast. */
    public static AddressPolicy publicOnly() {
        return new AddressPolicy(List.of());
    }

    /**
     * For test networks: this policy, and what lies in a range besides.
     *
     * @param ranges address and length of the prefix, such as {@code 127.0.0.0/8}
     * @throws IllegalArgumentException if one is not such a range
     */
    public AddressPolicy allowing(String... ranges) {
        var more = new ArrayList<>(allowed);
        for (String each : ranges) {
            more.add(range(each, "allowed"));
        }
        return new AddressPolicy(List.copyOf(more));
    }

    /** Why not to connect to {@code address}; empty if it may be. */
    public Optional<String> refusalOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (allowed.stream().anyMatch(each -> each.contains(bytes))) {
            return Optional.empty();
        }
        return refusalOf(bytes);
    }

    private static Optional<String> refusalOf(byte[] bytes) {
        if (bytes.length == 4) {
            return nameIn(SPECIAL_V4, bytes);
        }
        for (Embedding each : EMBEDDINGS) {
            if (each.range().contains(bytes)) {
                byte[] v4 = Arrays.copyOfRange(bytes, each.offset(), each.offset() + 4);
                return refusalOf(v4).map(why -> each.range() + " of " + why);
            }
        }
        if (!GLOBAL_V6.contains(bytes)) {
            return Optional.of(nameIn(NAMED_V6, bytes).orElse("not global unicast"));
        }
        return nameIn(SPECIAL_V6, bytes);
    }

    private static Optional<String> nameIn(List<Range> ranges, byte[] address) {
        return ranges.stream()
                .filter(each -> each.contains(address))
                .map(Range::toString)
                .findFirst();
    }

    /** {@code InetAddress} turns IPv4-mapped texts into IPv4, so this prefix cannot be written as one. */
    private static byte[] mappedPrefix() {
        byte[] prefix = new byte[16];
        prefix[10] = (byte) 0xff;
        prefix[11] = (byte) 0xff;
        return prefix;
    }

    private static Range range(String cidr, String name) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'%s' is no address range such as 10.0.0.0/8".formatted(cidr));
        }
        byte[] prefix = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
        int bits = Integer.parseInt(cidr.substring(slash + 1));
        if (bits < 0 || bits > prefix.length * 8) {
            throw new IllegalArgumentException("'%s' has no prefix of %d bits".formatted(cidr, bits));
        }
        return new Range(prefix, bits, cidr, name);
    }

    /** The IPv4 address that an IPv6 address of this range leads to stands at {@code offset}. */
    private record Embedding(Range range, int offset) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Range(byte[] prefix, int bits, String cidr, String name) {
        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            int rest = bits % 8;
            return Arrays.equals(prefix, 0, whole, address, 0, whole)
                    && (rest == 0 || ((prefix[whole] ^ address[whole]) & 0xff) >>> 8 - rest == 0);
        }

        @Override
        public String toString() {
            return "%s (%s)".formatted(cidr, name);
        }
    }
}
