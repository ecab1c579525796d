package dev.vibrissa.indexer.project.money;

import static dev.vibrissa.indexer.project.money.BuiltTransaction.PACKAGES;
import static dev.vibrissa.indexer.project.money.BuiltTransaction.RELAY;
import static dev.vibrissa.indexer.project.money.BuiltTransaction.SUBSIDIES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import dev.vibrissa.protocol.walrus.object.Subsidies;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The payments of walrus-chain.md §4.3 and §4.8, through the calls that make them. */
class WorkedPaymentsTest {
    private static final SuiAddress SYSTEM = SuiAddress.parse("0x5e");
    private static final SuiAddress COIN = SuiAddress.parse("0xc0");
    private static final SuiAddress POOL = SuiAddress.parse("0x9001");
    private static final SuiAddress OTHER_POOL = SuiAddress.parse("0x9002");
    private static final SuiAddress OBJECT = SuiAddress.parse("0xb10b");
    private static final BlobId BLOB = new BlobId(new byte[32]);
    private static final BlobId OTHER_BLOB = other();
    private static final Prices FIVE = new Prices(5, 0);
    private static final long MILLION = 70_038_000; // encoded, of a blob of a million bytes

    private static BlobId other() {
        byte[] bytes = new byte[32];
        bytes[0] = 1;
        return new BlobId(bytes);
    }

    private static List<Payment> of(BuiltTransaction transaction, Prices prices) {
        return of(transaction, prices, 3);
    }

    private static List<Payment> of(BuiltTransaction transaction, Prices prices, long epoch) {
        return Purchases.of(transaction.facts(), PACKAGES, prices, epoch, 1000);
    }

    private static BuiltTransaction pool(long bytesBefore, long bytesAfter, BuiltTransaction transaction) {
        return transaction.object(new ObjectFact(
                SuiAddress.parse("0xf1e1d"),
                2,
                Change.MUTATED,
                "Field<storage_pool_inner::StoragePoolInnerV1>",
                Optional.of(inner(1, bytesBefore)),
                Optional.of(inner(2, bytesAfter)),
                Optional.empty()));
    }

    private static ObjectState inner(long version, long bytes) {
        return new ObjectState(
                version,
                new Owner.ObjectOwner(POOL),
                Optional.of(new StoragePoolInner(
                        new Storage(POOL, 1, 6, bytes), 0, 0, new MoveTable(SuiAddress.parse("0x7ab1e"), 0))),
                Bytes.EMPTY);
    }

    @Test
    void aPoolOfFiveHundredMillionBytesCosts7155ForThreeEpochs() {
        var paid = of(
                new BuiltTransaction()
                        .calls(
                                "system",
                                "create_storage_pool",
                                List.of(SYSTEM, 500_000_000L, 3, COIN),
                                new StoragePoolCreated(3, POOL, 500_000_000, 3, 6))
                        .leaves(FIVE, 3, FIVE, new RingChange(3, 6, 2_385, 500_000_000)),
                FIVE);
        assertThat(paid)
                .containsExactly(Payment.of(Kind.CREATE_STORAGE_POOL, 500_000_000, 3, 6, 2_385)
                        .forPool(POOL));
        assertThat(paid.getFirst().total()).isEqualTo(7_155);
    }

    @Test
    void itsExtensionByTwoEpochsCosts4770() {
        var paid = of(
                pool(
                        500_000_000,
                        500_000_000,
                        new BuiltTransaction()
                                .calls(
                                        "system",
                                        "extend_storage_pool",
                                        List.of(SYSTEM, POOL, 2, COIN),
                                        new StoragePoolExtended(3, POOL, 8))
                                .leaves(FIVE, 3, FIVE, new RingChange(6, 8, 2_385, 500_000_000))),
                FIVE);
        assertThat(paid).hasSize(1);
        assertThat(paid.getFirst().total()).isEqualTo(4_770);
    }

    @Test
    void aQuarterOfABillionBytesMoreCost1195PerEpochThatIsLeft() {
        var paid = of(
                pool(
                        500_000_000,
                        750_000_000,
                        new BuiltTransaction()
                                .calls(
                                        "system",
                                        "increase_storage_pool_capacity",
                                        List.of(SYSTEM, POOL, 250_000_000L, COIN))
                                .leaves(FIVE, 4, FIVE, new RingChange(4, 6, 1_195, 250_000_000))),
                FIVE,
                4);
        assertThat(paid)
                .containsExactly(Payment.of(Kind.INCREASE_STORAGE_POOL_CAPACITY, 250_000_000, 4, 6, 1_195)
                        .forPool(POOL));
    }

    @Test
    void aPoolThatShrankFirstIsExtendedForLess() {
        var paid = of(
                pool(
                        500_000_000,
                        250_000_000,
                        new BuiltTransaction()
                                .calls(
                                        "system",
                                        "decrease_storage_pool_capacity_by_size",
                                        List.of(SYSTEM, POOL, 250_000_000L))
                                .calls(
                                        "system",
                                        "extend_storage_pool",
                                        List.of(SYSTEM, POOL, 1, COIN),
                                        new StoragePoolExtended(3, POOL, 7))
                                .leaves(FIVE, 3, FIVE, new RingChange(6, 7, 1_195, 250_000_000))),
                FIVE);
        assertThat(paid)
                .containsExactly(Payment.of(Kind.EXTEND_STORAGE_POOL, 250_000_000, 6, 7, 1_195)
                        .forPool(POOL));
    }

    @Test
    void ofTwoPoolsMadeInOneTransactionTheRightOneGrows() {
        var paid = of(
                new BuiltTransaction()
                        .calls(
                                "system",
                                "create_storage_pool",
                                List.of(SYSTEM, 1_048_576L, 3, COIN),
                                new StoragePoolCreated(3, POOL, 1_048_576, 3, 6))
                        .calls(
                                "system",
                                "create_storage_pool",
                                List.of(SYSTEM, 1_048_576L, 1, COIN),
                                new StoragePoolCreated(3, OTHER_POOL, 1_048_576, 3, 4))
                        .calls(
                                "system",
                                "increase_storage_pool_capacity",
                                List.of(SYSTEM, new Argument.Result(0), 1_048_576L, COIN))
                        .leaves(
                                FIVE,
                                3,
                                FIVE,
                                new RingChange(3, 4, 15, 3_145_728),
                                new RingChange(4, 6, 10, 2_097_152)),
                FIVE);
        assertThat(paid)
                .contains(Payment.of(Kind.INCREASE_STORAGE_POOL_CAPACITY, 1_048_576, 3, 6, 5)
                        .forPool(POOL))
                .hasSize(3);
    }

    @Test
    void aBlobOfAMillionBytesCosts2814000() {
        var prices = new Prices(11_000, 20_000);
        var paid = of(
                new BuiltTransaction()
                        .calls("system", "reserve_space", List.of(SYSTEM, MILLION, 2, COIN))
                        .calls(
                                "system",
                                "register_blob",
                                List.of(SYSTEM, new Argument.Result(0)),
                                new BlobRegistered(3, BLOB, 1_000_000, 1, 5, false, OBJECT))
                        .leaves(
                                prices,
                                3,
                                prices,
                                new RingChange(3, 4, 737_000 + 1_340_000, MILLION),
                                new RingChange(4, 5, 737_000, MILLION)),
                prices);
        assertThat(paid).extracting(Payment::kind).containsExactly(Kind.RESERVE_SPACE, Kind.WRITE);
        assertThat(paid.stream().mapToLong(Payment::total).sum()).isEqualTo(2_814_000);
    }

    @Test
    void aReservationOfThePastIsPaidFromNowOn() {
        var paid = of(
                new BuiltTransaction()
                        .calls("system", "reserve_space_for_epochs", List.of(SYSTEM, 1_048_576L, 1, 5, COIN))
                        .calls("system", "reserve_space_for_epochs", List.of(SYSTEM, 1_048_576L, 7, 9, COIN))
                        .leaves(FIVE, 3, FIVE, new RingChange(3, 5, 5, 1_048_576), new RingChange(7, 9, 5, 1_048_576)),
                FIVE);
        assertThat(paid)
                .containsExactly(
                        Payment.of(Kind.RESERVE_SPACE_FOR_EPOCHS, 1_048_576, 3, 5, 5),
                        Payment.of(Kind.RESERVE_SPACE_FOR_EPOCHS, 1_048_576, 7, 9, 5));
    }

    @Test
    void eachPurchaseHasThePriceOfItsMoment() {
        var ten = new Prices(10, 0);
        var paid = of(
                new BuiltTransaction()
                        .calls("system", "reserve_space", List.of(SYSTEM, 1_048_576L, 1, COIN))
                        .calls("staking", "update_prices", List.of(SYSTEM, SYSTEM), new PricesUpdated(3, 10, 0))
                        .calls("system", "reserve_space", List.of(SYSTEM, 1_048_576L, 1, COIN))
                        .leaves(FIVE, 3, ten, new RingChange(3, 4, 15, 2_097_152)),
                FIVE);
        assertThat(paid).extracting(Payment::perEpoch).containsExactly(5L, 10L);
    }

    @Test
    void anEventBlobTakesRoomForNothingAndAnAttestationTakesNone() {
        var prices = new Prices(11_000, 20_000);
        var certified = new BlobCertified(3, OTHER_BLOB, 56, false, OBJECT, false);
        var room = Payment.of(Kind.EVENT_BLOB, MILLION, 3, 56, 0).forBlob(OBJECT);
        assertThat(of(
                        new BuiltTransaction()
                                .calls("system", "certify_event_blob", List.of(SYSTEM, COIN, BLOB))
                                .calls(
                                        "system",
                                        "certify_event_blob",
                                        List.of(SYSTEM, COIN, OTHER_BLOB),
                                        new BlobRegistered(3, OTHER_BLOB, 1_000_000, 1, 56, false, OBJECT),
                                        certified)
                                .leaves(prices, 3, prices, new RingChange(3, 56, 0, MILLION)),
                        prices))
                .containsExactly(room);
        // So it does where another contract holds the node's capability.
        assertThat(of(
                        new BuiltTransaction()
                                .calls(
                                        RELAY,
                                        "relay",
                                        "attest",
                                        List.of(),
                                        new BlobRegistered(3, OTHER_BLOB, 1_000_000, 1, 56, false, OBJECT),
                                        certified)
                                .leaves(prices, 3, prices, new RingChange(3, 56, 0, MILLION)),
                        prices))
                .containsExactly(room);
    }

    @Test
    void aRegistrationBesideAnAttestationIsPaid() {
        var prices = new Prices(11_000, 20_000);
        assertThat(of(
                        new BuiltTransaction()
                                .calls("system", "certify_event_blob", List.of(SYSTEM, COIN, OTHER_BLOB))
                                .calls(
                                        "system",
                                        "register_blob",
                                        List.of(SYSTEM),
                                        new BlobRegistered(3, BLOB, 1_000_000, 1, 5, false, OBJECT))
                                .leaves(prices, 3, prices, new RingChange(3, 4, 1_340_000, 0)),
                        prices))
                .containsExactly(
                        Payment.of(Kind.WRITE, MILLION, 3, 4, 1_340_000).forBlob(OBJECT));
    }

    private static BuiltTransaction subsidised(long poolAfter, RingChange... ring) {
        return subsidised(new BuiltTransaction(), poolAfter, ring);
    }

    private static BuiltTransaction subsidised(BuiltTransaction first, long poolAfter, RingChange... ring) {
        return first.calls(SUBSIDIES, "subsidies", "reserve_space", List.of(SUBSIDIES, SYSTEM, 1_048_576L, 2, COIN))
                .object(new ObjectFact(
                        SUBSIDIES,
                        2,
                        Change.MUTATED,
                        "subsidies::Subsidies",
                        Optional.of(legacy(1, 1_000)),
                        Optional.of(legacy(2, poolAfter)),
                        Optional.empty()))
                .leaves(FIVE, 3, FIVE, ring);
    }

    /** A tenth for buyers, a fifth for the system. */
    private static ObjectState legacy(long version, long pool) {
        return new ObjectState(
                version,
                new Owner.Shared(1),
                Optional.of(new Subsidies(SUBSIDIES, 1_000, 2_000, pool, SUBSIDIES, 1)),
                Bytes.EMPTY);
    }

    /** Cost 10: of it 1 for the buyer, and 2 to the system, 1 in each epoch. */
    @Test
    void theFirstSubsidiesPayAPartOfThePurchase() {
        assertThat(of(subsidised(997, new RingChange(3, 5, 6, 1_048_576)), FIVE))
                .containsExactly(
                        Payment.of(Kind.RESERVE_SPACE, 1_048_576, 3, 4, 4),
                        Payment.of(Kind.RESERVE_SPACE, 1_048_576, 4, 5, 5),
                        Payment.of(Kind.LEGACY_SUBSIDY, 0, 3, 4, 1),
                        Payment.of(Kind.LEGACY_SUBSIDY, 0, 4, 5, 0),
                        Payment.of(Kind.LEGACY_SUBSIDY, 0, 3, 5, 1));
    }

    @Test
    void anEmptyPoolPaysNothing() {
        assertThat(of(subsidised(1_000, new RingChange(3, 5, 5, 1_048_576)), FIVE))
                .containsExactly(Payment.of(Kind.RESERVE_SPACE, 1_048_576, 3, 5, 5));
    }

    /** Of two purchases alike only the one that is made through the contract is subsidised, and a fee is not. */
    @Test
    void onlyWhatIsReservedThroughTheContractIsSubsidised() {
        var prices = new Prices(5, 1);
        var fee = Payment.of(Kind.WRITE, MILLION, 3, 4, 67).forBlob(OBJECT);
        var direct = new BuiltTransaction()
                .calls("system", "reserve_space", List.of(SYSTEM, 1_048_576L, 2, COIN))
                .calls(
                        SUBSIDIES,
                        "subsidies",
                        "register_blob",
                        List.of(SUBSIDIES, SYSTEM),
                        new BlobRegistered(3, BLOB, 1_000_000, 1, 5, false, OBJECT));
        assertThat(of(
                        subsidised(
                                direct, 999, new RingChange(3, 4, 77, 2_097_152), new RingChange(4, 5, 10, 2_097_152)),
                        prices))
                .containsExactly(
                        Payment.of(Kind.RESERVE_SPACE, 1_048_576, 3, 5, 5),
                        fee,
                        Payment.of(Kind.RESERVE_SPACE, 1_048_576, 3, 4, 4),
                        Payment.of(Kind.RESERVE_SPACE, 1_048_576, 4, 5, 5),
                        Payment.of(Kind.LEGACY_SUBSIDY, 0, 3, 4, 1),
                        Payment.of(Kind.LEGACY_SUBSIDY, 0, 4, 5, 0));
    }

    @Test
    void aModuleOfTheSameNameIsNotTheSubsidiesContract() {
        var namesake = new BuiltTransaction()
                .calls(RELAY, "subsidies", "reserve_space", List.of(COIN, SYSTEM, 5_242_880L, 1, COIN));
        assertThat(of(subsidised(namesake, 999, new RingChange(3, 5, 5, 1_048_576)), FIVE))
                .containsExactlyElementsOf(of(subsidised(999, new RingChange(3, 5, 5, 1_048_576)), FIVE));
        var namesakes = new BlobRegistered(3, BLOB, 1_000_000, 1, 5, false, COIN);
        var ours = new BlobRegistered(3, BLOB, 1_000_000, 1, 5, false, OBJECT);
        assertThat(of(
                        new BuiltTransaction()
                                .event(RELAY + "::subsidies", namesakes)
                                .calls("system", "register_blob", List.of(SYSTEM), ours)
                                .leaves(FIVE, 3, FIVE, new RingChange(3, 4, 134, 0)),
                        new Prices(0, 1)))
                .extracting(Payment::object)
                .containsExactly(OBJECT, COIN);
    }

    /** The clock of the contract stands still within a checkpoint. */
    @Test
    void subsidiesMayBePaidTwiceInAMillisecond() {
        var ring = new WalrusSubsidiesInner.SubsidizedRing(0, List.of());
        var table = new MoveTable(SUBSIDIES, 0);
        var before = new WalrusSubsidiesInner(15_000, 1_000, 0, 0, 3, ring, 77, table);
        var after = new WalrusSubsidiesInner(15_000, 900, 0, 0, 3, ring, 77, table);
        var paid = new BuiltTransaction()
                .call("walrus_subsidies::process_subsidies")
                .object(new ObjectFact(
                        SUBSIDIES,
                        2,
                        Change.MUTATED,
                        "Field<walrus_subsidies_inner::WalrusSubsidiesInnerV1>",
                        Optional.of(new ObjectState(1, new Owner.Shared(1), Optional.of(before), Bytes.EMPTY)),
                        Optional.of(new ObjectState(2, new Owner.Shared(1), Optional.of(after), Bytes.EMPTY)),
                        Optional.empty()))
                .leaves(FIVE, 3, FIVE, new RingChange(3, 4, 100, 0));
        assertThat(of(paid, FIVE)).containsExactly(Payment.of(Kind.USAGE_SUBSIDY, 0, 3, 4, 100));
    }
}
