package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.node.Outcome;
import dev.vibrissa.verifier.round.Auditor;
import dev.vibrissa.verifier.round.Method;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The auditor's side of {@link AuditBench}, in a process of its own, so that memory and processor time are all its. */
final class AuditWorker {
    private static final int AT_ONCE = 16;
    private static final double NANOS = 1e9;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Slivers of blobs of one size, asked for in one way.
     *
     * @param how probe, download, or verify
     * @param cpuSeconds of this process, all threads
     * @param wireBytes as they came, TLS left out; of bodies alone where the wire is not seen
     * @param sha256 over all bodies of one pass, in order
     */
    record Speed(
            String how,
            int mib,
            long slivers,
            double seconds,
            double cpuSeconds,
            long wireBytes,
            long bodyBytes,
            String sha256) {}

    /** A round of the method as it is. */
    record Round(long probes, long served, double seconds, double cpuSeconds, long heapBytes, long residentBytes) {}

    private final AuditedNodes.Known known;
    private final NodeClient client = new NodeClient(NodeClientSettings.of(URI.create("https://example.org/bench"))
            .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32")));

    private AuditWorker(AuditedNodes.Known known) {
        this.known = known;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        var worker = new AuditWorker(AuditedNodes.Known.read(folder));
        Object result = switch (arguments[0]) {
            case "probes" -> worker.speeds(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "round" -> worker.round(folder, new Database(arguments[2], arguments[3], arguments[4]));
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        JSON.writeValue(folder.resolve(arguments[0] + ".json").toFile(), result);
        System.exit(0);
    }

    // ---------------------------------------------------------------- slivers

    /** One place of a sliver: whose, and which. */
    private record Place(AuditedNodes.Node node, int pair) {}

    @FunctionalInterface
    private interface Asking {
        /** @return the body */
        byte[] ask(Place place) throws Exception;
    }

    private List<Speed> speeds(Path folder, int mib, int rounds) throws Exception {
        var config = new EncodingConfig(AuditedNodes.SHARDS);
        BlobId blob = known.blob(mib);
        var metadata = ((Outcome.Answered<VerifiedMetadata>)
                        client.metadata(known.nodes().getFirst().storageNode(), config, blob))
                .value();
        var places = new ArrayList<Place>();
        for (int i = 0; i < AuditedNodes.SHARDS; i++) {
            AuditedNodes.Node node = known.nodes().get(i % AuditedNodes.NODES);
            places.add(new Place(node, config.pairOf(i, new dev.vibrissa.redstuff.BlobId(blob.toByteArray()))));
        }
        HttpClient plain = plain(folder);
        var wire = new LongAdder();
        var bodies = new ArrayList<byte[]>();
        Asking probe = place -> {
            var outcome = client.sliver(place.node().storageNode(), metadata, place.pair(), SliverType.PRIMARY);
            if (!(outcome instanceof Outcome.Answered<?> answered)) {
                throw new IllegalStateException("%s gave no sliver: %s".formatted(place, outcome));
            }
            wire.add(answered.traffic().wireBytes());
            return answered.body().toByteArray();
        };
        Asking download = place -> plain.send(
                        HttpRequest.newBuilder(URI.create("https://%s/v1/blobs/%s/slivers/%d/primary"
                                        .formatted(place.node().address(), blob, place.pair())))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        var speeds = new ArrayList<Speed>();
        for (int round = 0; round <= rounds; round++) {
            List<Speed> measured = List.of(
                    measured("probe", mib, places, probe, wire, bodies),
                    measured("download", mib, places, download, wire, bodies),
                    verified(mib, places, metadata, bodies));
            if (round > 0) { // the first warms up
                speeds.addAll(measured);
            }
        }
        return speeds;
    }

    private static Speed measured(
            String how, int mib, List<Place> places, Asking asking, LongAdder wire, List<byte[]> bodies)
            throws Exception {
        wire.reset();
        bodies.clear();
        double cpu = cpuSeconds();
        long began = System.nanoTime();
        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var futures = new ArrayList<Future<byte[]>>();
            for (Place place : places) {
                futures.add(threads.submit(() -> asking.ask(place)));
            }
            for (Future<byte[]> each : futures) {
                bodies.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("%s failed".formatted(how), e);
        }
        double seconds = (System.nanoTime() - began) / NANOS;
        double spent = cpuSeconds() - cpu;
        long bodyBytes = bodies.stream().mapToLong(each -> each.length).sum();
        return new Speed(
                how,
                mib,
                places.size(),
                seconds,
                spent,
                wire.sum() == 0 ? bodyBytes : wire.sum(),
                bodyBytes,
                sha256(bodies));
    }

    /** What of it is the proof: one thread, from memory. */
    private static Speed verified(int mib, List<Place> places, VerifiedMetadata metadata, List<byte[]> bodies)
            throws GeneralSecurityException {
        double cpu = cpuSeconds();
        long began = System.nanoTime();
        for (int i = 0; i < places.size(); i++) {
            var verdict =
                    metadata.verifySliver(SliverType.PRIMARY, places.get(i).pair(), bodies.get(i));
            if (!(verdict instanceof SliverVerdict.Accepted)) {
                throw new IllegalStateException("%s does not hold: %s".formatted(places.get(i), verdict));
            }
        }
        double seconds = (System.nanoTime() - began) / NANOS;
        double spent = cpuSeconds() - cpu;
        long bodyBytes = bodies.stream().mapToLong(each -> each.length).sum();
        return new Speed("verify", mib, places.size(), seconds, spent, 0, bodyBytes, sha256(bodies));
    }

    /** Another client, which trusts the nodes' certificates and looks at nothing else. */
    private static HttpClient plain(Path folder) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve(AuditedNodes.CERTIFICATES))) {
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(number++), certificate);
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(tls)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    private static String sha256(List<byte[]> bodies) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-256");
        bodies.forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    // ---------------------------------------------------------------- a round

    private Round round(Path folder, Database database) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = database.connect()) {
            log.begin(db, "bench", Map.of());
        }
        var auditor = new Auditor(database, log, Method.V1, client, Thread::sleep, () -> true, Clock.systemUTC());
        step(auditor, Auditor.Step.FRAME);
        try (Connection db = database.connect();
                var select = db.prepareStatement("select first_seed_height from frame");
                var row = select.executeQuery()) {
            row.next();
            AuditedChain.reach(db, row.getLong(1));
        }
        double cpu = cpuSeconds();
        long began = System.nanoTime();
        step(auditor, Auditor.Step.ROUND);
        double seconds = (System.nanoTime() - began) / NANOS;
        double spent = cpuSeconds() - cpu;
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(each -> each.getType() == MemoryType.HEAP)
                .mapToLong(each -> each.getPeakUsage().getUsed())
                .sum();
        try (Connection db = database.connect();
                var select = db.prepareStatement(
                        "select count(*), count(*) filter (where verdict in ('served', 'slow')) from probe");
                var row = select.executeQuery()) {
            row.next();
            return new Round(
                    row.getLong(1),
                    row.getLong(2),
                    seconds,
                    spent,
                    heap,
                    ProcessUsage.resident(ProcessHandle.current()).peakBytes());
        }
    }

    private static void step(Auditor auditor, Auditor.Step due) throws Exception {
        Auditor.Step done = auditor.step();
        if (done != due) {
            throw new IllegalStateException("%s was due, and %s done".formatted(due, done));
        }
    }

    private static double cpuSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / NANOS;
    }
}
