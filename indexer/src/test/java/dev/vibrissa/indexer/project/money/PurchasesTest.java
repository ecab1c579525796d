package dev.vibrissa.indexer.project.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.Storage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What other contracts pay for shows by events, objects and the accounts of epochs alone. */
class PurchasesTest {
    private static final BlobId BLOB = new BlobId(new byte[32]);
    private static final SuiAddress OBJECT = SuiAddress.parse("0xb10b");
    private static final Prices PRICES = new Prices(11_000, 20_000);
    private static final long BYTES = 70_038_000; // of a blob of a million bytes
    private static final long STORAGE = 67 * 11_000;
    private static final long WRITE = 67 * 20_000;

    private static List<Payment> of(BuiltTransaction transaction) {
        return Purchases.of(transaction.facts(), PackageChain.none(), PRICES, 3, 1000);
    }

    private static BlobRegistered registered() {
        return new BlobRegistered(3, BLOB, 1_000_000, 1, 5, false, OBJECT);
    }

    private static BuiltTransaction extension(RingChange... ring) {
        var blob = new Blob(OBJECT, 1, BLOB, 1_000_000, 1, Optional.of(1L), new Storage(OBJECT, 1, 5, BYTES), false);
        var state = new ObjectState(7, new Owner.AddressOwner(BuiltTransaction.SENDER), Optional.of(blob), Bytes.EMPTY);
        return new BuiltTransaction()
                .event(new BlobCertified(1, BLOB, 7, false, OBJECT, true))
                .object(new ObjectFact(
                        OBJECT,
                        8,
                        Change.MUTATED,
                        "blob::Blob",
                        Optional.of(state),
                        Optional.of(state),
                        Optional.empty()))
                .leaves(PRICES, 3, PRICES, ring);
    }

    @Test
    void aRelayReservesAndWrites() {
        assertThat(of(new BuiltTransaction()
                        .event(registered())
                        .leaves(
                                PRICES,
                                3,
                                PRICES,
                                new RingChange(3, 4, STORAGE + WRITE, BYTES),
                                new RingChange(4, 5, STORAGE, BYTES))))
                .containsExactly(
                        Payment.of(Kind.RESERVE_SPACE, BYTES, 3, 5, STORAGE),
                        Payment.of(Kind.WRITE, BYTES, 3, 4, WRITE).forBlob(OBJECT));
    }

    @Test
    void anExtensionThatTheAccountsCoverWasPaid() {
        assertThat(of(extension(new RingChange(5, 7, STORAGE, BYTES))))
                .containsExactly(Payment.of(Kind.EXTEND, BYTES, 5, 7, STORAGE).forBlob(OBJECT));
    }

    @Test
    void anExtensionWithStorageBoughtBeforeCostsNothing() {
        assertThat(of(extension())).isEmpty();
    }

    @Test
    void aFeeOfNothingIsAPaymentToo() {
        var free = Purchases.of(
                new BuiltTransaction().event(registered()).facts(),
                PackageChain.none(),
                new Prices(11_000, 0),
                3,
                1000);
        assertThat(free).containsExactly(Payment.of(Kind.WRITE, BYTES, 3, 4, 0).forBlob(OBJECT));
    }

    @Test
    void whatNothingExplainsIsShown() {
        assertThat(of(new BuiltTransaction()
                        .event(registered())
                        .leaves(PRICES, 3, PRICES, new RingChange(3, 4, WRITE + 5, 0))))
                .containsExactly(
                        Payment.of(Kind.WRITE, BYTES, 3, 4, WRITE).forBlob(OBJECT),
                        Payment.of(Kind.UNATTRIBUTED, 0, 3, 4, 5));
    }

    @Test
    void whatIsExplainedBeyondWhatCameInIsShownToo() {
        assertThat(of(new BuiltTransaction()
                        .event(registered())
                        .leaves(PRICES, 3, PRICES, new RingChange(3, 4, WRITE - 5, 0))))
                .contains(Payment.of(Kind.UNATTRIBUTED, 0, 3, 4, -5));
    }

    @Test
    void aGiftToTheSystemIsASubsidy() {
        assertThat(of(new BuiltTransaction()
                        .call("system::add_subsidy")
                        .leaves(PRICES, 3, PRICES, new RingChange(3, 4, 337, 0), new RingChange(4, 6, 333, 0))))
                .containsExactly(
                        Payment.of(Kind.ADD_SUBSIDY, 0, 3, 4, 337), Payment.of(Kind.ADD_SUBSIDY, 0, 4, 6, 333));
    }
}
