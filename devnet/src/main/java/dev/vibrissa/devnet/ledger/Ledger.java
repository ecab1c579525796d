package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.Sealed.Tip;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.EndOfEpoch;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A Sui chain in one process. It executes transactions one after the other on its live objects, and seals what was
 * executed into checkpoints that its validators sign and that are on the disk before anybody is told.
 *
 * <p>Time is the caller's: {@link #commit} sets the chain's clock, which transactions then see, and {@link #seal} dates a
 * checkpoint. The same calls on the same genesis give the same bytes. A process that ends, however it ends, loses what
 * was not sealed and nothing else.
 *
 * <p>Readers see what is sealed; {@link #current} and transactions see what is executed. Safe for use by several threads.
 */
public final class Ledger implements ChainReader, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final MoveModules modules;
    private final Validators validators;
    private final History history;
    private final LiveObjects live = new LiveObjects();
    private final List<Pending> pending = new ArrayList<>();
    private final List<LongConsumer> subscribers = new CopyOnWriteArrayList<>();

    private Ledger(History history, Validators validators, MoveModules modules) {
        this.history = history;
        this.validators = validators;
        this.modules = modules;
        history.live().forEach(live::put);
    }

    /**
     * Opens the chain that is in {@code folder}, or begins it there.
     *
     * @param folder where checkpoints are kept, laid out as a checkpoint store
     * @param genesis of the chain; its objects matter only where it begins
     * @param modules what can be called
     * @throws IllegalArgumentException if another seed's chain is in the folder
     */
    public static Ledger open(Path folder, Genesis genesis, MoveModules modules) {
        return open(folder, genesis, modules, History.CHECKPOINTS_PER_SNAPSHOT);
    }

    static Ledger open(Path folder, Genesis genesis, MoveModules modules, int checkpointsPerSnapshot) {
        var validators = new Validators(genesis.seed());
        FrameworkModules.addTo(modules);
        var ledger = new Ledger(History.open(folder, validators, checkpointsPerSnapshot), validators, modules);
        if (ledger.tip() < 0) {
            ledger.add(new SystemTransactions(ledger.live, 0).genesis(genesis.objects()));
            ledger.seal(genesis.start());
        }
        return ledger;
    }

    /** Somebody who sends transactions. */
    public Sender sender(Account account) {
        return new Sender(this, account);
    }

    /** An object as transactions see it, which may be ahead of what is sealed. */
    public Optional<SuiObject> current(SuiAddress id) {
        lock.lock();
        try {
            return live.find(id).map(StoredObject::object);
        } finally {
            lock.unlock();
        }
    }

    /** Objects of an owner as transactions see them, by id. */
    public List<SuiObject> currentOwnedBy(Owner owner) {
        lock.lock();
        try {
            return live.ownedBy(owner).stream().map(StoredObject::object).toList();
        } finally {
            lock.unlock();
        }
    }

    /** A type under the package version that introduced it, as the given version of its package knows it. */
    public StructTag type(SuiAddress packageId, String module, String name) {
        lock.lock();
        try {
            return Packages.type(
                    Packages.find(live, packageId)
                            .orElseThrow(() -> new IllegalArgumentException("there is no package " + packageId)),
                    module,
                    name);
        } finally {
            lock.unlock();
        }
    }

    /** Builds a transaction on the objects as they are now, signs and executes it. */
    Executed execute(Account account, Consumer<Ptb> program) {
        lock.lock();
        try {
            var ptb = new Ptb(live::find);
            program.accept(ptb);
            TransactionData data = Gas.of(live, account.address(), ptb).pay(ptb.finish());
            Bytes bcs = Bytes.of(BcsWriter.encode(data, (out, each) -> each.encode(out)));
            return run(data, bcs, List.of(account.sign(bcs)));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Executes a transaction that somebody signed.
     *
     * @param signatures one, with Ed25519: scheme, signature, public key
     * @throws RejectedTransactionException if it cannot become part of the chain
     */
    public Executed execute(TransactionData data, List<Bytes> signatures) {
        Bytes bcs = Bytes.of(BcsWriter.encode(data, (out, each) -> each.encode(out)));
        if (signatures.size() != 1 || !Account.hasSigned(data.sender(), bcs, signatures.getFirst())) {
            throw new RejectedTransactionException("%s did not sign this".formatted(data.sender()));
        }
        lock.lock();
        try {
            return run(data, bcs, signatures);
        } finally {
            lock.unlock();
        }
    }

    private Executed run(TransactionData data, Bytes bcs, List<Bytes> signatures) {
        if (!(data.kind() instanceof TransactionKind.Programmable program)) {
            throw new RejectedTransactionException("only programmable transactions can be sent");
        }
        Digest digest = DigestKind.TRANSACTION.digest(bcs);
        return add(
                new Executor(live, data, program).execute(modules, program, digest, bcs, signatures, history.epoch()));
    }

    private Executed add(Pending transaction) {
        transaction.removed().forEach(live::remove);
        transaction.written().forEach(live::put);
        pending.add(transaction);
        return transaction.executed();
    }

    /** Sets the clock that transactions see from now on, by a transaction of the system's own. */
    public void commit(Instant time) {
        lock.lock();
        try {
            add(new SystemTransactions(live, history.epoch()).commit(time));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Seals what was executed since the last checkpoint, which may be nothing. Can be repeated if it fails.
     *
     * @param time whole milliseconds, not before the last checkpoint's
     * @return the sequence number of the checkpoint
     */
    public long seal(Instant time) {
        lock.lock();
        try {
            return seal(time, Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    /** Seals the last checkpoint of this epoch of Sui, which hands over to the next committee. Can be repeated if it fails. */
    public long endEpoch(Instant time) {
        lock.lock();
        try {
            long epoch = history.epoch();
            var gas = Sealed.gas(history.gas(), pending);
            Pending last = new SystemTransactions(live, epoch).endOfEpoch(time, gas);
            add(last);
            try {
                var end = new EndOfEpoch(
                        validators.committee(epoch + 1).members(), SystemTransactions.PROTOCOL_VERSION, List.of());
                return seal(time, Optional.of(end));
            } finally {
                pending.remove(last); // where it could not be sealed: an epoch ends once, and this changed no object
            }
        } finally {
            lock.unlock();
        }
    }

    private long seal(Instant time, Optional<EndOfEpoch> endOfEpoch) {
        Optional<Tip> before = history.last();
        before.map(tip -> tip.summary().timestamp()).filter(time::isBefore).ifPresent(last -> {
            throw new IllegalArgumentException("a checkpoint of %s after one of %s".formatted(time, last));
        });
        Sealed sealed = Sealed.of(before, List.copyOf(pending), time, endOfEpoch, validators);
        history.append(sealed, pending);
        pending.clear();
        long sequenceNumber = sealed.summary().sequenceNumber();
        subscribers.forEach(subscriber -> subscriber.accept(sequenceNumber));
        return sequenceNumber;
    }

    /** The folder, for whoever serves it as a checkpoint store. */
    public Path folder() {
        return history.folder();
    }

    @Override
    public Digest chainId() {
        return history.chainId();
    }

    @Override
    public long lowest() {
        return 0;
    }

    @Override
    public long tip() {
        return history.tip();
    }

    @Override
    public Optional<byte[]> checkpoint(long sequenceNumber) {
        return history.checkpoint(sequenceNumber);
    }

    @Override
    public Optional<Long> checkpointByDigest(Digest digest) {
        return history.index().checkpoint(digest);
    }

    @Override
    public Optional<Position> transaction(Digest digest) {
        return history.index().transaction(digest);
    }

    @Override
    public Optional<SuiObject> object(SuiAddress id) {
        return history.object(id).map(StoredObject::object);
    }

    @Override
    public Optional<SuiObject> object(SuiAddress id, long version) {
        return history.index()
                .written(id, version)
                .flatMap(this::checkpoint)
                .map(message -> CheckpointFile.read(message, "checkpoint"))
                .flatMap(checkpoint -> checkpoint.objects().find(id, version))
                .flatMap(found -> found.object().decoded());
    }

    @Override
    public List<SuiObject> ownedBy(Owner owner) {
        return history.ownedBy(owner).stream().map(StoredObject::object).toList();
    }

    /** Who signs in an epoch of Sui. */
    public Committee committee(long epoch) {
        return validators.committee(epoch);
    }

    @Override
    public long epoch() {
        return history.epoch();
    }

    @Override
    public List<EpochSpan> epochs() {
        return history.epochs();
    }

    @Override
    public Subscription subscribe(LongConsumer sealed) {
        LongConsumer own = sealed::accept; // one consumer may subscribe twice
        subscribers.add(own);
        return () -> subscribers.remove(own);
    }

    /** Waits until what is being written is written. What was not sealed is lost. */
    @Override
    public void close() {
        history.close();
    }
}
