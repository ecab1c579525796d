package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.EmergencyUpgradeCap;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.Metadata;
import dev.vibrissa.protocol.walrus.object.NodeMetadata;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.ProtectedTreasury;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.SlashingManager;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StoragePool;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import dev.vibrissa.protocol.walrus.object.SubsidiesAdminCap;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.UpgradeManager;
import dev.vibrissa.protocol.walrus.object.UpgradeProposal;
import dev.vibrissa.protocol.walrus.object.VecMap;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidies;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** The Move types of Walrus, of its coin and its subsidies, under the ids of the packages that introduced them. */
public final class WalrusTypes {
    private static final Ability[] OBJECT = {Ability.KEY, Ability.STORE};
    private static final Ability[] SHARED_ONLY = {Ability.KEY};
    private static final Ability[] VALUE = {Ability.COPY, Ability.DROP, Ability.STORE};

    /** A blob id where Move has a {@code u256}. */
    static final MoveType<BlobId> BLOB_ID =
            new MoveType<>(TypeTag.Primitive.U256, Set.of(VALUE), BlobId::decode, (out, blobId) -> blobId.encode(out));

    final WalrusPackages packages;
    public final MoveType<Coin> coin;
    /** WAL that is no object. */
    final MoveType<Long> balance;

    public final MoveType<Storage> storage;
    public final MoveType<Blob> blob;
    public final MoveType<SharedBlob> sharedBlob;
    public final MoveType<Metadata> metadata;
    public final MoveType<StoragePool> storagePool;
    public final MoveType<PooledBlob> pooledBlob;
    public final MoveType<StorageNodeCap> nodeCap;
    public final MoveType<NodeMetadata> nodeMetadata;
    public final MoveType<StakedWal> stakedWal;
    public final MoveType<EmergencyUpgradeCap> emergencyUpgradeCap;
    public final MoveType<SubsidiesAdminCap> subsidiesAdminCap;
    final MoveType<StoragePoolInner> storagePoolInner;
    final MoveType<WalrusSystem> system;
    final MoveType<SystemStateInner> systemInner;
    final MoveType<SequencedMap<SuiAddress, Long>> denyListSizes;
    final MoveType<Staking> staking;
    final MoveType<StakingInner> stakingInner;
    final MoveType<ActiveSet> activeSet;
    final MoveType<SequencedMap<SuiAddress, KeyBytes>> publicKeys;
    final MoveType<StakingPool> stakingPool;
    final MoveType<PoolExchangeRate> exchangeRate;
    final MoveType<Authorized> authorized;
    /** Who is meant is written like who is allowed: a variant and an id. */
    final MoveType<Authorized> authenticated;

    public final MoveType<UpgradeManager> upgradeManager;
    final MoveType<UpgradeProposal> upgradeProposal;
    final MoveType<Digest> packageDigest;
    final MoveType<SlashingManager> slashingManager;
    final MoveType<SlashingProposal> slashingProposal;
    final MoveType<ProtectedTreasury> treasury;
    final MoveType<TreasuryCap> treasuryCap;
    public final MoveType<WalrusSubsidies> subsidies;
    final MoveType<WalrusSubsidiesInner> subsidiesInner;
    final MoveType<UnitKey> extendedFieldKey;
    final MoveType<UnitKey> blockedCommissionKey;
    final MoveType<UnitKey> treasuryCapKey;
    final MoveType<UnitKey> subsidiesInnerKey;

    WalrusTypes(WalrusPackages packages) {
        this.packages = packages;
        coin = Framework.coin(packages.walType());
        balance = CoinFunctions.balance(packages.walType());
        storage = object(packages.since1("storage_resource", "Storage"), Storage::decode, OBJECT);
        blob = object(packages.since1("blob", "Blob"), Blob::decode, OBJECT);
        sharedBlob = object(packages.since1("shared_blob", "SharedBlob"), SharedBlob::decode, OBJECT);
        metadata = object(packages.since1("metadata", "Metadata"), Metadata::decode, Ability.DROP, Ability.STORE);
        storagePool = object(packages.since3("storage_pool", "StoragePool"), StoragePool::decode, OBJECT);
        pooledBlob = object(packages.since3("storage_pool", "PooledBlob"), PooledBlob::decode, OBJECT);
        nodeCap = object(packages.since1("storage_node", "StorageNodeCap"), StorageNodeCap::decode, OBJECT);
        nodeMetadata = object(packages.since1("node_metadata", "NodeMetadata"), NodeMetadata::decode, VALUE);
        stakedWal = object(packages.since1("staked_wal", "StakedWal"), StakedWal::decode, OBJECT);
        emergencyUpgradeCap =
                object(packages.since1("upgrade", "EmergencyUpgradeCap"), EmergencyUpgradeCap::decode, OBJECT);
        storagePoolInner =
                object(packages.since3("storage_pool", "StoragePoolInnerV1"), StoragePoolInner::decode, Ability.STORE);
        system = object(packages.since1("system", "System"), WalrusSystem::decode, SHARED_ONLY);
        systemInner = object(
                packages.since1("system_state_inner", "SystemStateInnerV1"), SystemStateInner::decode, Ability.STORE);
        staking = object(packages.since1("staking", "Staking"), Staking::decode, SHARED_ONLY);
        stakingInner = object(packages.since1("staking_inner", "StakingInnerV1"), StakingInner::decode, Ability.STORE);
        activeSet = object(packages.since1("active_set", "ActiveSet"), ActiveSet::decode, VALUE);
        stakingPool = object(packages.since1("staking_pool", "StakingPool"), StakingPool::decode, OBJECT);
        exchangeRate =
                object(packages.since1("pool_exchange_rate", "PoolExchangeRate"), PoolExchangeRate::decode, VALUE);
        authorized = MoveType.struct(
                packages.since1("auth", "Authorized"), Authorized::decode, (out, who) -> who.encode(out), VALUE);
        authenticated = MoveType.struct(
                packages.since1("auth", "Authenticated"),
                Authorized::decode,
                (out, who) -> who.encode(out),
                Ability.DROP);
        denyListSizes = MoveType.struct(
                vecMap(MoveType.ID.tag(), TypeTag.Primitive.U64),
                in -> VecMap.decode(in, SuiAddress::decode, BcsReader::u64),
                (out, map) -> VecMap.encode(out, map, (to, id) -> id.encode(to), (to, size) -> to.u64(size)),
                VALUE);
        publicKeys = MoveType.struct(
                vecMap(MoveType.ID.tag(), uncompressedKey()),
                in -> VecMap.decode(in, SuiAddress::decode, each -> KeyBytes.decode(each, KeyBytes.G1_UNCOMPRESSED)),
                (out, map) -> VecMap.encode(out, map, (to, id) -> id.encode(to), (to, key) -> key.encode(to)),
                VALUE);
        upgradeManager = object(packages.since1("upgrade", "UpgradeManager"), UpgradeManager::decode, SHARED_ONLY);
        upgradeProposal = object(
                packages.since1("upgrade", "UpgradeProposal"), UpgradeProposal::decode, Ability.DROP, Ability.STORE);
        packageDigest = MoveType.struct(
                packages.since1("upgrade", "PackageDigest"),
                Digest::decode,
                (out, digest) -> digest.encodeWithLength(out),
                VALUE);
        slashingManager = object(packages.since3("slashing", "SlashingManager"), SlashingManager::decode, SHARED_ONLY);
        slashingProposal = object(
                packages.since3("slashing", "SlashingProposal"), SlashingProposal::decode, Ability.DROP, Ability.STORE);
        treasury = object(
                new StructTag(packages.wal(), "wal", "ProtectedTreasury"), ProtectedTreasury::decode, SHARED_ONLY);
        treasuryCap = object(
                new StructTag(Framework.PACKAGE, "coin", "TreasuryCap", List.of(packages.walType())),
                TreasuryCap::decode,
                OBJECT);
        subsidies = object(
                new StructTag(packages.subsidies1(), "walrus_subsidies", "WalrusSubsidies"),
                WalrusSubsidies::decode,
                SHARED_ONLY);
        subsidiesInner = object(
                new StructTag(packages.subsidies1(), "walrus_subsidies_inner", "WalrusSubsidiesInnerV1"),
                WalrusSubsidiesInner::decode,
                Ability.STORE);
        subsidiesAdminCap = object(
                new StructTag(packages.subsidies1(), "walrus_subsidies", "AdminCap"),
                SubsidiesAdminCap::decode,
                OBJECT);
        extendedFieldKey = key(packages.since1("extended_field", "Key"));
        blockedCommissionKey = key(packages.since3("staking_pool", "NewEpochCommissionBlockedForCollection"));
        treasuryCapKey = key(new StructTag(packages.wal(), "wal", "TreasuryCapKey"));
        subsidiesInnerKey = key(new StructTag(packages.subsidies1(), "walrus_subsidies", "SubsidiesInnerKey"));
    }

    private static <T extends WalrusObject> MoveType<T> object(
            StructTag tag, Function<BcsReader, T> decoder, Ability... abilities) {
        return MoveType.struct(tag, decoder, (out, object) -> object.encode(out), abilities);
    }

    private static MoveType<UnitKey> key(StructTag tag) {
        return MoveType.struct(tag, UnitKey::decode, (out, key) -> key.encode(out), VALUE);
    }

    private static StructTag vecMap(TypeTag key, TypeTag value) {
        return new StructTag(Framework.PACKAGE, "vec_map", "VecMap", List.of(key, value));
    }

    private static TypeTag uncompressedKey() {
        var curve = new TypeTag.Struct(new StructTag(Framework.PACKAGE, "bls12381", "UncompressedG1"));
        return new TypeTag.Struct(new StructTag(Framework.PACKAGE, "group_ops", "Element", List.of(curve)));
    }

    /** The type of an event: its package is that which introduced it. */
    StructTag event(String name) {
        SuiAddress address = switch (name) {
            case "PricesUpdated",
                    "StoragePoolCreated",
                    "StoragePoolExtended",
                    "PooledBlobRegistered",
                    "PooledBlobCertified",
                    "PooledBlobDeleted" -> packages.walrus3();
            case "ProtocolVersionUpdated" -> packages.walrus2();
            default -> packages.walrus1();
        };
        return new StructTag(address, "events", name);
    }
}
