package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookUpsTest {
    private static final List<InetAddress> FOUND = List.of(InetAddress.ofLiteral("127.0.0.1"));
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final LookUps lookUps = new LookUps(
            _ -> {
                begun.incrementAndGet();
                try {
                    hanging.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return FOUND;
            },
            2);

    @Test
    void ofOneHostAreShared() throws Exception {
        var first = lookUps.of("a.test", PATIENT).orElseThrow();
        var second = lookUps.of("a.test", PATIENT).orElseThrow();
        assertThat(second).isSameAs(first);
        hanging.countDown();
        assertThat(second.get()).isEqualTo(FOUND);
        assertThat(begun).hasValue(1);
    }

    @Test
    void areBoundedOverAllHosts() throws Exception {
        var first = lookUps.of("a.test", PATIENT).orElseThrow();
        assertThat(lookUps.of("b.test", PATIENT)).isPresent();
        assertThat(lookUps.of("c.test", Duration.ofMillis(50))).isEmpty();
        assertThat(lookUps.of("a.test", Duration.ofMillis(50))).contains(first);
        hanging.countDown();
        assertThat(lookUps.of("c.test", PATIENT).orElseThrow().get()).isEqualTo(FOUND);
    }

    @Test
    void areMadeAnewOnceTheLastIsKnown() throws Exception {
        hanging.countDown();
        lookUps.of("a.test", PATIENT).orElseThrow().get();
        lookUps.of("a.test", PATIENT).orElseThrow().get();
        assertThat(begun).hasValue(2);
    }
}
