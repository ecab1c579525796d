package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.CheckpointIntegrity;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole network at many times the speed of life, read from its checkpoint store. */
class DevnetTest {
    @TempDir
    Path folder = Path.of("");

    private DevnetSettings quick(FaultScript faults) {
        return quick(7, faults);
    }

    private DevnetSettings quick(long seed, FaultScript faults) {
        return new DevnetSettings(
                folder,
                seed,
                Optional.empty(),
                20,
                5,
                Duration.ofSeconds(20),
                Duration.ofMillis(250),
                faults,
                50,
                0,
                0);
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

    @Test
    @Timeout(180)
    void theSameSeedGivesTheSameChainAlsoWhereANodeFlaps() throws Exception {
        Digest first = digestAfterAnEpoch("first", 11);
        assertThat(digestAfterAnEpoch("again", 11)).isEqualTo(first);
        assertThat(digestAfterAnEpoch("other", 12)).isNotEqualTo(first);
    }

    private Digest digestAfterAnEpoch(String name, long seed) throws Exception {
        var settings = new DevnetSettings(
                folder.resolve(name),
                seed,
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                20,
                5,
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                FaultScript.parse("node 1 from 2s flapping 3s"),
                100,
                0,
                0);
        try (var devnet = Devnet.start(settings);
                var reader = new Reader(devnet)) {
            reader.until(counts -> reader.next == 100);
            assertThat(reader.counts).containsKeys("BlobCertified", "EpochChangeStart");
            return Objects.requireNonNull(reader.last);
        }
    }

    @Test
    @Timeout(180)
    void aNodeWhosePortIsTakenMovesAndSaysSo() throws Exception {
        String before;
        try (var devnet = Devnet.start(quick(FaultScript.NONE));
                var reader = new Reader(devnet)) {
            reader.until(counts -> counts.getOrDefault("EpochChangeStart", 0) >= 1);
            before = devnet.nodeAddresses().getFirst();
        }
        try (var _ = new ServerSocket(
                        Integer.parseInt(before.split(":", -1)[1]), 1, InetAddress.getByName("127.0.0.1"));
                var devnet = Devnet.start(quick(FaultScript.NONE));
                var reader = new Reader(devnet)) {
            String after = devnet.nodeAddresses().getFirst();
            assertThat(after).isNotEqualTo(before);
            reader.until(_ -> reader.addresses.contains(after));
        }
    }

    @Test
    @Timeout(180)
    void aFolderIsOfOneDevnetAtATime() {
        try (var _ = Devnet.start(quick(FaultScript.NONE))) {
            assertThatThrownBy(() -> Devnet.start(quick(FaultScript.NONE)))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining(folder.toString());
        }
        Devnet.start(quick(FaultScript.NONE)).close();
    }

    @Test
    @Timeout(180)
    void whatWasOpenedIsClosedWhereTheRestFails() throws Exception {
        int port = free();
        var settings = quick((port - 21_000) / 100, FaultScript.NONE);
        Files.createDirectories(folder.resolve("network.properties")); // the last thing to be written
        assertThatThrownBy(() -> Devnet.start(settings)).isInstanceOf(UncheckedIOException.class);
        Files.delete(folder.resolve("network.properties"));
        try (var devnet = Devnet.start(settings)) {
            assertThat(devnet.nodeAddresses().getFirst())
                    .as("the first port of this seed")
                    .endsWith(":" + port);
        }
    }

    /** The first port of a seed that no other test has: theirs may run at the same time. */
    private static int free() throws IOException {
        while (true) {
            int port = 21_000 + 100 * ThreadLocalRandom.current().nextInt(20, 90);
            try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // somebody has it
            }
        }
    }

    /** From one version of the contracts to the next, with an event that nobody knows. */
    @Test
    @Timeout(180)
    void theScriptUpgradesTheContracts() throws Exception {
        try (var devnet = Devnet.start(quick(FaultScript.parse("chain at 30s upgrade")));
                var reader = new Reader(devnet)) {
            reader.until(_ -> !reader.unknown.isEmpty());
            assertThat(reader.counts).containsKeys("ContractUpgraded", "ContractUpgradeQuorumReached");
        }
    }

    /** Reads and verifies every checkpoint of the store. */
    private static final class Reader implements AutoCloseable {
        private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");

        private final HttpClient http = HttpClient.newHttpClient();
        private final URI store;
        private final Map<Long, CommitteeVerifier> committees = new HashMap<>();
        private final Map<String, Integer> counts = new TreeMap<>();
        private final Map<String, Integer> failed = new TreeMap<>();
        private final Set<String> unknown = new TreeSet<>();
        private final Set<String> addresses = new TreeSet<>();
        private @Nullable Digest last;
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
            last = checkpoint.digest();
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
                                .forEach(this::count));
                var call = new String(transaction.data().bcs().toByteArray(), StandardCharsets.ISO_8859_1);
                ADDRESS.matcher(call).results().map(MatchResult::group).forEach(addresses::add);
            }
        }

        private void count(Event event) {
            String name = event.type().name();
            counts.merge(name, 1, Integer::sum);
            if (!(WalrusEvent.decode(name, event.contents()) instanceof Decoding.Known)) {
                unknown.add(name);
            }
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
