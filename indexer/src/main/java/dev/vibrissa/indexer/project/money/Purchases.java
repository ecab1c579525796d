package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionKind.Programmable;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.EncodedSize;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names the payments of one transaction, in the order of its commands.
 *
 * <p>A call into Walrus tells its purchase by its arguments, and its event the blob. What another contract calls shows
 * only by its events and in the accounts of epochs: a fee follows from its event; an extension may have been paid, or
 * made with storage bought before, and counts as paid if the accounts cover it; bytes reserved that nothing else
 * explains were reserved by the other contract. What is left then is a subsidy, if the transaction pays any, or
 * unattributed.
 *
 * @see "walrus-chain.md §4.3"
 */
final class Purchases {
    private final TransactionFacts transaction;
    private final PackageChain packages;
    private final long epoch;
    private final int nShards;
    private final Accounts accounts;
    private final Holdings holdings;
    private final List<EventFact> events;
    private final List<Payment> payments = new ArrayList<>();
    /** Made by other contracts, paid or not. */
    private final List<Payment> possible = new ArrayList<>();

    private Prices prices;

    private Purchases(TransactionFacts transaction, PackageChain packages, Prices prices, long epoch, int nShards) {
        this.transaction = transaction;
        this.packages = packages;
        this.prices = prices;
        this.epoch = epoch;
        this.nShards = nShards;
        this.accounts =
                new Accounts(transaction.system().map(SystemChange::ring).orElse(List.of()));
        this.holdings = new Holdings(transaction);
        this.events = new ArrayList<>(transaction.events());
    }

    /**
     * @param packages the Walrus packages
     * @param prices as the transaction found them
     * @param epoch that runs; a transaction in which an epoch turns has no payments
     */
    static List<Payment> of(
            TransactionFacts transaction, PackageChain packages, Prices prices, long epoch, int nShards) {
        return new Purchases(transaction, packages, prices, epoch, nShards).read();
    }

    private List<Payment> read() {
        Prices found = prices;
        transaction
                .program()
                .ifPresent(program -> program.commands().forEach(command -> {
                    if (command instanceof MoveCall call) {
                        if (packages.contains(call.packageId())) {
                            direct(program, call, 0);
                        } else if (isLegacySubsidies(call)) {
                            direct(program, call, 1); // the Subsidies object comes first
                        } else {
                            happened(call.packageId() + "::" + call.module());
                        }
                    }
                }));
        List.copyOf(events).forEach(event -> happened(event.emitter()));
        payments.forEach(accounts::subtract);
        for (Payment each : possible) {
            if (accounts.cover(each)) {
                accounts.subtract(each);
                payments.add(each);
            }
        }
        explainRest(found);
        return List.copyOf(payments);
    }

    private boolean isLegacySubsidies(MoveCall call) {
        return call.module().equals("subsidies") && transaction.calls("subsidies::" + call.function());
    }

    /** A call into Walrus, by its name and arguments. */
    private void direct(Programmable program, MoveCall call, int offset) {
        var arguments = new Arguments(program, call, offset);
        switch (call.module() + "::" + call.function()) {
            case "system::reserve_space", "subsidies::reserve_space" ->
                arguments
                        .number(1, Long.BYTES)
                        .ifPresent(bytes -> arguments
                                .number(2, Integer.BYTES)
                                .ifPresent(ahead -> storage(Kind.RESERVE_SPACE, bytes, epoch, epoch + ahead)));
            case "system::reserve_space_for_epochs" ->
                arguments
                        .number(1, Long.BYTES)
                        .ifPresent(bytes -> arguments
                                .number(2, Integer.BYTES)
                                .ifPresent(first -> arguments
                                        .number(3, Integer.BYTES)
                                        .ifPresent(end -> storage(
                                                Kind.RESERVE_SPACE_FOR_EPOCHS, bytes, Math.max(first, epoch), end))));
            case "system::register_blob", "subsidies::register_blob" ->
                next(BlobRegistered.class).ifPresent(this::written);
            case "system::register_pooled_blob" ->
                next(PooledBlobRegistered.class).ifPresent(this::written);
            case "system::certify_event_blob" -> next(BlobRegistered.class).ifPresent(this::reservedForNothing);
            case "system::extend_blob", "subsidies::extend_blob", "shared_blob::extend" ->
                nextExtension()
                        .ifPresent(event -> payments.addAll(extension(event, arguments.number(2, Integer.BYTES))
                                .map(payment -> call.module().equals("shared_blob")
                                        ? arguments.object(0).map(payment::by).orElse(payment)
                                        : payment)
                                .stream()
                                .toList()));
            case "system::extend_blob_with_resource" -> nextExtension();
            case "system::create_storage_pool" ->
                next(StoragePoolCreated.class).ifPresent(event -> payments.add(created(event)));
            case "system::create_storage_pool_with_storage" ->
                next(StoragePoolCreated.class).ifPresent(holdings::created);
            case "system::extend_storage_pool" ->
                next(StoragePoolExtended.class)
                        .flatMap(event -> extended(event, arguments.number(2, Integer.BYTES)))
                        .ifPresent(payments::add);
            case "system::increase_storage_pool_capacity" ->
                arguments
                        .number(2, Long.BYTES)
                        .ifPresent(bytes ->
                                arguments.object(1).or(holdings::lastCreated).ifPresent(pool -> enlarged(pool, bytes)));
            case "staking::update_prices" -> next(PricesUpdated.class).ifPresent(this::updated);
            default -> {}
        }
    }

    /** What another contract did, as far as events tell. */
    private void happened(String emitter) {
        for (EventFact fact : List.copyOf(events)) {
            if (!fact.emitter().equals(emitter)) {
                continue;
            }
            events.remove(fact);
            switch (fact.event().orElse(null)) {
                case BlobRegistered event -> written(event);
                case PooledBlobRegistered event -> written(event);
                case BlobCertified event
                when event.isExtension() ->
                    extension(event, OptionalLong.empty()).ifPresent(possible::add);
                case StoragePoolCreated event -> possible.add(created(event));
                case StoragePoolExtended event ->
                    extended(event, OptionalLong.empty()).ifPresent(possible::add);
                case PricesUpdated event -> updated(event);
                case null, default -> {}
            }
        }
    }

    private void storage(Kind kind, long bytes, long first, long end) {
        payments.add(Payment.of(kind, bytes, first, end, prices.ofStorage(bytes)));
    }

    private void written(BlobRegistered event) {
        EncodedSize.of(nShards, event.size())
                .ifPresent(bytes -> payments.add(Payment.of(Kind.WRITE, bytes, epoch, epoch + 1, prices.ofWrite(bytes))
                        .forBlob(event.objectId())));
    }

    private void written(PooledBlobRegistered event) {
        EncodedSize.of(nShards, event.unencodedSize())
                .ifPresent(bytes ->
                        payments.add(Payment.of(Kind.WRITE_POOLED, bytes, epoch, epoch + 1, prices.ofWrite(bytes))
                                .forBlob(event.objectId())
                                .forPool(event.storagePoolId())));
    }

    /** An event blob takes room and pays nothing. */
    private void reservedForNothing(BlobRegistered event) {
        EncodedSize.of(nShards, event.size()).ifPresent(bytes -> accounts.subtract(epoch, event.endEpoch(), 0, bytes));
    }

    private Optional<Payment> extension(BlobCertified event, OptionalLong epochs) {
        var blob = holdings.blob(event.objectId());
        if (blob.isEmpty()) {
            return Optional.empty(); // inside another contract's object: the accounts tell
        }
        long end = event.endEpoch();
        long first = epochs.isPresent() ? end - epochs.getAsLong() : blob.get().endEpoch();
        holdings.extended(event.objectId(), end);
        long bytes = blob.get().bytes();
        var payment = Payment.of(Kind.EXTEND, bytes, first, end, prices.ofStorage(bytes))
                .forBlob(event.objectId());
        return Optional.of(
                holdings.payingSharedBlob(event.objectId()).map(payment::by).orElse(payment));
    }

    private Payment created(StoragePoolCreated event) {
        holdings.created(event);
        long bytes = event.reservedEncodedCapacityBytes();
        return Payment.of(
                        Kind.CREATE_STORAGE_POOL, bytes, event.startEpoch(), event.endEpoch(), prices.ofStorage(bytes))
                .forPool(event.storagePoolId());
    }

    private Optional<Payment> extended(StoragePoolExtended event, OptionalLong epochs) {
        var pool = holdings.pool(event.storagePoolId());
        if (pool.isEmpty()) {
            return Optional.empty();
        }
        long end = event.newEndEpoch();
        long first = epochs.isPresent() ? end - epochs.getAsLong() : pool.get().endEpoch();
        long bytes = pool.get().bytes();
        holdings.extendedPool(event.storagePoolId(), end);
        return Optional.of(Payment.of(Kind.EXTEND_STORAGE_POOL, bytes, first, end, prices.ofStorage(bytes))
                .forPool(event.storagePoolId()));
    }

    private void enlarged(SuiAddress pool, long bytes) {
        holdings.pool(pool).ifPresent(was -> {
            payments.add(Payment.of(
                            Kind.INCREASE_STORAGE_POOL_CAPACITY, bytes, epoch, was.endEpoch(), prices.ofStorage(bytes))
                    .forPool(pool));
            holdings.enlarged(pool, bytes);
        });
    }

    private void updated(PricesUpdated event) {
        prices = new Prices(event.storagePrice(), event.writePrice());
    }

    private void explainRest(Prices found) {
        var subsidy = subsidy();
        int front = 0;
        for (RingChange rest : accounts.left()) {
            long reserved = rest.used() <= 0
                    ? 0
                    : subsidy.isEmpty() ? rest.rewards() : Math.min(rest.rewards(), found.ofStorage(rest.used()));
            if (rest.used() > 0 && reserved >= 0) {
                payments.add(front++, rest(Kind.RESERVE_SPACE, rest, rest.used(), reserved));
            }
            if (rest.rewards() != reserved) {
                payments.add(rest(subsidy.orElse(Kind.UNATTRIBUTED), rest, 0, rest.rewards() - reserved));
            }
        }
    }

    private static Payment rest(Kind kind, RingChange rest, long bytes, long perEpoch) {
        return Payment.of(kind, bytes, rest.firstEpoch(), rest.endEpochExclusive(), perEpoch);
    }

    private Optional<Kind> subsidy() {
        if (SubsidyChange.of(transaction).filter(SubsidyChange::processed).isPresent()) {
            return Optional.of(Kind.USAGE_SUBSIDY);
        }
        if (transaction.calls("system::add_subsidy") || transaction.calls("system::add_per_epoch_subsidies")) {
            return Optional.of(Kind.ADD_SUBSIDY);
        }
        return transaction.calls().stream().anyMatch(call -> call.startsWith("subsidies::"))
                ? Optional.of(Kind.LEGACY_SUBSIDY)
                : Optional.empty();
    }

    private Optional<BlobCertified> nextExtension() {
        return next(BlobCertified.class, BlobCertified::isExtension);
    }

    private <T extends WalrusEvent> Optional<T> next(Class<T> type) {
        return next(type, _ -> true);
    }

    private <T extends WalrusEvent> Optional<T> next(Class<T> type, Predicate<T> condition) {
        for (EventFact fact : events) {
            Optional<T> event =
                    fact.event().filter(type::isInstance).map(type::cast).filter(condition);
            if (event.isPresent() && isEmittedByUs(fact)) {
                events.remove(fact);
                return event;
            }
        }
        return Optional.empty();
    }

    /** Emitted below a call into Walrus, or into the subsidies that forward to it. */
    private boolean isEmittedByUs(EventFact fact) {
        int separator = fact.emitter().indexOf("::");
        return fact.emitter().endsWith("::subsidies")
                || packages.contains(SuiAddress.parse(fact.emitter().substring(0, separator)));
    }

    /**
     * The arguments of a call, as far as the transaction itself gives them.
     *
     * @param offset arguments before the first of the usual ones
     */
    private record Arguments(Programmable program, MoveCall call, int offset) {
        OptionalLong number(int index, int bytes) {
            if (input(index) instanceof CallArg.Pure(var bcs) && bcs.length() == bytes) {
                var in = bcs.reader();
                return OptionalLong.of(bytes == Long.BYTES ? in.u64() : in.u32());
            }
            return OptionalLong.empty();
        }

        Optional<SuiAddress> object(int index) {
            return input(index) instanceof CallArg.ObjectArg object ? Optional.of(object.id()) : Optional.empty();
        }

        private @Nullable CallArg input(int index) {
            return index + offset < call.arguments().size()
                            && call.arguments().get(index + offset) instanceof Argument.Input(int input)
                            && input < program.inputs().size()
                    ? program.inputs().get(input)
                    : null;
        }
    }
}
