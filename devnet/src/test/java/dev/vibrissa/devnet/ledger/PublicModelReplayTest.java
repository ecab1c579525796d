package dev.vibrissa.devnet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.contract.WalrusContracts;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Clock;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.sui.UnchangedConsensusObject;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Executes, on our ledger with our contracts, the transactions of histories that another model of the contracts made, each
 * on the objects that it found there, and compares everything but gas: objects byte by byte, events, effects, aborts.
 */
class PublicModelReplayTest {
    private static final long OWN_SEED = 1;

    private final WalrusContracts contracts = WalrusContracts.of(WalrusNetwork.mainnet());
    private final MoveModules modules = new MoveModules();
    private final LiveObjects live = new LiveObjects();
    private int replayed;

    @ParameterizedTest
    @CsvSource({"blob-life, 146", "money, 156", "stake, 260", "governance, 119", "busy, 614"})
    void theSameTransactionsGiveTheSameObjects(String scenario, int transactions) throws IOException {
        FrameworkModules.addTo(modules);
        contracts.addTo(modules);
        var genesis = new Genesis(OWN_SEED, Instant.EPOCH);
        contracts.publishIn(genesis);
        genesis.objects().stream()
                .filter(object -> object.data() instanceof SuiObject.Package)
                .forEach(object -> live.put(StoredObject.of(
                        new SuiObject(object.data(), object.owner(), new Digest(new byte[Digest.SIZE]), 0))));
        for (Path file : files(scenario)) {
            Checkpoint checkpoint = CheckpointFile.read(
                    Files.readAllBytes(file), file.getFileName().toString());
            for (ExecutedTransaction transaction : checkpoint.transactions()) {
                replay(checkpoint, transaction);
            }
        }
        assertThat(replayed).as("transactions replayed").isEqualTo(transactions);
    }

    private void replay(Checkpoint checkpoint, ExecutedTransaction transaction) {
        TransactionData data = transaction.data().decoded().orElseThrow();
        TransactionEffects due = transaction.effects().decoded().orElseThrow();
        for (ChangedObject change : due.changedObjects()) {
            checkpoint.objects().before(change).ifPresent(object -> put(object.bcs()));
        }
        if (data.kind() instanceof TransactionKind.Programmable program && isOurs(data, program)) {
            setClock(checkpoint, program, due);
            Pending done = new Executor(live, data, program)
                    .execute(
                            modules,
                            program,
                            transaction.digest(),
                            transaction.data().bcs(),
                            List.of(),
                            due.epoch());
            compare(
                    "checkpoint %d, transaction %s"
                            .formatted(checkpoint.summary().sequenceNumber(), transaction.digest()),
                    checkpoint,
                    transaction,
                    due,
                    done,
                    data.gas().payment().getFirst().id());
            replayed++;
        }
        apply(checkpoint, due);
    }

    private void compare(
            String where,
            Checkpoint checkpoint,
            ExecutedTransaction transaction,
            TransactionEffects due,
            Pending done,
            SuiAddress gas) {
        assertThat(done.effects().status()).as(where).hasToString(due.status().toString());
        assertThat(done.events())
                .as(where)
                .isEqualTo(transaction
                        .events()
                        .map(part -> part.decoded().orElseThrow())
                        .orElse(List.of()));
        var written = done.written().stream().collect(Collectors.toMap(StoredObject::id, StoredObject::object));
        var contents = new TreeMap<String, Object>();
        var dueContents = new TreeMap<String, Object>();
        for (ChangedObject change : due.changedObjects()) {
            checkpoint.objects().after(due, change).ifPresent(object -> {
                SuiObject after = object.object().decoded().orElseThrow();
                if (!change.id().equals(gas)) {
                    dueContents.put(name(after), essence(after));
                    SuiObject ours = written.get(change.id());
                    contents.put(name(after), ours == null ? "not written" : essence(ours));
                }
            });
        }
        assertThat(contents).as(where).isEqualTo(dueContents);
        assertThat(changes(done.effects())).as(where).isEqualTo(changes(due));
        assertThat(done.effects().lamportVersion()).as(where).isEqualTo(due.lamportVersion());
    }

    private static String name(SuiObject object) {
        return object.data() instanceof SuiObject.Move move
                ? move.type().module() + "::" + move.type().name() + " " + object.id()
                : "package " + object.id();
    }

    private record Essence(String type, boolean hasPublicTransfer, Bytes contents, Owner owner) {}

    private static Object essence(SuiObject object) {
        return object.data() instanceof SuiObject.Move move
                ? new Essence(move.type().toString(), move.hasPublicTransfer(), move.contents(), object.owner())
                : object.id();
    }

    private record Change(boolean wasThere, boolean isThere, IdOperation operation) {}

    private static Map<SuiAddress, Change> changes(TransactionEffects effects) {
        var changes = new TreeMap<SuiAddress, Change>();
        effects.changedObjects()
                .forEach(change -> changes.put(
                        change.id(),
                        new Change(
                                !(change.in() instanceof InputState.Absent),
                                !(change.out() instanceof OutputState.Absent),
                                change.operation())));
        return changes;
    }

    /** Leaves out what calls packages that only the model has, what others pay for, and code, which is not ours. */
    private boolean isOurs(TransactionData data, TransactionKind.Programmable program) {
        Set<SuiAddress> packages = live.all().stream()
                .map(StoredObject::id)
                .filter(this::isPackage)
                .collect(Collectors.toSet());
        return data.gas().owner().equals(data.sender())
                && program.commands().stream().allMatch(command -> switch (command) {
                    case Command.MoveCall call -> packages.contains(call.packageId());
                    case Command.Upgrade _, Command.Publish _ -> false;
                    default -> true;
                });
    }

    private boolean isPackage(SuiAddress id) {
        return Packages.find(live, id).isPresent();
    }

    /** The model's clock goes on without a transaction. */
    private void setClock(Checkpoint checkpoint, TransactionKind.Programmable program, TransactionEffects due) {
        long version = due.unchangedConsensusObjects().stream()
                .filter(UnchangedConsensusObject.ReadOnlyRoot.class::isInstance)
                .map(UnchangedConsensusObject.ReadOnlyRoot.class::cast)
                .filter(object -> object.id().equals(Framework.CLOCK_ID))
                .mapToLong(UnchangedConsensusObject.ReadOnlyRoot::version)
                .findFirst()
                .orElse(1);
        for (CallArg input : program.inputs()) {
            if (input instanceof CallArg.Shared shared && shared.id().equals(Framework.CLOCK_ID)) {
                var now = new Clock(
                        Framework.CLOCK_ID, checkpoint.summary().timestamp().toEpochMilli());
                var move = new SuiObject.Move(Framework.CLOCK.structTag(), false, version, Framework.CLOCK.encode(now));
                put(new SuiObject(
                        move, new Owner.Shared(shared.initialVersion()), new Digest(new byte[Digest.SIZE]), 0));
            }
        }
    }

    private void apply(Checkpoint checkpoint, TransactionEffects due) {
        for (ChangedObject change : due.changedObjects()) {
            switch (change.out()) {
                case OutputState.Absent() -> live.remove(change.id());
                case OutputState.PackageWritten _ -> {
                    SuiObject.Package before =
                            Packages.find(live, contracts.firstPackageId()).orElseThrow();
                    put(new SuiObject(
                            Packages.next(change.id(), before, WalrusContracts.nextVersion(), before.linkage()),
                            new Owner.Immutable(),
                            due.transactionDigest(),
                            0));
                }
                default -> checkpoint.objects().after(due, change).ifPresent(object -> put(object.bcs()));
            }
        }
    }

    private void put(SuiObject object) {
        put(Bytes.of(BcsWriter.encode(object, (out, each) -> each.encode(out))));
    }

    private void put(Bytes bcs) {
        live.put(StoredObject.of(Bytes.of(bcs.toByteArray())));
    }

    private static List<Path> files(String scenario) throws IOException {
        Path folder = Path.of(System.getProperty("vibrissa.root"))
                .resolve("indexer/src/test/resources/scenarios")
                .resolve(scenario);
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".binpb.zst"))
                    .sorted()
                    .toList();
        }
    }
}
