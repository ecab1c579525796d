package dev.vibrissa.devnet;

import dev.vibrissa.devnet.contract.WalrusContracts;
import dev.vibrissa.devnet.contract.WalrusGenesis;
import dev.vibrissa.devnet.ledger.Account;
import dev.vibrissa.devnet.ledger.Genesis;
import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.node.NodeIdentity;
import dev.vibrissa.devnet.node.SimulatedNode;
import dev.vibrissa.devnet.people.Actor;
import dev.vibrissa.devnet.people.Delegator;
import dev.vibrissa.devnet.people.EventBlobWriters;
import dev.vibrissa.devnet.people.Fleet;
import dev.vibrissa.devnet.people.Foundation;
import dev.vibrissa.devnet.people.Operator;
import dev.vibrissa.devnet.people.PoolRenter;
import dev.vibrissa.devnet.people.Publisher;
import dev.vibrissa.devnet.people.Strangers;
import dev.vibrissa.devnet.people.Timekeeper;
import dev.vibrissa.devnet.people.Turn;
import dev.vibrissa.devnet.people.Upgraders;
import dev.vibrissa.devnet.people.Walrus;
import dev.vibrissa.devnet.rpc.Endpoint;
import dev.vibrissa.devnet.rpc.RpcServer;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.redstuff.EncodingConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * A simulated Walrus that runs: a chain, storage nodes and people, on loopback addresses. What happens follows from the
 * settings and the times of the checkpoints, and where its ports are free even the bytes do; what happened is in the
 * folder, from which a second start goes on.
 */
public final class Devnet implements AutoCloseable {
    /** What every answer about it says. */
    public static final String LABEL = "simulated network";

    private static final Logger LOG = Logger.getLogger(Devnet.class);
    private static final String NAME = "devnet";
    private static final String HOST = "127.0.0.1";
    private static final int DELEGATORS = 5;
    private static final int PUBLISHERS = 3;
    private static final int FRIENDS = 4;
    private static final int MAX_EPOCHS_AHEAD = 53;
    private static final int SUBSIDY_BASIS_POINTS = 5_000;
    private static final long MIST = 1_000_000_000;
    /** So that committees are handed over while one watches. */
    private static final int CHECKPOINTS_PER_SUI_EPOCH = 400;

    /** Below the ports that systems give away by themselves. */
    private static final int FIRST_NODE_PORT = 21_000;

    private static final int PORT_RANGES = 100;
    private static final int MOST_NODES = 100;
    private static final long STOP_SECONDS = 30;

    private final DevnetSettings settings;
    private final Deque<AutoCloseable> open;
    private final Instant start;
    private final WalrusContracts contracts = WalrusContracts.devnet();
    private final Ledger ledger;
    private final Walrus walrus;
    private final ChainWatch watch;
    private final Vertx vertx;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final RpcServer rpc;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("devnet").unstarted(this::live);
    private volatile Duration age = Duration.ZERO;

    /** The last checkpoint for which everybody has acted, sealed or not. */
    private long acted = -1;

    /** @param open takes what has to be closed, also when the rest fails */
    private Devnet(DevnetSettings settings, Deque<AutoCloseable> open) throws IOException {
        this.settings = settings;
        this.open = open;
        open.push(FolderLock.hold(settings.folder()));
        this.start = KeptSettings.agree(settings);
        var modules = new MoveModules();
        contracts.addTo(modules);
        ledger = Ledger.open(settings.folder().resolve("checkpoints"), genesis(modules), modules);
        open.push(ledger);
        walrus = new Walrus(ledger, contracts);
        watch = new ChainWatch(ledger, walrus, settings.folder().resolve("followed"));
        watch.follow();
        vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
        open.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        var config = new EncodingConfig(settings.shards());
        var fleet = new Fleet();
        people(fleet, config);
        age = Duration.between(start, lastTime());
        suffer();
        rpc = RpcServer.start(
                vertx,
                ledger,
                Endpoint.of(NAME).with(new ScriptedStream(settings.faults(), age, () -> age)),
                HOST,
                settings.port());
        open.push(rpc);
        Files.writeString(networkFile(), network().toFileText());
        Files.write(committeeFile(), BcsWriter.encode(committee(), (out, value) -> value.encode(out)));
        Files.writeString(
                certificatesFile(),
                nodes.stream().map(node -> node.identity().certificatePem()).collect(Collectors.joining("\n")));
    }

    /**
     * Begins a network in an empty folder, or goes on with the one that is there.
     *
     * @throws FolderInUseException if another one runs there
     * @throws OtherNetworkException if it holds a network with other settings
     * @throws UncheckedIOException if the folder cannot be used or the port is taken
     */
    public static Devnet start(DevnetSettings settings) {
        var devnet = open(settings);
        devnet.thread.start();
        return devnet;
    }

    /** One whose time does not pass by itself. */
    static Devnet open(DevnetSettings settings) {
        var open = new ArrayDeque<AutoCloseable>();
        boolean ready = false;
        try {
            var devnet = new Devnet(settings, open);
            ready = true;
            return devnet;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!ready) {
                close(open);
            }
        }
    }

    private Genesis genesis(MoveModules modules) {
        var genesis = new Genesis(settings.seed(), start);
        WalrusGenesis.create(
                genesis,
                contracts,
                new WalrusGenesis.Settings(
                        settings.shards(),
                        start,
                        Duration.ZERO,
                        settings.walrusEpoch(),
                        MAX_EPOCHS_AHEAD,
                        SUBSIDY_BASIS_POINTS,
                        100 * MIST,
                        MIST,
                        account("foundation").address()));
        Strangers.publish(genesis, modules);
        accounts().forEach(each -> genesis.sui(each.address(), 1_000_000 * MIST));
        return genesis;
    }

    private Account account(String name) {
        return Account.of(settings.seed(), name);
    }

    private List<Account> numbered(String kind, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> account("%s-%d".formatted(kind, i)))
                .toList();
    }

    private List<Account> accounts() {
        var all = new ArrayList<Account>();
        all.add(account("foundation"));
        all.add(account("timekeeper"));
        all.add(account("stranger"));
        all.add(account("pool-renter"));
        all.addAll(numbered("operator", settings.nodes()));
        all.addAll(numbered("delegator", DELEGATORS));
        all.addAll(numbered("publisher", PUBLISHERS));
        return all;
    }

    private void people(Fleet fleet, EncodingConfig config) {
        List<Sender> operators = senders("operator", settings.nodes());
        List<Sender> delegators = senders("delegator", DELEGATORS);
        List<Sender> publishers = senders("publisher", PUBLISHERS);
        List<SuiAddress> friends =
                numbered("friend", FRIENDS).stream().map(Account::address).toList();
        var rich = new ArrayList<SuiAddress>();
        for (List<Sender> each : List.of(operators, delegators, publishers)) {
            each.forEach(sender -> rich.add(sender.address()));
        }
        var renter = ledger.sender(account("pool-renter"));
        rich.add(renter.address());
        actors.add(new Foundation(walrus, ledger.sender(account("foundation")), rich));
        for (int i = 0; i < operators.size(); i++) {
            var sender = operators.get(i);
            var node = node(i, sender.address(), config);
            Operator.cap(walrus, sender.address()).ifPresent(cap -> fleet.add(cap.nodeId(), node));
            actors.add(new Operator(i, walrus, fleet, sender, node));
        }
        actors.add(new Timekeeper(walrus, ledger.sender(account("timekeeper")), settings.nodes()));
        add(delegators, i -> new Delegator(i, walrus, delegators.get(i)));
        add(publishers, i -> new Publisher(i, walrus, fleet, publishers.get(i), config, friends));
        actors.add(new PoolRenter(walrus, fleet, renter, config));
        if (settings.eventBlobCheckpoints() > 0) {
            actors.add(new EventBlobWriters(
                    ledger,
                    walrus,
                    fleet,
                    operators,
                    config,
                    settings.eventBlobCheckpoints(),
                    settings.folder().resolve("event-blob")));
        }
        settings.faults().entries().forEach(entry -> {
            if (entry instanceof FaultScript.Entry.Upgrade(Duration from)) {
                actors.add(new Upgraders(walrus, operators, from));
            }
        });
        if (settings.noiseBytes() > 0) {
            actors.add(new Strangers(walrus, ledger.sender(account("stranger")), settings.noiseBytes()));
        }
    }

    private void add(List<Sender> senders, IntFunction<Actor> actor) {
        IntStream.range(0, senders.size()).mapToObj(actor).forEach(actors::add);
    }

    private List<Sender> senders(String kind, int count) {
        return numbered(kind, count).stream().map(ledger::sender).toList();
    }

    /** A node, where the chain says it is; a new one at a port of its own that follows from the seed. */
    private SimulatedNode node(int index, SuiAddress operator, EncodingConfig config) {
        int port = Operator.cap(walrus, operator)
                .map(cap -> walrus.state().pool(cap.nodeId()).nodeInfo().networkAddress())
                .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                .orElse(FIRST_NODE_PORT + Math.floorMod(settings.seed(), PORT_RANGES) * MOST_NODES + index);
        SimulatedNode node;
        try {
            node = node(index, operator, config, port);
        } catch (IllegalStateException taken) {
            node = node(index, operator, config, 0);
            LOG.infof("node=%d address=%s reason=\"port %d is taken\"", (Object) index, node.networkAddress(), port);
        }
        nodes.add(node);
        open.push(node);
        return node;
    }

    private SimulatedNode node(int index, SuiAddress operator, EncodingConfig config, int port) {
        return SimulatedNode.start(
                vertx,
                NodeIdentity.of("%d/node %d".formatted(settings.seed(), index), HOST),
                port,
                settings.folder().resolve("nodes").resolve(Integer.toString(index)),
                config,
                watch.of(() -> Operator.cap(walrus, operator).map(cap -> cap.nodeId())));
    }

    private Instant lastTime() {
        return ledger.checkpoint(ledger.tip())
                .map(message ->
                        CheckpointFile.read(message, "tip.binpb").summary().timestamp())
                .orElse(start);
    }

    private void live() {
        var pace = new Pace(lastTime(), settings.betweenCheckpoints(), settings.speed());
        try {
            while (pace.await(stop)) {
                step(pace.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error fault) {
            LOG.errorf(fault, "devnet stopped checkpoint=%d", ledger.tip());
        }
    }

    /** Makes a checkpoint. What fails, such as a full disk, is tried again with the next. */
    void step(Instant time) {
        try {
            advance(time);
        } catch (RuntimeException fault) {
            LOG.errorf(fault, "a step failed, and will be tried again tip=%d", ledger.tip());
        }
    }

    /** Everybody acts, once, and what they did is sealed. */
    private void advance(Instant time) {
        long sequenceNumber = ledger.tip() + 1;
        age = Duration.between(start, time);
        suffer();
        if (acted < sequenceNumber) {
            ledger.commit(time);
            act(new Turn(settings.seed(), sequenceNumber, time, age));
            acted = sequenceNumber;
        }
        if (sequenceNumber % CHECKPOINTS_PER_SUI_EPOCH == 0) {
            ledger.endEpoch(time);
        } else {
            ledger.seal(time);
        }
        watch.follow();
    }

    private void act(Turn turn) {
        for (Actor actor : actors) {
            try {
                actor.act(turn);
            } catch (RuntimeException fault) {
                // One person's mistake does not stop a network.
                LOG.warnf(fault, "somebody failed checkpoint=%d", turn.checkpoint());
            }
        }
    }

    /** Faults begin and end by the clock of the chain. */
    private void suffer() {
        for (int i = 0; i < nodes.size(); i++) {
            var faults = settings.faults().ofNode(i, age);
            if (!nodes.get(i).faults().equals(faults)) {
                try {
                    nodes.get(i).suffer(faults);
                    LOG.infof("node=%d faults=%s", (Object) i, faults);
                } catch (RuntimeException fault) {
                    // Its port may be taken; it is asked again at the next checkpoint.
                    LOG.warnf("node=%d faults=%s reason=\"%s\"", i, nodes.get(i).faults(), fault.getMessage());
                }
            }
        }
    }

    /** Where the chain answers: gRPC, gRPC-Web, and the checkpoint store under {@code /checkpoints/}. */
    public URI address() {
        return URI.create("http://%s:%d".formatted(HOST, rpc.port()));
    }

    /** Host and port of each storage node. */
    public List<String> nodeAddresses() {
        return nodes.stream().map(SimulatedNode::networkAddress).toList();
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    ChainWatch watch() {
        return watch;
    }

    Walrus walrus() {
        return walrus;
    }

    public WalrusNetwork network() {
        return contracts.network(NAME, ledger.chainId());
    }

    /** Who signed the first checkpoints of the chain. */
    public Committee committee() {
        return ledger.committee(0);
    }

    /** The network in the form that {@code --network-file} takes. */
    public Path networkFile() {
        return settings.folder().resolve("network.properties");
    }

    /** The committee in the form that {@code --trust} takes. */
    public Path committeeFile() {
        return settings.folder().resolve("committee.bcs");
    }

    /** The TLS certificates of the storage nodes, for clients that look for an authority instead of the key on the chain. */
    public Path certificatesFile() {
        return settings.folder().resolve("certificates.pem");
    }

    /** Stops after the checkpoint that is being made; what was sealed is on the disk. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(open);
    }

    /** What was opened last is closed first, the lock at the very end. */
    private static void close(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("devnet did not stop in order", e);
            }
        }
    }
}
