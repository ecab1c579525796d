package dev.vibrissa.server.api;

import dev.vibrissa.api.concentration.HostResolver;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/** Where the names of the chain {@code governance} lead. Tests ask no name server. */
@Singleton
@Alternative
@Priority(1)
public class GivenAddresses implements HostResolver {
    private static final Map<String, String> ADDRESSES = Map.of(
            "gov-0.example", "198.51.100.7",
            "new.gov-1.example", "198.51.100.7",
            "gov-2.example", "198.51.100.8",
            "gov-3.example", "203.0.113.1",
            "gov-4.example", "2001:db8:4::1",
            "gov-5.example", "2001:db8:5::1");

    @Override
    public List<InetAddress> resolve(String host) throws IOException {
        String address = ADDRESSES.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.ofLiteral(address));
    }
}
