package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StoragePool;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The state of Walrus on a ledger, as its next transaction will find it. */
public record WalrusState(Ledger ledger, WalrusContracts contracts) {
    public WalrusSystem system() {
        return object(contracts.types().system, contracts.objects().system());
    }

    /** The package version in force, which calls have to name. */
    public SuiAddress packageId() {
        return system().packageId();
    }

    /** Writes calls of the version in force. */
    public WalrusCalls calls(Ptb ptb) {
        return new WalrusCalls(ptb, contracts, packageId());
    }

    public SystemStateInner systemInner() {
        return value(
                contracts.objects().system(),
                FieldKey.u64(system().version()),
                MoveType.U64,
                contracts.types().systemInner);
    }

    public StakingInner stakingInner() {
        return value(
                contracts.objects().staking(),
                FieldKey.u64(system().version()), // the two migrate together
                MoveType.U64,
                contracts.types().stakingInner);
    }

    public StakingPool pool(SuiAddress nodeId) {
        return object(contracts.types().stakingPool, nodeId);
    }

    public ActiveSet activeSet() {
        WalrusTypes types = contracts.types();
        return value(
                stakingInner().activeSet(),
                FieldKey.unit(types.packages.walrus1(), "extended_field", "Key"),
                types.extendedFieldKey,
                types.activeSet);
    }

    public StoragePoolInner storagePool(StoragePool pool) {
        return value(pool.id(), FieldKey.u64(pool.version()), MoveType.U64, contracts.types().storagePoolInner);
    }

    /** By blob id. */
    public List<PooledBlob> blobsIn(StoragePool pool) {
        return fieldsOf(storagePool(pool).blobs().id())
                .flatMap(wrapper -> fieldsOf(wrapper.id()))
                .map(blob -> object(contracts.types().pooledBlob, blob.id()))
                .sorted(Comparator.comparing(blob -> blob.blobId().toString()))
                .toList();
    }

    private Stream<SuiObject> fieldsOf(SuiAddress parent) {
        return ledger.currentOwnedBy(new Owner.ObjectOwner(parent)).stream();
    }

    public WalrusSubsidiesInner subsidies() {
        WalrusTypes types = contracts.types();
        return this.<UnitKey, WalrusSubsidiesInner>value(
                contracts.objects().walrusSubsidies().orElseThrow(),
                FieldKey.unit(types.packages.subsidies1(), "walrus_subsidies", "SubsidiesInnerKey"),
                types.subsidiesInnerKey,
                types.subsidiesInner);
    }

    public TreasuryCap treasuryCap() {
        WalrusTypes types = contracts.types();
        FieldKey key =
                FieldKey.unit(types.packages.wal(), "wal", "TreasuryCapKey").wrapped();
        SuiAddress cap = this.<UnitKey, SuiAddress>value(
                contracts.objects().treasury().orElseThrow(), key, types.treasuryCapKey, MoveType.ID);
        return object(types.treasuryCap, cap);
    }

    /**
     * An object in its current version.
     *
     * @throws IllegalStateException if there is none of this type
     */
    public <T> T object(MoveType<T> type, SuiAddress id) {
        return type.decode(contents(id));
    }

    private <K, V> V value(SuiAddress parent, FieldKey key, MoveType<K> keyType, MoveType<V> valueType) {
        Field<K, V> field = BcsReader.decode(
                contents(key.under(parent)), in -> Field.decode(in, keyType.decoder(), valueType.decoder()));
        return field.value();
    }

    private Bytes contents(SuiAddress id) {
        return ledger.current(id)
                .map(SuiObject::data)
                .filter(SuiObject.Move.class::isInstance)
                .map(SuiObject.Move.class::cast)
                .orElseThrow(() -> new IllegalStateException("there is no object %s".formatted(id)))
                .contents();
    }
}
