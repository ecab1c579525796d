package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
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
    private final Set<SuiAddress> subsidies;
    private final PendingEvents events;
    private final List<Payment> payments = new ArrayList<>();
    /** Done by other contracts, paid or not. */
    private final List<Doubt> doubts = new ArrayList<>();
    /** Made through the first subsidies contract, which paid a part of them. */
    private final List<Payment> subsidised = new ArrayList<>();

    private Prices prices;

    /** What was paid if the accounts cover it, and otherwise had for nothing, or with storage bought before. */
    private record Doubt(Payment paid, @Nullable Payment free) {}

    private Purchases(TransactionFacts transaction, PackageChain packages, Prices prices, long epoch, int nShards) {
        this.transaction = transaction;
        this.packages = packages;
        this.prices = prices;
        this.epoch = epoch;
        this.nShards = nShards;
        this.accounts =
                new Accounts(transaction.system().map(SystemChange::ring).orElse(List.of()));
        this.holdings = new Holdings(transaction);
        this.subsidies = LegacySubsidy.packages(transaction);
        this.events = new PendingEvents(transaction, packages, subsidies);
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
        transaction.program().ifPresent(this::read);
        events.rest().forEach(this::happened);
        payments.removeIf(Purchases::isBeyondMeans);
        subsidised.removeIf(Purchases::isBeyondMeans);
        payments.forEach(accounts::subtract);
        for (Doubt each : doubts) {
            Payment payment = accounts.cover(each.paid()) ? each.paid() : each.free();
            if (payment != null) {
                accounts.subtract(payment);
                payments.add(payment);
            }
        }
        return explained(found);
    }

    /** Nobody has so much. */
    private static boolean isBeyondMeans(Payment payment) {
        return payment.perEpoch() == Long.MAX_VALUE;
    }

    private void read(Programmable program) {
        for (int i = 0; i < program.commands().size(); i++) {
            if (program.commands().get(i) instanceof MoveCall call) {
                if (packages.contains(call.packageId())) {
                    direct(i, new Arguments(program, call, 0));
                } else if (isLegacySubsidies(call)) {
                    int before = payments.size();
                    direct(i, new Arguments(program, call, 1)); // the Subsidies object comes first
                    payments.subList(before, payments.size()).stream()
                            .filter(payment -> payment.kind().reserves()) // a fee is passed on as it is
                            .forEach(subsidised::add);
                } else {
                    events.of(call.packageId() + "::" + call.module()).forEach(this::happened);
                }
            }
        }
    }

    private boolean isLegacySubsidies(MoveCall call) {
        return call.module().equals("subsidies") && subsidies.contains(call.packageId());
    }

    /** A call into Walrus, by its name and arguments. */
    private void direct(int command, Arguments arguments) {
        var call = arguments.call();
        switch (call.module() + "::" + call.function()) {
            case "system::reserve_space", "subsidies::reserve_space" ->
                arguments
                        .u64(1)
                        .ifPresent(bytes -> arguments
                                .u32(2)
                                .ifPresent(ahead -> storage(Kind.RESERVE_SPACE, bytes, epoch, epoch + ahead)));
            case "system::reserve_space_for_epochs" ->
                arguments
                        .u64(1)
                        .ifPresent(bytes -> arguments
                                .u32(2)
                                .ifPresent(first -> arguments
                                        .u32(3)
                                        .ifPresent(end -> storage(
                                                Kind.RESERVE_SPACE_FOR_EPOCHS, bytes, Math.max(first, epoch), end))));
            case "system::register_blob", "subsidies::register_blob" ->
                events.next(BlobRegistered.class).flatMap(this::written).ifPresent(payments::add);
            case "system::register_pooled_blob" ->
                events.next(PooledBlobRegistered.class).flatMap(this::written).ifPresent(payments::add);
            case "system::certify_event_blob" ->
                // An attestation without a quorum registers nothing: the next registration may be another call's.
                events.next(
                                BlobRegistered.class,
                                event -> events.isCertifiedAtOnce(event)
                                        && arguments
                                                .blobId(2)
                                                .map(event.blobId()::equals)
                                                .orElse(true))
                        .flatMap(this::reservedForNothing)
                        .ifPresent(payments::add);
            case "system::extend_blob", "subsidies::extend_blob", "shared_blob::extend" ->
                events.next(BlobCertified.class, BlobCertified::isExtension)
                        .flatMap(event -> extension(event, arguments.u32(2)))
                        .map(payment -> call.module().equals("shared_blob")
                                ? arguments.object(0).map(payment::by).orElse(payment)
                                : payment)
                        .ifPresent(payments::add);
            case "system::extend_blob_with_resource" -> {
                var extended = events.next(BlobCertified.class, BlobCertified::isExtension);
                extended.ifPresent(event -> holdings.extended(event.objectId(), event.endEpoch()));
            }
            case "system::create_storage_pool" ->
                events.next(StoragePoolCreated.class).ifPresent(event -> {
                    payments.add(created(event));
                    holdings.madeBy(command, event.storagePoolId());
                });
            case "system::create_storage_pool_with_storage" ->
                events.next(StoragePoolCreated.class).ifPresent(event -> {
                    holdings.created(event);
                    holdings.madeBy(command, event.storagePoolId());
                });
            case "system::extend_storage_pool" ->
                events.next(StoragePoolExtended.class)
                        .flatMap(event -> extended(event, arguments.u32(2)))
                        .ifPresent(payments::add);
            case "system::increase_storage_pool_capacity" ->
                arguments.u64(2).ifPresent(bytes -> pool(arguments).ifPresent(pool -> enlarged(pool, bytes)));
            case "staking::update_prices" -> events.next(PricesUpdated.class).ifPresent(this::updated);
            default -> {}
        }
    }

    /** The pool that a call is about: of an object of the transaction, or made by an earlier command. */
    private Optional<SuiAddress> pool(Arguments arguments) {
        var made = arguments.madeBy(1);
        return arguments
                .object(1)
                .or(() -> made.isPresent() ? holdings.madeBy(made.getAsInt()) : Optional.empty())
                .or(holdings::onlyPool);
    }

    /** What another contract did, as far as events tell. */
    private void happened(WalrusEvent happened) {
        switch (happened) {
            case BlobRegistered event
            when isLikeEventBlob(event) ->
                written(event)
                        .ifPresent(fee -> doubts.add(
                                new Doubt(fee, reservedForNothing(event).orElse(null))));
            case BlobRegistered event -> written(event).ifPresent(payments::add);
            case PooledBlobRegistered event -> written(event).ifPresent(payments::add);
            case BlobCertified event
            when event.isExtension() ->
                extension(event, OptionalLong.empty()).ifPresent(paid -> doubts.add(new Doubt(paid, null)));
            case StoragePoolCreated event -> doubts.add(new Doubt(created(event), null));
            case StoragePoolExtended event ->
                extended(event, OptionalLong.empty()).ifPresent(paid -> doubts.add(new Doubt(paid, null)));
            case PricesUpdated event -> updated(event);
            default -> {}
        }
    }

    /** Permanent, certified when it was registered, and gone when the transaction ended. */
    private boolean isLikeEventBlob(BlobRegistered event) {
        return !event.deletable() && events.isCertifiedAtOnce(event) && !holdings.exists(event.objectId());
    }

    private void storage(Kind kind, long bytes, long first, long end) {
        if (first < end) {
            payments.add(Payment.of(kind, bytes, first, end, prices.ofStorage(bytes)));
        }
    }

    private Optional<Payment> written(BlobRegistered event) {
        holdings.extended(event.objectId(), event.endEpoch());
        return encoded(event.size())
                .map(bytes -> Payment.of(Kind.WRITE, bytes, epoch, epoch + 1, prices.ofWrite(bytes))
                        .forBlob(event.objectId()));
    }

    private Optional<Payment> written(PooledBlobRegistered event) {
        return encoded(event.unencodedSize())
                .map(bytes -> Payment.of(Kind.WRITE_POOLED, bytes, epoch, epoch + 1, prices.ofWrite(bytes))
                        .forBlob(event.objectId())
                        .forPool(event.storagePoolId()));
    }

    /** An event blob takes room and pays nothing. */
    private Optional<Payment> reservedForNothing(BlobRegistered event) {
        return encoded(event.size())
                .map(bytes -> Payment.of(Kind.EVENT_BLOB, bytes, epoch, event.endEpoch(), 0)
                        .forBlob(event.objectId()));
    }

    /** Empty before the first committee, when nothing can be stored. */
    private Optional<Long> encoded(long bytes) {
        var encoded = nShards == 0 ? OptionalLong.empty() : EncodedSize.of(nShards, bytes);
        return encoded.isPresent() ? Optional.of(encoded.getAsLong()) : Optional.empty();
    }

    private Optional<Payment> extension(BlobCertified event, OptionalLong epochs) {
        var blob = holdings.blob(event.objectId());
        if (blob.isEmpty()) {
            return Optional.empty(); // inside another contract's object: the accounts tell
        }
        long end = event.endEpoch();
        long first = epochs.isPresent() ? end - epochs.getAsLong() : blob.get().endEpoch();
        holdings.extended(event.objectId(), end);
        if (first >= end) {
            return Optional.empty();
        }
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

    /** Of a pool that also grew or shrank without an event, its size is the larger one that the accounts cover. */
    private Optional<Payment> extended(StoragePoolExtended event, OptionalLong epochs) {
        var id = event.storagePoolId();
        var pool = holdings.pool(id);
        if (pool.isEmpty()) {
            return Optional.empty();
        }
        long end = event.newEndEpoch();
        long first = epochs.isPresent() ? end - epochs.getAsLong() : pool.get().endEpoch();
        holdings.extendedPool(id, end);
        long known = pool.get().bytes();
        return Stream.of(known, holdings.bytesLeft(id).orElse(known))
                .sorted(Comparator.reverseOrder())
                .map(bytes -> Payment.of(Kind.EXTEND_STORAGE_POOL, bytes, first, end, prices.ofStorage(bytes))
                        .forPool(id))
                .filter(accounts::cover)
                .findFirst()
                .or(() -> Optional.of(Payment.of(Kind.EXTEND_STORAGE_POOL, known, first, end, prices.ofStorage(known))
                        .forPool(id)));
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

    /** The payments, with what is left in the accounts. */
    private List<Payment> explained(Prices found) {
        var rest = new Remainder(transaction, accounts, found);
        var all = new ArrayList<>(rest.reserved());
        all.addAll(payments);
        all.addAll(rest.other());
        long toSystem = rest.other().stream().mapToLong(Payment::total).sum();
        return LegacySubsidy.of(transaction)
                .map(legacy -> legacy.split(all, subsidised, toSystem))
                .orElse(List.copyOf(all));
    }
}
