package dev.vibrissa.verifier.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up host names. May block: it runs on a thread of its own that nobody waits for beyond the deadline. */
@FunctionalInterface
public interface Resolver {
    /**
     * @return at least one address
     * @throws UnknownHostException if there is none, or the look-up failed
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** As this machine does it. */
    static Resolver ofTheSystem() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
