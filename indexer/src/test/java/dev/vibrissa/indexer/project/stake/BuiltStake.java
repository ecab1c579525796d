package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.NodeMetadata;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import dev.vibrissa.protocol.walrus.object.StakingPool.PoolState.Active;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap.EventBlobAttestation;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Transactions of other contracts, one a checkpoint: nothing shows but what became of objects. */
final class BuiltStake {
    static final SuiAddress NODE = SuiAddress.parse("0x1");
    static final SuiAddress METADATA = SuiAddress.parse("0x2");
    static final SuiAddress ANNE = SuiAddress.parse("0xa");
    static final SuiAddress BILL = SuiAddress.parse("0xb");
    static final SuiAddress STAKE = SuiAddress.parse("0x11");
    static final SuiAddress CAP = SuiAddress.parse("0x12");
    static final SuiAddress FIELD = SuiAddress.parse("0x13");
    static final SuiAddress VAULT = SuiAddress.parse("0x14");

    private final TestDatabase database;
    private long checkpoint;

    BuiltStake(TestDatabase database) {
        this.database = database;
    }

    /** A checkpoint in which a transaction does this. */
    void happens(ObjectFact... objects) throws Exception {
        happens(List.of(), objects);
    }

    /** The same, and the epoch begins. */
    void turns(long epoch, ObjectFact... objects) throws Exception {
        var start = new EpochChangeStart(epoch);
        happens(
                List.of(new EventFact(
                        0, 0, start.name(), SuiAddress.ZERO, "0x2::staking", Optional.of(start), Bytes.EMPTY)),
                objects);
    }

    private void happens(List<EventFact> events, ObjectFact... objects) throws Exception {
        checkpoint++;
        byte[] digest = new byte[32];
        digest[31] = (byte) checkpoint;
        var transaction = new TransactionFacts(
                0,
                new Digest(digest),
                ANNE,
                ANNE,
                Optional.empty(),
                List.of(),
                Bytes.EMPTY,
                Optional.empty(),
                events,
                List.of(objects),
                List.of(),
                false,
                new Part.Undecoded<>(Bytes.EMPTY, "of no interest"),
                Optional.empty());
        try (var db = database.connect()) {
            StakeProjection.fold(
                    db,
                    List.of(new CheckpointFacts(
                            checkpoint,
                            Instant.EPOCH,
                            PackageChain.none(),
                            PackageChain.none(),
                            1,
                            0,
                            List.of(transaction),
                            List.of(),
                            List.of(),
                            false,
                            List.of(),
                            List.of())));
        }
    }

    static StakedWal staked(long principal, long activation) {
        return new StakedWal(STAKE, new StakedWal.State.Staked(), NODE, principal, activation);
    }

    static StakedWal leaving(long principal, long activation, long withdraw) {
        return new StakedWal(STAKE, new StakedWal.State.Withdrawing(withdraw), NODE, principal, activation);
    }

    static StorageNodeCap cap(Optional<EventBlobAttestation> attested) {
        return new StorageNodeCap(CAP, NODE, 1, attested, BigInteger.ZERO, 0, 0);
    }

    static NodeMetadata metadata(Map<String, String> extra) {
        return new NodeMetadata("image", "project", "description", new LinkedHashMap<>(extra));
    }

    /** A pool in epoch {@code latest} with rewards to pay. */
    static StakingPool pool(long latest, long rewards, Authorized commissionReceiver) {
        return pool(latest, rewards, commissionReceiver, 0);
    }

    /** One with so many fields beside its own: the one that there may be holds the locked commission. */
    static StakingPool pool(long latest, long rewards, Authorized commissionReceiver, int fields) {
        var info = new StorageNodeInfo(
                "node",
                NODE,
                "node:1",
                new KeyBytes(new byte[KeyBytes.G1_UNCOMPRESSED]),
                Optional.empty(),
                new KeyBytes(new byte[KeyBytes.NETWORK_KEY]),
                METADATA);
        return new StakingPool(
                NODE,
                new Active(),
                new VotingParams(1, 1, 1),
                info,
                1,
                latest,
                0,
                0,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                0,
                new MoveTable(SuiAddress.parse("0x3"), 0),
                new LinkedHashMap<>(),
                rewards,
                0,
                commissionReceiver,
                commissionReceiver,
                new MoveTable(SuiAddress.parse("0x4"), fields));
    }

    static ObjectFact began(SuiAddress id, String type, WalrusObject object, Owner owner) {
        return fact(id, Change.CREATED, type, Optional.empty(), Optional.of(state(object, owner)));
    }

    static ObjectFact stayed(SuiAddress id, String type, WalrusObject before, WalrusObject after, Owner owner) {
        return fact(id, Change.MUTATED, type, Optional.of(state(before, owner)), Optional.of(state(after, owner)));
    }

    static ObjectFact unwrapped(WalrusObject object, Owner owner) {
        return fact(STAKE, Change.UNWRAPPED, Positions.TYPE, Optional.empty(), Optional.of(state(object, owner)));
    }

    static ObjectFact wrapped(WalrusObject object, Owner owner, SuiAddress into) {
        return new ObjectFact(
                STAKE,
                1,
                Change.WRAPPED,
                Positions.TYPE,
                Optional.of(state(object, owner)),
                Optional.empty(),
                Optional.of(into));
    }

    static ObjectFact ended(SuiAddress id, String type, WalrusObject object, Owner owner) {
        return fact(id, Change.DELETED, type, Optional.of(state(object, owner)), Optional.empty());
    }

    static Owner of(SuiAddress address) {
        return new Owner.AddressOwner(address);
    }

    static Owner inside(SuiAddress object) {
        return new Owner.ObjectOwner(object);
    }

    private static ObjectFact fact(
            SuiAddress id, Change change, String type, Optional<ObjectState> before, Optional<ObjectState> after) {
        return new ObjectFact(id, 1, change, type, before, after, Optional.empty());
    }

    private static ObjectState state(WalrusObject object, Owner owner) {
        return new ObjectState(1, owner, Optional.of(object), Bytes.EMPTY);
    }
}
