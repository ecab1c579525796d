package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.Account;
import dev.vibrissa.devnet.ledger.Executed;
import dev.vibrissa.devnet.ledger.Genesis;
import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** A chain with a few operators and users, audited after every transaction. */
final class SmallWalrus implements AutoCloseable {
    static final int SHARDS = 100;
    static final long WAL = 1_000_000_000;
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration EPOCH = Duration.ofMinutes(10);

    private static final long SEED = 7;
    private static final List<String> PEOPLE = List.of("foundation", "ann", "bob", "op-0", "op-1", "op-2", "op-3");

    private final WalrusContracts contracts = WalrusContracts.devnet();
    private final Ledger ledger;
    private final WalrusState state;
    private final WalAudit audit;
    private final Map<String, Sender> senders = new ConcurrentHashMap<>();
    private final List<Operator> operators = new ArrayList<>();
    private Instant now;

    private SmallWalrus(Ledger ledger, Instant now) {
        this.ledger = ledger;
        this.now = now;
        this.state = new WalrusState(ledger, contracts);
        this.audit = new WalAudit(contracts.types());
        for (long n = 0; n <= ledger.tip(); n++) {
            audit.after(CheckpointFile.read(ledger.checkpoint(n).orElseThrow(), "checkpoint " + n));
        }
    }

    static SmallWalrus begin(Path folder) {
        var walrus = new SmallWalrus(open(folder), START);
        for (String person : PEOPLE) {
            if (!person.equals("foundation")) {
                walrus.give(person, 1_000_000 * WAL);
            }
        }
        return walrus;
    }

    /** The chain in a folder where it was left, with its operators. */
    static SmallWalrus resume(Path folder, Instant now, List<Operator> before) {
        var walrus = new SmallWalrus(open(folder), now);
        for (Operator each : before) {
            walrus.operators.add(
                    new Operator(each.name(), walrus.sender(each.name()), each.key(), each.nodeId(), each.capId()));
        }
        return walrus;
    }

    Instant now() {
        return now;
    }

    static Ledger open(Path folder) {
        var genesis = new Genesis(SEED, START);
        PEOPLE.forEach(person -> genesis.sui(Account.of(SEED, person).address(), 1_000 * WAL));
        var contracts = WalrusContracts.devnet();
        WalrusGenesis.create(
                genesis,
                contracts,
                new WalrusGenesis.Settings(
                        SHARDS,
                        START,
                        Duration.ofMinutes(1),
                        EPOCH,
                        20,
                        5_000,
                        2 * WAL,
                        WAL / 10,
                        Account.of(SEED, "foundation").address()));
        var modules = new MoveModules();
        contracts.addTo(modules);
        return Ledger.open(folder, genesis, modules);
    }

    Ledger ledger() {
        return ledger;
    }

    WalrusState state() {
        return state;
    }

    WalrusTypes types() {
        return contracts.types();
    }

    List<Operator> operators() {
        return operators;
    }

    Sender sender(String person) {
        return senders.computeIfAbsent(person, name -> ledger.sender(Account.of(SEED, name)));
    }

    /** Executes what must succeed. */
    Executed run(String person, BiConsumer<WalrusCalls, Ptb> program) {
        return attempt(person, program).orThrow();
    }

    /** Executes what may fail. */
    Executed attempt(String person, BiConsumer<WalrusCalls, Ptb> program) {
        var executed = sender(person).execute(ptb -> program.accept(state.calls(ptb), ptb));
        audit.after(executed);
        return executed;
    }

    /** The WAL of a person, all in one coin. */
    Argument wal(Ptb ptb, String person) {
        return ptb.object(owned(person, types().coin).orElseThrow());
    }

    long balance(String person) {
        return owned(person, types().coin)
                .map(id -> state.object(types().coin, id).value())
                .orElse(0L);
    }

    /** Joins what is in several coins. */
    void tidy(String person) {
        var coins = all(person, types().coin);
        if (coins.size() > 1) {
            run(
                    person,
                    (_, ptb) -> ptb.merge(
                            ptb.object(coins.getFirst()),
                            coins.stream().skip(1).map(ptb::object).toArray(Argument[]::new)));
        }
    }

    Optional<SuiAddress> owned(String person, MoveType<?> type) {
        return all(person, type).stream().findFirst();
    }

    List<SuiAddress> all(String person, MoveType<?> type) {
        return ledger.currentOwnedBy(new Owner.AddressOwner(sender(person).address())).stream()
                .filter(object -> object.data() instanceof SuiObject.Move move
                        && move.type().equals(type.structTag()))
                .map(SuiObject::id)
                .toList();
    }

    void give(String person, long frost) {
        SuiAddress to = sender(person).address();
        run("foundation", (_, ptb) -> ptb.transfer(to, ptb.split(wal(ptb, "foundation"), frost)));
    }

    /** Lets time pass, and seals what happened before. */
    void pass(Duration time) {
        ledger.seal(now);
        now = now.plus(time);
        ledger.commit(now);
    }

    /** Registers a node and stakes with it. */
    Operator register(String name, int commissionRate, long storagePrice, long stake) {
        var key = Operator.key(name);
        SuiAddress address = sender(name).address();
        byte[] proof = Operator.proofOfPossession(key, state.stakingInner().epoch(), address);
        var candidate = new OperatorCalls.Candidate(
                name,
                "127.0.0.1:9185",
                "a node in a test",
                Operator.publicKey(key),
                new byte[33],
                proof,
                commissionRate,
                storagePrice,
                20_000,
                1L << 40);
        var executed = run(
                name, (walrus, ptb) -> ptb.transfer(address, new OperatorCalls(walrus).registerCandidate(candidate)));
        var cap = types().nodeCap
                .decode(((SuiObject.Move) executed.created(types().nodeCap.structTag())
                                .getFirst()
                                .data())
                        .contents());
        var operator = new Operator(name, sender(name), key, cap.nodeId(), cap.id());
        operators.add(operator);
        stake(name, operator, stake);
        return operator;
    }

    SuiAddress stake(String person, Operator operator, long amount) {
        var executed = run(
                person,
                (walrus, ptb) -> ptb.transfer(
                        sender(person).address(),
                        walrus.stake(ptb.split(wal(ptb, person), amount), operator.nodeId())));
        return executed.created(types().stakedWal.structTag()).getFirst().id();
    }

    Executed endVoting() {
        return run("op-0", (walrus, _) -> new OperatorCalls(walrus).endVoting());
    }

    Executed changeEpoch() {
        return run("op-0", (walrus, _) -> new OperatorCalls(walrus).changeEpoch());
    }

    Executed syncDone(Operator operator) {
        long epoch = state.stakingInner().epoch();
        return run(
                operator.name(),
                (walrus, ptb) -> new OperatorCalls(walrus).syncDone(ptb.object(operator.capId()), epoch));
    }

    /** From the middle of one epoch to the next, all members in time. */
    void nextEpoch() {
        StakingInner staking = state.stakingInner();
        pass(staking.epoch() == 0 ? Duration.ofMinutes(1) : EPOCH.dividedBy(2));
        endVoting();
        pass(EPOCH.dividedBy(2));
        changeEpoch();
        var members = state.stakingInner().committee().shards().keySet();
        operators.stream().filter(each -> members.contains(each.nodeId())).forEach(this::syncDone);
    }

    @Override
    public void close() {
        ledger.seal(now);
        ledger.close();
    }
}
