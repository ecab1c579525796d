package dev.vibrissa.api.concentration;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.concentration.HostAddresses.Resolved;
import dev.vibrissa.api.sql.DatabaseUnavailableException;
import dev.vibrissa.api.sql.QueryFailedException;
import dev.vibrissa.api.sql.Snapshots;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Keeps the host names of nodes resolved, apart from any request. */
@Singleton
class HostResolution {
    private static final Logger LOG = Logger.getLogger(HostResolution.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
    private static final Duration EACH = Duration.ofSeconds(5);

    private final Snapshots snapshots;
    private final HostAddresses addresses;
    private final boolean wanted;
    private final CountDownLatch stopped = new CountDownLatch(1);

    HostResolution(Snapshots snapshots, HostResolver resolver, ApiConfig config) {
        this.snapshots = snapshots;
        this.addresses = new HostAddresses(resolver, Clock.systemUTC(), EACH, config.resolveHostsEvery());
        this.wanted = config.resolveHostsEvery().isPositive();
    }

    Map<String, Resolved> known() {
        return addresses.known();
    }

    void begin(@Observes StartupEvent event) {
        if (wanted) {
            Thread.ofVirtual().name("host-resolution").start(this::keepResolved);
        }
    }

    void end(@Observes ShutdownEvent event) {
        stopped.countDown();
        addresses.close();
    }

    private void keepResolved() {
        try {
            do {
                try {
                    addresses.resolve(hosts());
                } catch (DatabaseUnavailableException | QueryFailedException e) {
                    LOG.debugf(e, "hosts cannot be read; they will be in a minute");
                }
            } while (!stopped.await(BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those of the committees first: whoever pays for it may stand as a candidate under any number of names. */
    private List<String> hosts() {
        return snapshots.read(db -> db.list("""
                select n.network_address
                from storage_node n
                left join (
                  select distinct node_id from committee_member
                  where epoch >= (select max(epoch) from epoch where running_since is not null)) m using (node_id)
                order by m.node_id is null, n.network_address
                """, row -> Grouping.host(row.text("network_address"))));
    }
}
