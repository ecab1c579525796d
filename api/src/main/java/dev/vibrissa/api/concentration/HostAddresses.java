package dev.vibrissa.api.concentration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What host names were resolved to, and when. Operators choose the names, and their name servers the answers: so many names,
 * so many addresses of each, so long for one, and no address that only means something within somebody's own network.
 */
final class HostAddresses implements AutoCloseable {
    private static final int MOST_HOSTS = 1_000;
    private static final int MOST_ADDRESSES = 16;
    private static final int AT_ONCE = 8;
    private static final int LONGEST_NAME = 253;

    private final HostResolver resolver;
    private final Clock clock;
    private final Duration each;
    private final Duration renewAfter;
    // Platform threads: a look-up blocks in native code. One that hangs keeps its thread, and others wait, in vain at
    // worst.
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("resolves-", 0).factory());

    private final Map<String, Resolved> known = new ConcurrentHashMap<>();

    /**
     * What a name was resolved to.
     *
     * @param addresses in order; empty if the name is not known, or nobody answered
     */
    record Resolved(List<InetAddress> addresses, Instant at) {}

    /**
     * @param each how long one look-up may take
     * @param renewAfter how long an answer is kept
     */
    HostAddresses(HostResolver resolver, Clock clock, Duration each, Duration renewAfter) {
        this.resolver = resolver;
        this.clock = clock;
        this.each = each;
        this.renewAfter = renewAfter;
    }

    /** What is known, and nothing else is done. */
    Map<String, Resolved> known() {
        return Map.copyOf(known);
    }

    /**
     * Resolves those of the names that were not, or too long ago, and forgets all others.
     *
     * @param hosts most important first, since there may be more than are resolved
     */
    void resolve(List<String> hosts) throws InterruptedException {
        Set<String> wanted = new TreeSet<>();
        hosts.stream()
                .filter(host -> !Grouping.isLiteral(host) && !host.isEmpty() && host.length() <= LONGEST_NAME)
                .distinct()
                .limit(MOST_HOSTS)
                .forEach(wanted::add);
        known.keySet().retainAll(wanted);
        Instant stale = clock.instant().minus(renewAfter);
        wanted.removeIf(host -> {
            var resolved = known.get(host);
            return resolved != null && resolved.at().isAfter(stale);
        });
        // Should most of them hang, the round ends all the same.
        long end = System.nanoTime()
                + each.multipliedBy(1 + wanted.size() / AT_ONCE).toNanos();
        var lookUps = new ArrayList<Map.Entry<String, Future<List<InetAddress>>>>();
        for (String host : wanted) {
            lookUps.add(Map.entry(host, threads.submit(() -> resolver.resolve(host))));
        }
        for (var lookUp : lookUps) {
            known.put(lookUp.getKey(), new Resolved(publicOf(answer(lookUp.getValue(), end)), clock.instant()));
        }
    }

    private List<InetAddress> answer(Future<List<InetAddress>> lookUp, long end) throws InterruptedException {
        try {
            return lookUp.get(Math.min(each.toNanos(), end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            lookUp.cancel(true);
            return List.of();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException) { // shown as not resolved
                return List.of();
            }
            throw new IllegalStateException("a host name could not be resolved", e.getCause());
        }
    }

    private static List<InetAddress> publicOf(List<InetAddress> answered) {
        return answered.stream()
                .limit(MOST_ADDRESSES)
                .map(HostAddresses::withoutName)
                .filter(HostAddresses::isPublic)
                .distinct()
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .toList();
    }

    private static InetAddress withoutName(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // the length was right before
        }
    }

    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isUniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean isCarriers = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress()
                && !isUniqueLocal
                && !isCarriers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
