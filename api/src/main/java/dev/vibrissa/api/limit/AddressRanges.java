package dev.vibrissa.api.limit;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Ranges of network addresses, as {@code 10.0.0.0/8} or {@code 2001:db8::/32}. */
record AddressRanges(List<IpSubnetFilterRule> ranges) {
    /**
     * @param setting names the setting in the message
     * @throws IllegalArgumentException if one of them is no range
     */
    static AddressRanges of(String setting, List<String> texts) {
        var ranges = new ArrayList<IpSubnetFilterRule>();
        for (String text : texts) {
            int slash = text.indexOf('/');
            try {
                InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
                int bits = slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
                ranges.add(new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s has '%s', which is no range of addresses such as 10.0.0.0/8".formatted(setting, text), e);
            }
        }
        return new AddressRanges(List.copyOf(ranges));
    }

    boolean contain(InetAddress address) {
        var socket = new InetSocketAddress(address, 0);
        return ranges.stream().anyMatch(range -> range.matches(socket));
    }
}
