package dev.vibrissa.server.cli;

import dev.vibrissa.changes.Outbox;
import dev.vibrissa.devnet.Devnet;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.quilt.QuiltsOfNodes;
import dev.vibrissa.server.trace.Traces;
import dev.vibrissa.server.webhook.WebhookSender;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.ControlTargets;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.round.Method;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs until it is stopped: database first, then Quarkus, and down in the opposite order. */
@Command(
        name = "up",
        sortOptions = false,
        description = "Index and serve until stopped. With no options: a small Walrus of our own, simulated, at "
                + "http://localhost:8080.")
final class UpCommand implements Callable<Integer> {
    /** A pool of 60 idle connections would cost the embedded database more memory than its buffers. */
    private static final int MAX_API_CONNECTIONS = 16;

    private static final long STOP_SECONDS = 90;

    private final Settings settings;

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on; 0.0.0.0 for every one. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description = "What this process does: ${COMPLETION-CANDIDATES}. Default: indexer, verifier and api. "
                    + "Extractor and projector are the two halves of an indexer, which meet in Kafka.")
    private Set<Role> roles = EnumSet.of(Role.INDEXER, Role.VERIFIER, Role.API);

    @Option(
            names = "--source",
            paramLabel = "URL|DIR",
            split = ",",
            converter = Source.Converter.class,
            description = "Where checkpoints come from: files and folders, or full nodes (grpc://host:port, with TLS "
                    + "grpcs://host:port) and checkpoint stores (http://, https://), which are followed, several "
                    + "at once. Default: the public ones of the network; on devnet a simulated one.")
    private List<Source> sources = List.of();

    @Option(
            names = "--contact",
            paramLabel = "URL",
            description = "A page that says who audits, and why: part of every request to a storage node. Without it "
                    + "the nodes of a public network are not asked.")
    private @Nullable URI contact;

    @Option(
            names = "--control",
            paramLabel = "URL|HOST:PORT",
            split = ",",
            converter = ControlConverter.class,
            description = "Places that no storage node answers for, several at once: if none can be reached, it is our "
                    + "own network that is out. Default: the full nodes and stores that are followed.")
    private List<ControlTargets.Target> controls = List.of();

    @Option(
            names = "--organisations",
            paramLabel = "FILE",
            description = "Lines nodeId = organisation: who operates which storage node, for /v1/concentration.")
    private @Nullable Path organisations;

    @Option(
            names = "--token-prices",
            paramLabel = "FILE|URL",
            description = "CSV with the head date,price or date,price,currency and what one WAL cost on each day "
                    + "(2026-08-01,0.4375,USD): amounts, yields and statements are shown in that currency too.")
    private @Nullable String tokenPrices;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--keep-changes",
            paramLabel = "DURATION",
            description =
                    "How long what is new is kept for streams, webhooks and Kafka to come back to, such as P7D or "
                            + "PT36H. Default: ${DEFAULT-VALUE}.")
    private Duration keepChanges = Duration.ofDays(7);

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "text, or json: one object a line. Default: ${DEFAULT-VALUE}.")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description = "Where traces go, by OTLP over HTTP, such as http://127.0.0.1:4318. Default: nowhere.")
    private @Nullable URI otlpEndpoint;

    @Mixin
    private StoreRange range = new StoreRange();

    @Mixin
    private DevnetOptions simulated = new DevnetOptions();

    @Spec
    private @Nullable CommandSpec spec;

    /** What lines of the log look like. */
    enum LogFormat {
        TEXT,
        JSON
    }

    UpCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException {
        if (port < 0 || port > 65_535) {
            throw new CommandFailure(ExitCode.USAGE, "--port is %d, not 0 to 65535".formatted(port));
        }
        if (otlpEndpoint != null && !String.valueOf(otlpEndpoint.getScheme()).matches("https?")) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--otlp-endpoint is http:// or https://, not '%s'".formatted(otlpEndpoint));
        }
        range.require(sources);
        Network network = chain.network().orElse(Network.DEVNET);
        var shared = shared(network);
        Path data = chain.dataDirectory(network, settings);
        if (logFormat == LogFormat.JSON) {
            ConsoleLog.json();
        }
        var stopped = new CountDownLatch(1);
        // Ctrl-C runs the JVM's shutdown hooks all at once. Quarkus's own hook lets Quarkus.run return; this one keeps
        // the
        // JVM until the database, which must outlive Quarkus, has been stopped below.
        var untilStopped = new Thread(() -> await(stopped), "until-stopped");
        try (var open = OpenDatabase.open(settings, data)) {
            Runtime.getRuntime().addShutdownHook(untilStopped);
            configure(open.database(), network);
            try (var _ = otlpEndpoint == null ? null : Traces.to(otlpEndpoint);
                    var devnet = simulation(network, data);
                    var indexing = indexing(open.database(), network, devnet, shared);
                    var verifying = verifying(open.database(), network, data, devnet);
                    var eventBlobs = eventBlobs(open.database(), network, data);
                    var fingerprints = indexes() ? new Fingerprinting(open.database()) : Fingerprinting.none();
                    var telling = telling(open.database(), network, shared)) {
                indexing.start();
                verifying.start();
                eventBlobs.start();
                fingerprints.start();
                telling.start();
                return serve();
            }
        } finally {
            stopped.countDown();
        }
    }

    /** The halves of an indexer that run here, if there is a broker between them. */
    private Optional<Indexing.Shared> shared(Network network) {
        boolean halved = roles.contains(Role.EXTRACTOR) || roles.contains(Role.PROJECTOR);
        var broker = kafka.settings(network);
        if (halved && broker.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the roles extractor and projector need --kafka-bootstrap-servers");
        }
        if (network == Network.DEVNET && sources.isEmpty() && halved && !roles.contains(Role.INDEXER)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the roles extractor and projector need --source: a simulated network lives in one process");
        }
        return broker.map(settings -> new Indexing.Shared(
                settings,
                roles.contains(Role.INDEXER) || roles.contains(Role.EXTRACTOR),
                roles.contains(Role.INDEXER) || roles.contains(Role.PROJECTOR)));
    }

    private boolean indexes() {
        return roles.contains(Role.INDEXER) || roles.contains(Role.EXTRACTOR) || roles.contains(Role.PROJECTOR);
    }

    /** The network of our own, where no other is to be followed. */
    private @Nullable Devnet simulation(Network network, Path data) {
        return network == Network.DEVNET && sources.isEmpty() && roles.contains(Role.INDEXER)
                ? Devnet.start(simulated.settings(data.resolve("network"), 0))
                : null;
    }

    private Indexing indexing(
            Database database, Network network, @Nullable Devnet devnet, Optional<Indexing.Shared> shared) {
        if (!indexes()) {
            return Indexing.none();
        }
        if (devnet != null) {
            List<Source> node = List.of(
                    new Source.Node(URI.create("grpc://" + devnet.address().getAuthority())));
            return new Indexing(
                    database,
                    devnet.network(),
                    Optional.of(Devnet.LABEL),
                    new TrustAnchor.OfCommittee(devnet.committee()),
                    () -> range.followed(node, devnet.network().chain(), network),
                    range.snapshot(node, devnet.network(), network),
                    history(node, devnet.network()),
                    shared);
        }
        var followed = sources.isEmpty() ? network.publicSources() : sources;
        if (!followed.isEmpty()) {
            var walrus = chain.walrus(network);
            return new Indexing(
                    database,
                    walrus,
                    chain.label(),
                    chain.trust(),
                    () -> range.followed(followed, walrus.chain(), network),
                    range.snapshot(followed, walrus, network),
                    history(followed, walrus),
                    shared);
        }
        Terminal.of(spec)
                .err()
                .println("vibrissa: no --source, so nothing new is indexed; what is in the database is served.");
        return Indexing.none();
    }

    private Verifying verifying(Database database, Network network, Path data, @Nullable Devnet devnet) {
        if (!roles.contains(Role.VERIFIER)) {
            return Verifying.none();
        }
        Path key = data.resolve("audit-key");
        if (network == Network.DEVNET) {
            QuiltsOfNodes.askAs(simulatedNodes());
            return new Verifying(
                    database, key, network.toString(), Method.DEVNET, simulatedNodes(), controls(network, devnet));
        }
        if (contact == null) {
            Terminal.of(spec)
                    .err()
                    .println("vibrissa: no --contact, so storage nodes are not asked: they should know who asks.");
            // Well, for that is how it was started; but whoever looks why nothing is audited finds the reason.
            for (String idle : List.of("verifier", "event-blobs")) {
                WorkBoard.here()
                        .says(
                                idle,
                                WorkState.DONE,
                                "no --contact: nodes of a public network are not asked without one");
            }
            return Verifying.none();
        }
        QuiltsOfNodes.askAs(NodeClientSettings.of(contact));
        return new Verifying(
                database,
                key,
                network.toString(),
                Method.V1,
                NodeClientSettings.of(contact),
                controls(network, devnet));
    }

    /** Nodes of our own network are on this machine. */
    private NodeClientSettings simulatedNodes() {
        return NodeClientSettings.of(URI.create("http://127.0.0.1:%d/methodology".formatted(port)))
                .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"));
    }

    private EventBlobAudits eventBlobs(Database database, Network network, Path data) {
        Path folder = data.resolve("event-blobs");
        if (!roles.contains(Role.VERIFIER)) {
            return EventBlobAudits.none();
        }
        if (network == Network.DEVNET) {
            return new EventBlobAudits(database, folder, simulatedNodes(), Duration.ofSeconds(10));
        }
        return contact == null
                ? EventBlobAudits.none()
                : new EventBlobAudits(database, folder, NodeClientSettings.of(contact), Duration.ofMinutes(1));
    }

    /** What is new goes to Kafka from where it is found, and to webhooks from where they are made. */
    private Telling telling(Database database, Network network, Optional<Indexing.Shared> shared) {
        var telling = new Telling();
        if (indexes()) {
            keepChanges(database);
        }
        shared.filter(Indexing.Shared::projects).ifPresent(here -> {
            var kafka = new HashMap<>(here.broker().client());
            kafka.put("bootstrap.servers", here.broker().bootstrapServers());
            telling.publish(database, kafka, here.broker().prefix());
        });
        if (roles.contains(Role.API)) {
            var addresses = AddressPolicy.publicOnly();
            if (network == Network.DEVNET) {
                addresses = addresses.allowing("127.0.0.1/32");
            }
            telling.send(database, WebhookSender.Settings.of(addresses));
        }
        return telling;
    }

    private void keepChanges(Database database) {
        try (var db = database.connect()) {
            Outbox.keepFor(db, keepChanges);
        } catch (SQLException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "the database cannot be written to: " + e.getMessage(), e);
        }
    }

    /** What was named, or else wherever the chain comes from: it is needed anyway. */
    private ControlTargets controls(Network network, @Nullable Devnet devnet) {
        if (!controls.isEmpty()) {
            return new ControlTargets(controls);
        }
        if (devnet != null) {
            return new ControlTargets(
                    List.of(ControlTargets.Target.parse(devnet.address().toString())));
        }
        var followed = sources.isEmpty() ? network.publicSources() : sources;
        return new ControlTargets(followed.stream()
                .flatMap(source -> switch (source) {
                    case Source.Node(URI address) -> Stream.of(address);
                    case Source.Store(URI base) -> Stream.of(base);
                    case Source.Local _ -> Stream.<URI>empty();
                })
                .map(address -> ControlTargets.Target.parse(address.toString()))
                .toList());
    }

    /** Names what was wrong instead of the class that refused it. */
    static final class ControlConverter implements ITypeConverter<ControlTargets.Target> {
        @Override
        public ControlTargets.Target convert(String text) {
            try {
                return ControlTargets.Target.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private Optional<Indexing.History> history(List<Source> followed, WalrusNetwork walrus) {
        return Optional.of(new Indexing.History(() -> range.bounded(followed, walrus.chain()), range::historyFrom));
    }

    /** Runs Quarkus until it is asked to stop, and returns the exit code. */
    private static int serve() {
        var outcome = new AtomicReference<@Nullable Throwable>();
        int[] code = new int[1];
        Quarkus.run(WaitForExit.class, (exitCode, fault) -> {
            code[0] = exitCode;
            outcome.set(fault);
        });
        Throwable fault = outcome.get();
        if (fault != null) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "the server cannot run: " + rootCause(fault), fault);
        }
        return code[0];
    }

    private void configure(Database database, Network network) {
        System.setProperty("quarkus.datasource.jdbc.url", database.jdbcUrl());
        if (!database.user().isEmpty()) {
            System.setProperty("quarkus.datasource.username", database.user());
            System.setProperty("quarkus.datasource.password", database.password());
        }
        System.setProperty("quarkus.datasource.jdbc.max-size", Integer.toString(MAX_API_CONNECTIONS));
        System.setProperty("quarkus.http.host", host);
        System.setProperty("quarkus.http.port", Integer.toString(port));
        if (organisations != null) {
            System.setProperty("vibrissa.api.organisations", organisations.toString());
        }
        if (tokenPrices != null) {
            System.setProperty("vibrissa.api.token-prices", tokenPrices);
        }
        if (network == Network.DEVNET) { // a receiver on this machine has no certificate
            System.setProperty("vibrissa.api.webhook-plain-http", "true");
        }
        System.setProperty("vibrissa.network", network.toString());
        System.setProperty("vibrissa.roles", roles.stream().map(Role::toString).collect(Collectors.joining(",")));
    }

    private static String rootCause(Throwable fault) {
        return Optional.ofNullable(fault.getCause())
                .map(UpCommand::rootCause)
                .orElseGet(() -> String.valueOf(fault.getMessage()));
    }

    static void await(CountDownLatch stopped) {
        try {
            stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
