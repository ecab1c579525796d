package dev.vibrissa.server.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** What Quarkus runs once it has started: says where, then waits for the end. */
public final class WaitForExit implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(WaitForExit.class);

    @Override
    public int run(String... arguments) {
        var config = ConfigProvider.getConfig();
        // Read now, not at the start: with port 0 Quarkus has put the one it got here.
        LOG.infof(
                "serving address=http://%s:%s roles=%s network=%s",
                config.getValue("quarkus.http.host", String.class),
                config.getValue("quarkus.http.port", String.class),
                config.getValue("vibrissa.roles", String.class),
                config.getValue("vibrissa.network", String.class));
        Quarkus.waitForExit();
        return 0;
    }
}
