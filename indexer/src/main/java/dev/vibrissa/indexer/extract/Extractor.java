package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.ObjectReader.WalrusType;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.PackageEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts about Walrus out of one checkpoint.
 *
 * <p>Pure: the same checkpoint and the same packages give the same facts, in any order and on any thread. What no
 * decoder understands is put into quarantine and everything around it goes on.
 */
public final class Extractor {
    private static final String STAKE = "staked_wal::StakedWal";

    /** What a history that begins in the middle has to take in as it was found, and what may be gone afterwards. */
    static final Set<String> READ_BEFORE = Set.of(
            "blob::Blob",
            "storage_pool::PooledBlob",
            "storage_pool::StoragePool",
            "shared_blob::SharedBlob",
            "Field<metadata::Metadata>",
            "Field<storage_pool::StoragePoolInnerV1>",
            "storage_resource::Storage",
            STAKE,
            "staking_pool::StakingPool",
            "storage_node::StorageNodeCap",
            "system::System",
            "staking::Staking",
            "upgrade::UpgradeManager",
            "Field<upgrade::UpgradeProposal>",
            "Field<slashing::SlashingProposal>",
            "coin::TreasuryCap",
            "subsidies::Subsidies",
            "Field<walrus_subsidies_inner::WalrusSubsidiesInnerV1>",
            "site::Site",
            "Field<site::Resource>");

    /** Large, written often, and of interest to the projections only where an epoch turns: else bytes will do. */
    static final Set<String> READ_WHERE_AN_EPOCH_TURNS =
            Set.of(ObjectReader.SYSTEM_STATE, "Field<staking_inner::StakingInnerV1>", "Field<active_set::ActiveSet>");

    private final Checkpoint checkpoint;
    private final List<TransactionFacts> transactions = new ArrayList<>();
    private final List<TransactionFacts> suspects = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private final List<WalChange> walChanges = new ArrayList<>();
    private final WalrusNetwork network;
    private final WalBalances wal;
    private final ObjectReader objects;
    private PackageChain packages;
    private int failed;
    private boolean systemCreated;
    /** Of the transaction being read. */
    private boolean epochTurns;

    private @Nullable Wrappers wrappers;

    private Optional<SystemStateInner> systemBefore = Optional.empty();
    private Optional<SystemStateInner> systemAfter = Optional.empty();

    private Extractor(Checkpoint checkpoint, PackageChain packages, WalrusNetwork network) {
        this.checkpoint = checkpoint;
        this.packages = packages;
        this.network = network;
        this.wal = new WalBalances(network.wal());
        this.objects = new ObjectReader(network, quarantined);
    }

    /**
     * @param packages the package versions that events and objects of Walrus may be defined in
     * @param network tells the packages beside it: of WAL and of the subsidies
     */
    public static CheckpointFacts extract(Checkpoint checkpoint, PackageChain packages, WalrusNetwork network) {
        var extractor = new Extractor(checkpoint, packages, network);
        checkpoint.transactions().forEach(extractor::transaction);
        return new CheckpointFacts(
                checkpoint.summary().sequenceNumber(),
                checkpoint.summary().timestamp(),
                packages,
                extractor.packages,
                checkpoint.transactions().size(),
                extractor.failed,
                List.copyOf(extractor.transactions),
                List.copyOf(extractor.suspects),
                List.copyOf(extractor.quarantined),
                extractor.systemCreated,
                List.copyOf(extractor.walChanges),
                List.of());
    }

    private void transaction(ExecutedTransaction transaction) {
        if (!(transaction.effects() instanceof Part.Decoded<TransactionEffects>(var effects, var effectsBcs))) {
            undecoded(transaction, "effects", transaction.effects());
            // Nothing proves the events but the digest in the effects: kept, not read, and no package learned from
            // them.
            transaction
                    .events()
                    .ifPresent(events -> quarantined.add(new Quarantined(
                            transaction.index(), "events", "", "", "its effects could not be decoded", events.bcs())));
            return;
        }
        Optional<String> error = switch (effects.status()) {
            case ExecutionStatus.Success _ -> Optional.empty();
            case ExecutionStatus.Failure(var reason, var _) -> Optional.of(reason.toString());
        };
        if (error.isPresent()) {
            failed++;
        }
        List<EventFact> events = events(transaction);
        @Nullable TransactionData data = data(transaction);
        List<MoveCall> walrusCalls = walrusCalls(data);
        boolean systemWritten = false;
        wrappers = null;
        boolean ofWalrus = !events.isEmpty() || !walrusCalls.isEmpty();
        boolean suspect = false;
        var changes = new ArrayList<ObjectFact>();
        epochTurns = EpochTurn.isAmong(events);
        systemBefore = Optional.empty();
        systemAfter = Optional.empty();
        for (ChangedObject changed : effects.changedObjects()) {
            var fact = object(transaction, effects, changed);
            if (fact == null) {
                continue;
            }
            ofWalrus |= !fact.type().isEmpty();
            suspect |= fact.change() == Change.DELETED;
            if (fact.type().equals(ObjectReader.SYSTEM_STATE)) {
                systemWritten = true;
                if (!epochTurns) {
                    continue; // 10 to 20 kB at nearly every purchase; see object_change in the schema
                }
            }
            systemCreated |= CheckpointFacts.createsSystem(fact);
            changes.add(fact);
        }
        walChanges.addAll(wal.take(transaction));
        if (!ofWalrus && !suspect) {
            return;
        }
        (ofWalrus ? transactions : suspects)
                .add(new TransactionFacts(
                        transaction.index(),
                        transaction.digest(),
                        data == null ? SuiAddress.ZERO : data.sender(),
                        data == null ? SuiAddress.ZERO : data.gas().owner(),
                        error,
                        names(walrusCalls),
                        effectsBcs,
                        transaction.events().map(Part::bcs),
                        events,
                        List.copyOf(changes),
                        error.isPresent() || data == null ? List.of() : certificates(transaction, data),
                        systemWritten,
                        transaction.data(),
                        systemAfter.map(after -> SystemChange.between(systemBefore, after))));
    }

    private static List<String> names(List<MoveCall> calls) {
        if (calls.isEmpty()) {
            return List.of();
        }
        var names = new String[calls.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = calls.get(i).module() + "::" + calls.get(i).function();
        }
        return List.of(names);
    }

    private List<EventFact> events(ExecutedTransaction transaction) {
        if (transaction.events().isEmpty()) {
            return List.of();
        }
        if (!(transaction.events().get() instanceof Part.Decoded<List<Event>>(var events, var _))) {
            undecoded(transaction, "events", transaction.events().get());
            return List.of();
        }
        var facts = new ArrayList<EventFact>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (!packages.contains(event.type().address())) {
                continue;
            }
            int ordinal = facts.size();
            Decoding<WalrusEvent> decoded = event.type().module().equals(WalrusEvent.MODULE)
                    ? WalrusEvent.decode(event.type().name(), event.contents())
                    : new Decoding.Unknown<>(event.type().name());
            if (decoded instanceof Decoding.Malformed<WalrusEvent>(var _, var reason)) {
                quarantined.add(new Quarantined(
                        transaction.index(),
                        "event",
                        Integer.toString(ordinal),
                        event.type().toString(),
                        reason,
                        event.contents()));
            }
            Optional<WalrusEvent> known = decoded.known();
            if (known.orElse(null) instanceof PackageEvent.ContractUpgraded upgraded) {
                learn(transaction, ordinal, upgraded, event.contents());
            }
            facts.add(new EventFact(
                    ordinal,
                    i,
                    event.type().name(),
                    event.type().address(),
                    event.packageId() + "::" + event.module(),
                    known,
                    event.contents()));
        }
        return List.copyOf(facts);
    }

    /** A version that is known under another id stays as it is: no chain tells two stories, and neither do we. */
    private void learn(
            ExecutedTransaction transaction, int ordinal, PackageEvent.ContractUpgraded upgraded, Bytes contents) {
        var known = packages.ids().get(upgraded.version());
        if (known == null || known.equals(upgraded.packageId())) {
            packages = packages.with(upgraded.version(), upgraded.packageId());
            return;
        }
        quarantined.add(new Quarantined(
                transaction.index(),
                "event",
                Integer.toString(ordinal),
                upgraded.name(),
                "version %d is %s, not %s".formatted(upgraded.version(), known, upgraded.packageId()),
                contents));
    }

    private @Nullable TransactionData data(ExecutedTransaction transaction) {
        if (transaction.data() instanceof Part.Decoded<TransactionData>(var data, var _)) {
            return data;
        }
        undecoded(transaction, "transaction", transaction.data());
        return null;
    }

    private List<MoveCall> walrusCalls(@Nullable TransactionData data) {
        if (data == null || !(data.kind() instanceof TransactionKind.Programmable programmable)) {
            return List.of();
        }
        var calls = new ArrayList<MoveCall>();
        for (var command : programmable.commands()) {
            if (command instanceof MoveCall call && isOurs(call.packageId())) {
                calls.add(call);
            }
        }
        return calls;
    }

    private boolean isOurs(SuiAddress packageId) {
        return packages.contains(packageId)
                || network.wal().contains(packageId)
                || network.walrusSubsidies().contains(packageId)
                || network.subsidies().contains(packageId);
    }

    private List<CertificateFact> certificates(ExecutedTransaction transaction, TransactionData data) {
        return data.kind() instanceof TransactionKind.Programmable programmable
                ? CertificateReader.read(transaction.index(), programmable, packages, quarantined)
                : List.of();
    }

    private @Nullable ObjectFact object(
            ExecutedTransaction transaction, TransactionEffects effects, ChangedObject changed) {
        var before = objects.decoded(checkpoint.objects().before(changed));
        boolean existed = !(changed.in() instanceof InputState.Absent);
        return switch (changed.out()) {
            case OutputState.Written _ -> written(transaction, effects, changed, existed, before);
            case OutputState.Absent() -> {
                wal.coin(before, Optional.empty());
                yield existed
                        ? gone(transaction, effects, changed, before)
                        : new ObjectFact(
                                changed.id(),
                                effects.lamportVersion(),
                                changed.operation() == IdOperation.CREATED ? Change.FLEETING : Change.DELETED,
                                "",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty());
            }
            case OutputState.AccumulatorWritten balance -> {
                wal.balance(balance);
                yield null;
            }
            case OutputState.PackageWritten _ -> null;
        };
    }

    private @Nullable ObjectFact written(
            ExecutedTransaction transaction,
            TransactionEffects effects,
            ChangedObject changed,
            boolean existed,
            Optional<RawObject> before) {
        var after = objects.decoded(checkpoint.objects().after(effects, changed));
        wal.coin(before, after);
        var type = after.flatMap(object -> objects.typeOf(object, packages));
        if (after.isEmpty() || type.isEmpty()) {
            return null;
        }
        Change change = existed
                ? Change.MUTATED
                : changed.operation() == IdOperation.CREATED ? Change.CREATED : Change.UNWRAPPED;
        boolean isSystem = type.get().label().equals(ObjectReader.SYSTEM_STATE);
        var left = after.map(
                object -> READ_WHERE_AN_EPOCH_TURNS.contains(type.get().label()) && !epochTurns && !isSystem
                        ? objects.unread(object)
                        : objects.state(transaction.index(), object, type.get()));
        if (isSystem) {
            systemBefore = systemBefore.or(() -> before.flatMap(Extractor::system));
            systemAfter = left.flatMap(ObjectState::value)
                    .filter(SystemStateInner.class::isInstance)
                    .map(SystemStateInner.class::cast);
        }
        return new ObjectFact(
                changed.id(),
                effects.lamportVersion(),
                change,
                type.get().label(),
                before.map(object -> before(transaction, type.get(), object)),
                left,
                Optional.empty());
    }

    private @Nullable ObjectFact gone(
            ExecutedTransaction transaction,
            TransactionEffects effects,
            ChangedObject changed,
            Optional<RawObject> before) {
        var type = before.flatMap(object -> objects.typeOf(object, packages));
        if (type.isEmpty()) {
            return null;
        }
        if (type.get().label().equals(ObjectReader.SYSTEM_STATE)) {
            systemBefore = before.flatMap(Extractor::system); // a migration puts it elsewhere
        }
        boolean deleted = changed.operation() == IdOperation.DELETED;
        return new ObjectFact(
                changed.id(),
                effects.lamportVersion(),
                deleted ? Change.DELETED : Change.WRAPPED,
                type.get().label(),
                before.map(object -> before(transaction, type.get(), object)),
                Optional.empty(),
                deleted || !type.get().label().equals(STAKE)
                        ? Optional.empty()
                        : before.map(ObjectReader::contents).flatMap(wrappers(effects)::of));
    }

    /** Where the stakes went that the transaction being read wrapped. */
    private Wrappers wrappers(TransactionEffects effects) {
        if (wrappers != null) {
            return wrappers;
        }
        var found = new Wrappers();
        for (ChangedObject changed : effects.changedObjects()) {
            if (changed.out() instanceof OutputState.Absent && changed.operation() != IdOperation.DELETED) {
                objects.decoded(checkpoint.objects().before(changed))
                        .filter(object -> objects.typeOf(object, packages)
                                .filter(type -> type.label().equals(STAKE))
                                .isPresent())
                        .ifPresent(object -> found.seek(ObjectReader.contents(object)));
            }
        }
        for (ChangedObject changed : effects.changedObjects()) {
            objects.decoded(checkpoint.objects().after(effects, changed))
                    .ifPresent(object -> found.lookInto(changed.id(), ObjectReader.contents(object)));
        }
        wrappers = found;
        return found;
    }

    private ObjectState before(ExecutedTransaction transaction, WalrusType type, RawObject object) {
        return READ_BEFORE.contains(type.label())
                ? objects.state(transaction.index(), object, type)
                : objects.unread(object);
    }

    /** What cannot be read went into quarantine when it was written. */
    private static Optional<SystemStateInner> system(RawObject raw) {
        return ObjectReader.stored(raw.version(), raw.bcs())
                .value()
                .filter(SystemStateInner.class::isInstance)
                .map(SystemStateInner.class::cast);
    }

    private void undecoded(ExecutedTransaction transaction, String part, Part<?> bytes) {
        if (bytes instanceof Part.Undecoded<?>(var bcs, var reason)) {
            quarantined.add(new Quarantined(transaction.index(), part, "", part, reason, bcs));
        }
    }
}
