package dev.vibrissa.devnet.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.devnet.ledger.Toys.Box;
import dev.vibrissa.devnet.ledger.Toys.Gem;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.ExecutionError;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.sui.UnchangedConsensusObject;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.rpc.v2.Checkpoint;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What transactions do to objects, told by their effects. */
class LedgerTest {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Account alice = Account.of(7, "alice");
    private final Account bob = Account.of(7, "bob");

    @TempDir
    Path folder;

    private Ledger ledger;
    private Sender sender;

    @BeforeEach
    void open() {
        ledger = Ledger.open(folder, Toys.genesis(7, alice, bob), Toys.modules());
        sender = ledger.sender(alice);
    }

    @AfterEach
    void everyCheckpointConvincesAStranger() {
        ledger.seal(START.plusSeconds(60));
        var audit = new ChainAudit(folder, ChainAudit.firstCommittee(ledger));
        for (long n = 0; n <= ledger.tip(); n++) {
            audit.follow(n);
        }
        audit.agreesWith(ledger);
        ledger.close();
    }

    @Test
    void anEpochWhoseEndCouldNotBeWrittenEndsAtTheNextAttempt() throws Exception {
        dig(3);
        Path inTheWay = Files.createDirectory(folder.resolve("1.binpb.zst.part"));
        assertThatThrownBy(() -> ledger.endEpoch(START.plusSeconds(1))).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> ledger.seal(START.plusSeconds(1))).isInstanceOf(UncheckedIOException.class);
        assertThat(ledger.tip()).isZero();
        Files.delete(inTheWay);
        assertThat(ledger.endEpoch(START.plusSeconds(2))).isEqualTo(1);
        assertThat(ledger.epochs()).hasSize(2);
        var sealed = CheckpointFile.read(ledger.checkpoint(1).orElseThrow(), "1.binpb");
        assertThat(sealed.transactions()).as("one of alice's, and the end").hasSize(2);
    }

    private Executed run(Consumer<Ptb> program) {
        return sender.execute(program).orThrow();
    }

    private SuiAddress dig(long weight) {
        return run(ptb -> ptb.call(Toys.PACKAGE, "toys", "dig_for_me", ptb.u64(weight)))
                .created(Toys.tag("Gem"))
                .getFirst()
                .id();
    }

    private SuiAddress shelf() {
        return run(ptb -> ptb.call(Toys.PACKAGE, "toys", "open_shelf"))
                .created(Toys.tag("Shelf"))
                .getFirst()
                .id();
    }

    private static ChangedObject change(Executed executed, SuiAddress id) {
        return executed.effects().changedObjects().stream()
                .filter(change -> change.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no change of " + id));
    }

    private Gem gem(SuiAddress id) {
        return Toys.GEM.decode(Toys.contents(ledger.current(id).orElseThrow()));
    }

    private static ExecutionError error(Executed executed) {
        assertThat(executed.effects().status()).isInstanceOf(ExecutionStatus.Failure.class);
        return ((ExecutionStatus.Failure) executed.effects().status()).error();
    }

    @Test
    void aNewObjectHasTheIdThatSuiDerives() {
        Executed executed = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "dig_for_me", ptb.u64(5)));
        SuiObject gem = executed.created(Toys.tag("Gem")).getFirst();
        assertThat(gem.owner()).isEqualTo(new Owner.AddressOwner(alice.address()));
        assertThat(gem.version()).isEqualTo(executed.effects().lamportVersion());
        var preimage =
                new BcsWriter().u8(0xf1).raw(executed.digest().toByteArray()).u64(0);
        assertThat(gem.id()).isEqualTo(new SuiAddress(Blake2b.hash(preimage.toByteArray())));
        assertThat(change(executed, gem.id()).in()).isInstanceOf(InputState.Absent.class);
        assertThat(change(executed, gem.id()).operation()).isEqualTo(IdOperation.CREATED);
    }

    @Test
    void anInputThatIsOnlyBorrowedStaysWithItsOwnerAndGetsANewVersion() {
        SuiAddress id = dig(9);
        long before = ledger.current(id).orElseThrow().version();
        Executed executed = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "polish", ptb.object(id), ptb.u64(2)));
        assertThat(gem(id).weight()).isEqualTo(7);
        assertThat(ledger.current(id).orElseThrow().version()).isGreaterThan(before);
        assertThat(executed.events()).hasSize(1);
        assertThat(executed.events().getFirst().type()).isEqualTo(Toys.tag("Polished"));
        assertThat(executed.events().getFirst().module()).isEqualTo("toys");
        assertThat(executed.effects().eventsDigest()).isPresent();
    }

    @Test
    void wrappingTakesAnObjectAwayWithoutDeletingItsId() {
        SuiAddress id = dig(9);
        Executed packed =
                run(ptb -> ptb.transfer(bob.address(), ptb.call(Toys.PACKAGE, "toys", "pack", ptb.object(id))));
        assertThat(change(packed, id).in()).isInstanceOf(InputState.Exists.class);
        assertThat(change(packed, id).out()).isInstanceOf(OutputState.Absent.class);
        assertThat(change(packed, id).operation()).isEqualTo(IdOperation.NONE);
        assertThat(ledger.current(id)).isEmpty();
        SuiAddress box = packed.created(Toys.tag("Box")).getFirst().id();

        sender = ledger.sender(bob);
        Executed unpacked =
                run(ptb -> ptb.transfer(alice.address(), ptb.call(Toys.PACKAGE, "toys", "unpack", ptb.object(box))));
        assertThat(change(unpacked, id).in()).isInstanceOf(InputState.Absent.class);
        assertThat(change(unpacked, id).out()).isInstanceOf(OutputState.Written.class);
        assertThat(change(unpacked, id).operation()).isEqualTo(IdOperation.NONE);
        assertThat(change(unpacked, box).operation()).isEqualTo(IdOperation.DELETED);
        assertThat(gem(id).weight()).isEqualTo(9);
    }

    @Test
    void createdAndWrappedAtOnceIsCreatedFromNothingToNothing() {
        Executed executed = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "pack_new", ptb.u64(3)));
        Box box =
                Toys.BOX.decode(Toys.contents(executed.created(Toys.tag("Box")).getFirst()));
        SuiAddress inside = box.gem().orElseThrow().id();
        assertThat(change(executed, inside))
                .isEqualTo(new ChangedObject(
                        inside, new InputState.Absent(), new OutputState.Absent(), IdOperation.CREATED));

        Executed burnt = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "burn", ptb.object(box.id())));
        assertThat(change(burnt, inside))
                .isEqualTo(new ChangedObject(
                        inside, new InputState.Absent(), new OutputState.Absent(), IdOperation.DELETED));
    }

    @Test
    void createdAndDeletedAtOnceLeavesNoTrace() {
        Executed executed =
                run(ptb -> ptb.call(Toys.PACKAGE, "toys", "crush", ptb.call(Toys.PACKAGE, "toys", "dig", ptb.u64(1))));
        assertThat(executed.effects().changedObjects()).hasSize(1); // the gas coin
    }

    @Test
    void dynamicFieldsAreObjectsOfTheirParentUnderDerivedIds() {
        SuiAddress shelf = shelf();
        Executed noted =
                run(ptb -> ptb.call(Toys.PACKAGE, "toys", "note", ptb.object(shelf), ptb.u64(4), ptb.string("hello")));
        SuiAddress field = FieldKey.u64(4).under(shelf);
        assertThat(ledger.current(field).orElseThrow().owner()).isEqualTo(new Owner.ObjectOwner(shelf));
        assertThat(change(noted, field).operation()).isEqualTo(IdOperation.CREATED);

        Executed again = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "renote", ptb.object(shelf), ptb.u64(4)));
        assertThat(change(again, field).in()).isInstanceOf(InputState.Exists.class);
        assertThat(change(again, field).out()).isInstanceOf(OutputState.Written.class);
        assertThat(change(again, field).operation()).isEqualTo(IdOperation.NONE);

        Executed removed = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "unnote", ptb.object(shelf), ptb.u64(4)));
        assertThat(change(removed, field).operation()).isEqualTo(IdOperation.DELETED);
        Executed twice = sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "unnote", ptb.object(shelf), ptb.u64(4)));
        assertThat(error(twice)).hasToString("abort dynamic_field::remove_child_object 1");
    }

    @Test
    void dynamicObjectFieldsKeepTheChildAnObjectThatItsFieldOwns() {
        SuiAddress shelf = shelf();
        SuiAddress id = dig(8);
        run(ptb -> ptb.call(Toys.PACKAGE, "toys", "put", ptb.object(shelf), ptb.u64(1), ptb.object(id)));
        SuiAddress field = FieldKey.u64(1).wrapped().under(shelf);
        assertThat(ledger.current(id).orElseThrow().owner()).isEqualTo(new Owner.ObjectOwner(field));
        assertThat(ledger.currentOwnedBy(new Owner.ObjectOwner(shelf))).hasSize(1);

        Executed out = run(ptb ->
                ptb.transfer(bob.address(), ptb.call(Toys.PACKAGE, "toys", "get", ptb.object(shelf), ptb.u64(1))));
        assertThat(ledger.current(id).orElseThrow().owner()).isEqualTo(new Owner.AddressOwner(bob.address()));
        assertThat(change(out, field).operation()).isEqualTo(IdOperation.DELETED);
        assertThat(change(out, id).operation()).isEqualTo(IdOperation.NONE);
    }

    @Test
    void aSharedObjectThatIsOnlyReadIsUnchangedAndItsLoadedChildrenAreToldOf() {
        SuiAddress shelf = shelf();
        run(ptb -> ptb.call(Toys.PACKAGE, "toys", "note", ptb.object(shelf), ptb.u64(4), ptb.string("hello")));
        SuiObject before = ledger.current(shelf).orElseThrow();
        Executed looked = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "look", ptb.read(shelf), ptb.u64(4)));
        assertThat(ledger.current(shelf)).contains(before);
        assertThat(looked.effects().unchangedConsensusObjects())
                .singleElement()
                .isInstanceOfSatisfying(UnchangedConsensusObject.ReadOnlyRoot.class, root -> {
                    assertThat(root.id()).isEqualTo(shelf);
                    assertThat(root.version()).isEqualTo(before.version());
                });
        Executed written = sender.execute(
                ptb -> ptb.call(Toys.PACKAGE, "toys", "note", ptb.read(shelf), ptb.u64(5), ptb.string("no")));
        assertThat(error(written)).hasToString("CommandArgumentError");
    }

    @Test
    void aSharedObjectCanBeDeletedByValue() {
        SuiAddress shelf = shelf();
        Executed closed = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "close_shelf", ptb.object(shelf)));
        assertThat(change(closed, shelf).operation()).isEqualTo(IdOperation.DELETED);
        assertThat(ledger.current(shelf)).isEmpty();
    }

    @Test
    void anAbortFailsTheTransactionAndChangesNothingButVersionsAndGas() {
        SuiAddress id = dig(9);
        long money = sui(alice);
        Executed failed = sender.execute(ptb -> {
            ptb.call(Toys.PACKAGE, "toys", "polish", ptb.object(id), ptb.u64(2));
            ptb.call(Toys.PACKAGE, "toys", "dig_for_me", ptb.u64(1));
            ptb.call(Toys.PACKAGE, "toys", "refuse", ptb.u64(42));
        });
        assertThat(error(failed)).hasToString("abort toys::refuse 42");
        assertThat(((ExecutionStatus.Failure) failed.effects().status()).command())
                .hasValue(2);
        assertThat(gem(id).weight()).isEqualTo(9);
        assertThat(failed.events()).isEmpty();
        assertThat(failed.effects().changedObjects()).hasSize(2);
        assertThat(sui(alice)).isLessThan(money);
    }

    private long sui(Account account) {
        return ledger.currentOwnedBy(new Owner.AddressOwner(account.address())).stream()
                .filter(object -> object.data() instanceof SuiObject.Move move && Toys.isSui(move.type()))
                .mapToLong(object ->
                        Framework.SUI_COIN.decode(Toys.contents(object)).value())
                .sum();
    }

    @Test
    void failuresHaveTheNamesThatSuiGivesThem() {
        SuiAddress id = dig(9);
        assertThat(error(sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "ticket", ptb.u64(1)))))
                .hasToString("UnusedValueWithoutDrop");
        assertThat(error(sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "dig", ptb.u64(1)))))
                .hasToString("UnusedValueWithoutDrop");
        assertThat(error(sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "nothing"))))
                .hasToString("FunctionNotFound");
        assertThat(error(sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "overflow", ptb.u64(1)))))
                .hasToString("MovePrimitiveRuntimeError");
        assertThat(error(sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "burn", ptb.object(id)))))
                .hasToString("CommandArgumentError");
        assertThat(error(sender.execute(ptb -> ptb.split(ptb.gas(), Long.MAX_VALUE))))
                .hasToString("InsufficientCoinBalance");
        assertThat(error(sender.execute(ptb -> {
                    ptb.call(Toys.PACKAGE, "toys", "crush", ptb.object(id));
                    ptb.call(Toys.PACKAGE, "toys", "crush", ptb.object(id));
                })))
                .hasToString("CommandArgumentError");
        run(ptb -> ptb.call(Toys.PACKAGE, "toys", "redeem", ptb.call(Toys.PACKAGE, "toys", "ticket", ptb.u64(1))));
    }

    @Test
    void coinsSplitAndMergeWithoutLoss() {
        long before = sui(alice) + sui(bob);
        Executed split = run(ptb -> {
            var parts = ptb.split(ptb.gas(), 100, 50);
            ptb.transfer(bob.address(), Ptb.nth(parts, 0));
            ptb.merge(ptb.gas(), Ptb.nth(parts, 1));
        });
        var cost = split.effects().gas();
        assertThat(sui(alice) + sui(bob)).isEqualTo(before - cost.computation() - cost.storage() + cost.rebate());
        assertThat(split.created(Framework.SUI_COIN.structTag())).hasSize(1);
    }

    @Test
    void objectsTravelInVectors() {
        SuiAddress first = dig(3);
        SuiAddress second = dig(4);
        Executed weighed = run(ptb -> ptb.call(
                Toys.PACKAGE,
                "toys",
                "weigh_all",
                ptb.vector(new TypeTag.Struct(Toys.tag("Gem")), ptb.object(first), ptb.object(second))));
        assertThat(weighed.events().getFirst().contents()).isEqualTo(MoveType.U64.encode(7L));
        assertThat(change(weighed, first).operation()).isEqualTo(IdOperation.DELETED);
    }

    @Test
    void aContractThatForgetsAnObjectIsStopped() {
        SuiAddress id = dig(9);
        assertThatThrownBy(() -> sender.execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "lose", ptb.object(id))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not handed on, wrapped or deleted");
        assertThat(gem(id).weight()).isEqualTo(9);
    }

    @Test
    void whatIsNotOursOrNotThereIsRejectedAndLeavesNoTrace() {
        SuiAddress id = dig(9);
        long pending = ledger.current(id).orElseThrow().version();
        assertThatThrownBy(() ->
                        ledger.sender(bob).execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "crush", ptb.object(id))))
                .isInstanceOf(RejectedTransactionException.class);
        assertThatThrownBy(() -> sender.execute(ptb -> ptb.object(SuiAddress.parse("0xdead"))))
                .isInstanceOf(RejectedTransactionException.class);
        assertThatThrownBy(() -> ledger.sender(Account.of(7, "poor")).execute(_ -> {}))
                .isInstanceOf(RejectedTransactionException.class)
                .hasMessageContaining("has no SUI");
        assertThat(ledger.current(id).orElseThrow().version()).isEqualTo(pending);
    }

    @Test
    void anUpgradeKeepsTypesWhereTheyWereIntroduced() {
        var v1 = new ModuleCode("m", "Old");
        Executed published =
                run(ptb -> ptb.transfer(alice.address(), ptb.publish(List.of(v1), List.of(Framework.PACKAGE))));
        SuiAddress first = published.packages().getFirst().id();
        SuiAddress cap =
                published.created(Framework.UPGRADE_CAP.structTag()).getFirst().id();
        var v2 = List.of(new ModuleCode("m", "Old", "New"));
        Executed upgraded = run(ptb -> {
            var digest = Ptb.upgradeDigest(v2, List.of(Framework.PACKAGE));
            var ticket = ptb.call(
                    Framework.PACKAGE,
                    "package",
                    "authorize_upgrade",
                    ptb.object(cap),
                    ptb.u8(0),
                    ptb.bytes(digest.toByteArray()));
            var receipt = ptb.upgrade(first, ticket, v2, List.of(Framework.PACKAGE));
            ptb.call(Framework.PACKAGE, "package", "commit_upgrade", ptb.object(cap), receipt);
        });
        SuiAddress second = upgraded.packages().getFirst().id();
        assertThat(upgraded.packages().getFirst().version()).isEqualTo(2);
        assertThat(ledger.type(second, "m", "Old").address()).isEqualTo(first);
        assertThat(ledger.type(second, "m", "New").address()).isEqualTo(second);
    }

    @Test
    void theClockIsWhatWasCommitted() {
        Instant time = START.plusMillis(1_250);
        ledger.commit(time);
        assertThat(Framework.CLOCK
                        .decode(Toys.contents(ledger.current(Framework.CLOCK_ID).orElseThrow()))
                        .timestampMillis())
                .isEqualTo(time.toEpochMilli());
    }

    @Test
    void readersSeeWhatIsSealedAndAreToldInOrder() {
        var told = new ArrayList<Long>();
        try (var subscription = ledger.subscribe(told::add)) {
            Executed dug = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "dig_for_me", ptb.u64(5)));
            SuiAddress id = dug.created(Toys.tag("Gem")).getFirst().id();
            assertThat(ledger.object(id)).isEmpty();
            assertThat(ledger.transaction(dug.digest())).isEmpty();
            long first = ledger.seal(START.plusSeconds(1));
            assertThat(ledger.object(id)).isPresent();
            assertThat(ledger.transaction(dug.digest())).contains(new ChainReader.Position(first, 0));
            long old = ledger.object(id).orElseThrow().version();
            run(ptb -> ptb.call(Toys.PACKAGE, "toys", "polish", ptb.object(id), ptb.u64(1)));
            long second = ledger.seal(START.plusSeconds(1));
            assertThat(ledger.object(id, old)).map(SuiObject::version).contains(old);
            assertThat(ledger.object(id, old + 100)).isEmpty();
            assertThat(told).containsExactly(first, second);
            assertThat(subscription).isNotNull();
        }
        ledger.seal(START.plusSeconds(2));
        assertThat(told).hasSize(2);
    }

    @Test
    void epochsHandOverToCommitteesWithOtherKeys() {
        ledger.seal(START.plusSeconds(1));
        long end = ledger.endEpoch(START.plusSeconds(2));
        ledger.seal(START.plusSeconds(3));
        var epochs = ledger.epochs();
        assertThat(epochs).hasSize(2);
        assertThat(epochs.getFirst().lastCheckpoint()).contains(end);
        assertThat(epochs.getLast().firstCheckpoint()).isEqualTo(end + 1);
        assertThat(epochs.getLast().lastCheckpoint()).isEqualTo(Optional.empty());
        assertThat(epochs.getLast().committeeMembers())
                .isNotEqualTo(epochs.getFirst().committeeMembers());
        assertThat(folder.resolve("epochs.json")).hasContent("[" + end + "]");
    }

    @Test
    void timeDoesNotRunBackwards() {
        ledger.seal(START.plusSeconds(5));
        assertThatThrownBy(() -> ledger.seal(START.plusSeconds(4))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTransactionCannotBeRepeatedNorSentInAnothersName() {
        Executed sent = run(ptb -> ptb.call(Toys.PACKAGE, "toys", "dig_for_me", ptb.u64(1)));
        long sealed = ledger.seal(START.plusSeconds(1));
        var checkpoint = CheckpointFile.read(ledger.checkpoint(sealed).orElseThrow(), "sealed");
        Bytes bcs = checkpoint.transactions().getFirst().data().bcs();
        TransactionData data = BcsReader.decode(bcs, TransactionData::decode);
        assertThat(checkpoint.transactions().getFirst().digest()).isEqualTo(sent.digest());
        assertThatThrownBy(() -> ledger.execute(data, List.of(alice.sign(bcs))))
                .isInstanceOf(RejectedTransactionException.class)
                .hasMessageContaining("not there in version");
        assertThatThrownBy(() -> ledger.execute(data, List.of(bob.sign(bcs))))
                .isInstanceOf(RejectedTransactionException.class)
                .hasMessageContaining("did not sign");
    }

    @Test
    void aTransactionThatSomebodyElseBuiltIsExecuted() {
        var coin = ledger.currentOwnedBy(new Owner.AddressOwner(bob.address())).getFirst();
        var ref = StoredObject.of(coin).ref();
        var data = new TransactionData(
                new TransactionKind.Programmable(List.of(), List.of()),
                bob.address(),
                new TransactionData.GasData(List.of(ref), bob.address(), 1_000, 10_000_000),
                new TransactionData.Expiration.None());
        Bytes bcs = Bytes.of(BcsWriter.encode(data, (out, each) -> each.encode(out)));
        assertThat(ledger.execute(data, List.of(bob.sign(bcs))).isSuccess()).isTrue();
    }

    @Test
    void theStoreHasEachObjectOnceInOrderAndNamesChildrenThatWereOnlyLoaded() throws Exception {
        SuiAddress shelf = shelf();
        run(ptb -> ptb.call(Toys.PACKAGE, "toys", "note", ptb.object(shelf), ptb.u64(4), ptb.string("hello")));
        run(ptb -> ptb.call(Toys.PACKAGE, "toys", "look", ptb.read(shelf), ptb.u64(4)));
        run(ptb -> ptb.call(Toys.PACKAGE, "toys", "look", ptb.read(shelf), ptb.u64(4)));
        long sealed = ledger.seal(START.plusSeconds(1));
        var message = Checkpoint.parseFrom(ledger.checkpoint(sealed).orElseThrow());
        var versions = message.getObjects().getObjectsList().stream()
                .map(object -> BcsReader.decode(object.getBcs().getValue().toByteArray(), SuiObject::decode))
                .map(object -> object.id() + " %020d".formatted(object.version()))
                .toList();
        assertThat(versions).isSorted().doesNotHaveDuplicates();
        SuiAddress field = FieldKey.u64(4).under(shelf);
        assertThat(message.getTransactions(3).getEffects().getUnchangedLoadedRuntimeObjectsList())
                .singleElement()
                .satisfies(ref -> assertThat(ref.getObjectId()).isEqualTo(field.toString()));
        assertThat(versions).anyMatch(version -> version.startsWith(field.toString()));
    }

    @Test
    void manyMaySendAtOnceWhileCheckpointsAreSealed() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = new ArrayList<Future<?>>();
            for (Account account : List.of(alice, bob, alice)) {
                sent.add(threads.submit(() -> {
                    for (int i = 0; i < 30; i++) {
                        ledger.sender(account)
                                .execute(ptb -> ptb.call(Toys.PACKAGE, "toys", "dig_for_me", ptb.u64(1)))
                                .orThrow();
                    }
                }));
            }
            for (int second = 1; second <= 10; second++) {
                ledger.seal(START.plusSeconds(second));
                assertThat(ledger.ownedBy(new Owner.AddressOwner(alice.address())))
                        .isNotEmpty();
            }
            for (Future<?> each : sent) {
                each.get();
            }
        }
        ledger.seal(START.plusSeconds(11));
        assertThat(ledger.ownedBy(new Owner.AddressOwner(alice.address()))).hasSize(61);
    }
}
