package dev.vibrissa.api.concentration;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** The resolver of the machine. */
@Singleton
@DefaultBean
class SystemResolver implements HostResolver {
    @Override
    public List<InetAddress> resolve(String host) throws IOException {
        return List.of(InetAddress.getAllByName(host));
    }
}
