package dev.vibrissa.api.concentration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Host names are resolved ahead, within bounds, whatever their name servers do. */
class HostAddressesTest {
    private static final Instant START = Instant.parse("2026-07-01T00:00:00Z");

    @Test
    void aNameIsAskedForOnceUntilItIsOld() throws Exception {
        var asked = new AtomicInteger();
        HostResolver resolver = _ -> {
            asked.incrementAndGet();
            return List.of(InetAddress.ofLiteral("198.51.100.7"));
        };
        try (var addresses = addresses(resolver, Duration.ofHours(6))) {
            addresses.resolve(List.of("a.example", "a.example", "203.0.113.1"));
            addresses.resolve(List.of("a.example"));
            assertThat(asked).hasValue(1);
            assertThat(known(addresses, "a.example").at()).isEqualTo(START);
        }
        try (var addresses = addresses(resolver, Duration.ZERO)) {
            addresses.resolve(List.of("a.example"));
            addresses.resolve(List.of("a.example"));
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void ofTooManyNamesTheFirstAreAskedFor() throws Exception {
        var hosts = new ArrayList<String>(List.of("z.example"));
        for (int i = 0; i < 2000; i++) {
            hosts.add("a-%d.example".formatted(i));
        }
        try (var addresses = addresses(_ -> List.of(InetAddress.ofLiteral("198.51.100.7")), Duration.ofHours(6))) {
            addresses.resolve(hosts);
            assertThat(addresses.known()).hasSize(1000).containsKey("z.example");
        }
    }

    @Test
    void whatNobodyWantsAnyMoreIsForgotten() throws Exception {
        try (var addresses = addresses(_ -> List.of(InetAddress.ofLiteral("198.51.100.7")), Duration.ofHours(6))) {
            addresses.resolve(List.of("a.example", "b.example"));
            addresses.resolve(List.of("b.example"));
            assertThat(addresses.known()).containsOnlyKeys("b.example");
        }
    }

    @Test
    void whoHangsOrFailsIsNotResolvedAndKeepsNobodyWaiting() throws Exception {
        var never = new CountDownLatch(1);
        HostResolver resolver = host -> switch (host) {
            case "slow.example" -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new UnknownHostException(host);
                }
                yield List.of();
            }
            case "gone.example" -> throw new UnknownHostException(host);
            default -> List.of(InetAddress.ofLiteral("198.51.100.7"));
        };
        try (var addresses = addresses(resolver, Duration.ofHours(6))) {
            addresses.resolve(List.of("slow.example", "gone.example", "a.example"));
            assertThat(known(addresses, "slow.example").addresses()).isEmpty();
            assertThat(known(addresses, "gone.example").addresses()).isEmpty();
            assertThat(known(addresses, "a.example").addresses()).hasSize(1);
        }
    }

    @Test
    void addressesWithinSomebodysOwnNetworkGroupNobody() throws Exception {
        HostResolver liar = _ -> List.of(
                InetAddress.ofLiteral("127.0.0.1"),
                InetAddress.ofLiteral("10.1.2.3"),
                InetAddress.ofLiteral("100.64.0.1"),
                InetAddress.ofLiteral("169.254.1.1"),
                InetAddress.ofLiteral("fd00::1"),
                InetAddress.ofLiteral("::1"),
                InetAddress.ofLiteral("198.51.100.7"));
        try (var addresses = addresses(liar, Duration.ofHours(6))) {
            addresses.resolve(List.of("a.example"));
            assertThat(known(addresses, "a.example").addresses())
                    .containsExactly(InetAddress.ofLiteral("198.51.100.7"));
        }
    }

    @Test
    void anAnswerWithoutEndIsCut() throws Exception {
        HostResolver talker = _ -> IntStream.range(0, 1000)
                .mapToObj(i -> InetAddress.ofLiteral("198.51.%d.%d".formatted(i / 250, i % 250)))
                .toList();
        try (var addresses = addresses(talker, Duration.ofHours(6))) {
            addresses.resolve(List.of("a.example"));
            assertThat(known(addresses, "a.example").addresses()).hasSize(16);
        }
    }

    @Test
    void theMachineItselfIsFoundAndCountsForNothing() throws Exception {
        try (var addresses = addresses(new SystemResolver(), Duration.ofHours(6))) {
            addresses.resolve(List.of("localhost"));
            assertThat(known(addresses, "localhost").addresses()).isEmpty();
        }
    }

    private static HostAddresses.Resolved known(HostAddresses addresses, String host) {
        return Objects.requireNonNull(addresses.known().get(host));
    }

    private static HostAddresses addresses(HostResolver resolver, Duration renewAfter) {
        return new HostAddresses(resolver, Clock.fixed(START, ZoneOffset.UTC), Duration.ofSeconds(2), renewAfter);
    }
}
