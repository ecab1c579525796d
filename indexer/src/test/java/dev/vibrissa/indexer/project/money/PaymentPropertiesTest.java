package dev.vibrissa.indexer.project.money;

import static dev.vibrissa.indexer.project.money.BuiltTransaction.PACKAGES;
import static dev.vibrissa.indexer.project.money.BuiltTransaction.RELAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EncodedSize;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Whatever people do, in whatever order and through whatever contracts, nothing is left over. */
class PaymentPropertiesTest {
    private static final SuiAddress SYSTEM = SuiAddress.parse("0x5e");
    private static final BlobId BLOB = new BlobId(new byte[32]);

    /** A transaction as the contract would make it, by arithmetic of its own. */
    private static final class Contract {
        private final Random random;
        private final int nShards;
        private final Prices prices;
        private final BuiltTransaction transaction = new BuiltTransaction();
        private final TreeMap<Long, long[]> ring = new TreeMap<>();
        private int objects;

        Contract(Random random, int nShards, Prices prices) {
            this.random = random;
            this.nShards = nShards;
            this.prices = prices;
        }

        private void add(long first, long end, long rewards, long used) {
            for (long epoch = first; epoch < end; epoch++) {
                var entry = ring.computeIfAbsent(epoch, _ -> new long[2]);
                entry[0] += rewards;
                entry[1] += used;
            }
        }

        private static long units(long bytes) {
            return (bytes + 1_048_575) / 1_048_576;
        }

        private SuiAddress newObject() {
            return SuiAddress.parse("0xb" + Integer.toHexString(0x1000 + objects++));
        }

        private void step() {
            boolean direct = random.nextBoolean();
            var caller = direct ? BuiltTransaction.WALRUS : RELAY;
            String module = direct ? "system" : "relay";
            long bytes = 1 + random.nextLong(1L << 32);
            int epochs = 1 + random.nextInt(53);
            long size = random.nextLong(EncodedSize.largestBlob(nShards) / 1000 + 2);
            long encoded = EncodedSize.of(nShards, size).orElseThrow();
            switch (random.nextInt(6)) {
                case 0 -> {
                    transaction.calls(caller, module, "reserve_space", List.of(SYSTEM, bytes, epochs, SYSTEM));
                    add(7, 7 + epochs, prices.storage() * units(bytes), bytes);
                }
                case 1 -> {
                    transaction.calls(
                            caller,
                            module,
                            "register_blob",
                            List.of(SYSTEM),
                            new BlobRegistered(7, BLOB, size, 1, 7 + epochs, false, newObject()));
                    add(7, 8, prices.write() * units(encoded), 0);
                }
                case 2 -> {
                    transaction.calls(
                            caller,
                            module,
                            "create_storage_pool",
                            List.of(SYSTEM, bytes, epochs, SYSTEM),
                            new StoragePoolCreated(7, newObject(), bytes, 7, 7 + epochs));
                    add(7, 7 + epochs, prices.storage() * units(bytes), bytes);
                }
                case 3 -> {
                    var object = newObject();
                    var storage = new Storage(object, 1, 9, encoded);
                    var blob = new Blob(object, 1, BLOB, size, 1, Optional.of(1L), storage, false);
                    var state = new ObjectState(1, new Owner.AddressOwner(SYSTEM), Optional.of(blob), Bytes.EMPTY);
                    transaction
                            .calls(
                                    caller,
                                    module,
                                    "extend_blob",
                                    List.of(SYSTEM, object, epochs, SYSTEM),
                                    new BlobCertified(1, BLOB, 9 + epochs, false, object, true))
                            .object(new ObjectFact(
                                    object,
                                    2,
                                    Change.MUTATED,
                                    "blob::Blob",
                                    Optional.of(state),
                                    Optional.of(state),
                                    Optional.empty()));
                    add(9, 9 + epochs, prices.storage() * units(encoded), encoded);
                }
                case 4 -> {
                    var object = newObject();
                    transaction.calls(
                            "system",
                            "certify_event_blob",
                            List.of(SYSTEM, SYSTEM, BLOB),
                            new BlobRegistered(7, BLOB, size, 1, 60, false, object),
                            new BlobCertified(7, BLOB, 60, false, object, false));
                    add(7, 60, 0, encoded);
                }
                default -> transaction.calls(caller, module, "certify_blob", List.of(SYSTEM));
            }
        }

        BuiltTransaction made(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
            }
            var changes = new ArrayList<RingChange>();
            ring.forEach((epoch, entry) -> changes.add(new RingChange(epoch, epoch + 1, entry[0], entry[1])));
            return transaction.leaves(prices, 7, prices, changes.toArray(RingChange[]::new));
        }
    }

    @Property(tries = 300)
    void paymentsAddUpToWhatCameInEpochByEpoch(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int steps,
            @ForAll @IntRange(min = 4, max = 2000) int nShards,
            @ForAll @LongRange(min = 1, max = 1_000_000) long storagePrice,
            @ForAll @LongRange(min = 0, max = 1_000_000) long writePrice) {
        var prices = new Prices(storagePrice, writePrice);
        var contract = new Contract(new Random(seed), nShards, prices);
        var facts = contract.made(steps).facts();

        var payments = Purchases.of(facts, PACKAGES, prices, 7, nShards);

        var left = new TreeMap<Long, Long>();
        contract.ring.forEach((epoch, entry) -> left.put(epoch, entry[0]));
        for (Payment each : payments) {
            for (long epoch = each.firstEpoch(); epoch < each.endEpochExclusive(); epoch++) {
                left.merge(epoch, -each.perEpoch(), Long::sum);
            }
        }
        assertThat(left.values()).allMatch(rest -> rest == 0);
        assertThat(payments).extracting(Payment::kind).doesNotContain(Kind.UNATTRIBUTED);
    }

    /** WAL moves among addresses, accounts of epochs, stakes and funds; some of it is burnt. */
    @Property(tries = 300)
    void walIsConservedButForBurns(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int moves,
            @ForAll @LongRange(min = -1_000, max = 1_000) long leak) {
        var random = new Random(seed);
        long[] holders = new long[6]; // two addresses, an account, a stake, a fund, burnt
        for (int i = 0; i < moves; i++) {
            long amount = random.nextLong(1L << 40);
            holders[random.nextInt(5)] -= amount;
            holders[random.nextInt(6)] += amount;
        }
        holders[0] += leak;
        long base = 1L << 50;
        var node = SuiAddress.parse("0x0de");
        var blob = new Blob(node, 1, BLOB, 1, 1, Optional.empty(), new Storage(node, 1, 9, 1_000), false);
        var facts = new BuiltTransaction()
                .object(mutated(
                        "staked_wal::StakedWal",
                        new StakedWal(node, new StakedWal.State.Staked(), node, base, 1),
                        new StakedWal(node, new StakedWal.State.Staked(), node, base + holders[3], 1)))
                .object(mutated(
                        "shared_blob::SharedBlob",
                        new SharedBlob(node, blob, base),
                        new SharedBlob(node, blob, base + holders[4])))
                .object(mutated(
                        "coin::TreasuryCap", new TreasuryCap(node, base), new TreasuryCap(node, base - holders[5])))
                .leaves(new Prices(1, 1), 7, new Prices(1, 1), new RingChange(7, 8, holders[2], 0))
                .facts();
        var changes = List.of(
                new WalChange(0, new Digest(new byte[32]), BuiltTransaction.SENDER, holders[0]),
                new WalChange(0, new Digest(new byte[32]), RELAY, holders[1]));
        assertThat(WalConservation.residual(facts, changes)).isEqualTo(-leak);
    }

    private static ObjectFact mutated(String type, WalrusObject before, WalrusObject after) {
        return new ObjectFact(
                SuiAddress.parse("0x0b1"),
                2,
                Change.MUTATED,
                type,
                Optional.of(new ObjectState(1, new Owner.Shared(1), Optional.of(before), Bytes.EMPTY)),
                Optional.of(new ObjectState(2, new Owner.Shared(1), Optional.of(after), Bytes.EMPTY)),
                Optional.empty());
    }
}
