package dev.vibrissa.api.concentration;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Tells the addresses of a host. May be slow, and may lie. */
@FunctionalInterface
public interface HostResolver {
    /** @throws IOException if the name is not known, or nobody answers */
    List<InetAddress> resolve(String host) throws IOException;
}
