package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.CheckpointIntegrity;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole network at many times the speed of life, read from its checkpoint store. */
class DevnetTest {
    @TempDir
    Path folder = Path.of("");

    private DevnetSettings quick(FaultScript faults) {
        return new DevnetSettings(folder, 7, 20, 5, Duration.ofSeconds(20), Duration.ofMillis(250), faults, 50, 0, 0);
    }

    @Test
    @Timeout(180)
    void blobsAreCertifiedAndEpochsPassAlsoAfterARestart() throws Exception {
        long seen;
        try (var devnet = Devnet.start(quick(FaultScript.NONE));
                var reader = new Reader(devnet)) {
            reader.until(counts -> counts.getOrDefault("EpochChangeStart", 0) >= 3
                    && counts.getOrDefault("BlobCertified", 0) >= 3
                    && counts.getOrDefault("PooledBlobCertified", 0) >= 1);
            seen = reader.next;
        }
        try (var devnet = Devnet.start(quick(FaultScript.NONE));
                var reader = new Reader(devnet)) {
            reader.until(counts -> counts.getOrDefault("EpochChangeStart", 0) >= 6);
            assertThat(reader.next).isGreaterThan(seen);
        }
    }

    /** Reads and verifies every checkpoint of the store. */
    private static final class Reader implements AutoCloseable {
        private final HttpClient http = HttpClient.newHttpClient();
        private final URI store;
        private final Map<Long, CommitteeVerifier> committees = new HashMap<>();
        private final Map<String, Integer> counts = new TreeMap<>();
        private final Map<String, Integer> failed = new TreeMap<>();
        private long next;

        Reader(Devnet devnet) {
            store = devnet.address().resolve("/checkpoints/");
            committees.put(0L, new CommitteeVerifier(devnet.committee()));
        }

        void until(Predicate<Map<String, Integer>> enough) throws IOException, InterruptedException {
            while (!enough.test(counts)) {
                var answer = http.send(
                        HttpRequest.newBuilder(store.resolve(next + ".binpb.zst"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 404) {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                } else {
                    take(CheckpointFile.read(answer.body(), next + ".binpb.zst"));
                    next++;
                }
            }
        }

        private void take(Checkpoint checkpoint) {
            assertThat(CheckpointIntegrity.check(checkpoint))
                    .isInstanceOfSatisfying(
                            IntegrityCheck.Intact.class,
                            intact -> assertThat(intact.missing()).isEmpty());
            long epoch = checkpoint.summary().epoch();
            assertThat(Objects.requireNonNull(committees.get(epoch))
                            .verify(checkpoint.summaryBcs(), checkpoint.signature()))
                    .isInstanceOf(CertificateCheck.Valid.class);
            checkpoint
                    .summary()
                    .endOfEpoch()
                    .ifPresent(end -> committees.put(
                            epoch + 1,
                            new CommitteeVerifier(
                                    new dev.vibrissa.protocol.sui.Committee(epoch + 1, end.nextCommittee()))));
            for (var transaction : checkpoint.transactions()) {
                transaction
                        .effects()
                        .decoded()
                        .filter(effects -> !effects.status().isSuccess())
                        .ifPresent(effects -> failed.merge(effects.status().toString(), 1, Integer::sum));
                transaction
                        .events()
                        .flatMap(Part::decoded)
                        .ifPresent(events -> events.stream()
                                .filter(event -> event.type().module().equals(WalrusEvent.MODULE))
                                .forEach(event -> counts.merge(event.type().name(), 1, Integer::sum)));
            }
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
