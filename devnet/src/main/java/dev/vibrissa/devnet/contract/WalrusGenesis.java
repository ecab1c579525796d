package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.Genesis;
import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.EmergencyUpgradeCap;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.ProtectedTreasury;
import dev.vibrissa.protocol.walrus.object.SlashingManager;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.Committee;
import dev.vibrissa.protocol.walrus.object.SubsidiesAdminCap;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlobCertificationState;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.UpgradeManager;
import dev.vibrissa.protocol.walrus.object.UpgradeManager.UpgradeCap;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidies;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The state that the contracts begin with, in Walrus epoch 0 and at version 3. */
public final class WalrusGenesis {
    /** FROST that will ever exist. */
    public static final long SUPPLY = 5_000_000_000L * 1_000_000_000;

    private static final long VERSION = 3;
    private static final long SUBSIDIES_VERSION = 2;
    private static final int MAX_CANDIDATES = 111;
    private static final Owner SHARED = new Owner.Shared(1);

    private final Genesis genesis;
    private final WalrusTypes types;
    private final WalrusNetworkIds ids;

    /**
     * What is settled for good.
     *
     * @param nShards shards of the network
     * @param start the time of genesis
     * @param epochZero how long candidates have to gather stake before the first committee
     * @param epochDuration least length of an epoch
     * @param maxEpochsAhead how far ahead storage can be bought
     * @param systemSubsidyRate basis points added to what users pay
     * @param baseSubsidy FROST per node and epoch
     * @param subsidyPerShard FROST per shard and epoch
     * @param foundation who begins with all WAL and the rights of an administrator
     */
    public record Settings(
            int nShards,
            Instant start,
            Duration epochZero,
            Duration epochDuration,
            int maxEpochsAhead,
            long systemSubsidyRate,
            long baseSubsidy,
            long subsidyPerShard,
            SuiAddress foundation) {}

    private record WalrusNetworkIds(
            SuiAddress system,
            SuiAddress staking,
            SuiAddress upgradeManager,
            SuiAddress slashingManager,
            SuiAddress treasury,
            SuiAddress subsidies) {}

    private WalrusGenesis(Genesis genesis, WalrusContracts contracts) {
        this.genesis = genesis;
        this.types = contracts.types();
        var objects = contracts.objects();
        this.ids = new WalrusNetworkIds(
                objects.system(),
                objects.staking(),
                objects.upgradeManager().orElseThrow(),
                objects.slashingManager().orElseThrow(),
                objects.treasury().orElseThrow(),
                objects.walrusSubsidies().orElseThrow());
    }

    /** Puts packages and objects into a genesis. */
    public static void create(Genesis genesis, WalrusContracts contracts, Settings settings) {
        contracts.publishIn(genesis);
        var walrus = new WalrusGenesis(genesis, contracts);
        walrus.system(settings);
        walrus.staking(settings);
        walrus.governance(settings);
        walrus.treasury(settings);
        walrus.subsidies(settings);
    }

    private void system(Settings settings) {
        SuiAddress denyListSizes = WalrusPackages.id("deny list sizes");
        var inner = new SystemStateInner(
                NodeCommittee.of(0, List.of()),
                0,
                0,
                0,
                0,
                RewardRing.empty(settings.maxEpochsAhead()),
                new EventBlobCertificationState(Optional.empty(), new LinkedHashMap<>()),
                denyListSizes);
        genesis.object(
                types.system,
                new WalrusSystem(ids.system, VERSION, types.packages.walrus3(), Optional.empty()),
                SHARED);
        field(ids.system, FieldKey.u64(VERSION), MoveType.U64, VERSION, types.systemInner, inner);
        extended(denyListSizes, types.denyListSizes, new LinkedHashMap<>());
    }

    private void staking(Settings settings) {
        SuiAddress activeSet = WalrusPackages.id("active set");
        SuiAddress nextKeys = WalrusPackages.id("next public keys");
        var nobody = new Committee(new LinkedHashMap<>());
        long start = settings.start().toEpochMilli();
        var inner = new StakingInner(
                settings.nShards(),
                settings.epochDuration().toMillis(),
                start + settings.epochZero().toMillis(),
                new MoveTable(WalrusPackages.id("pools"), 0),
                0,
                activeSet,
                Optional.empty(),
                nobody,
                nobody,
                Optional.empty(),
                new StakingInner.EpochState.EpochChangeDone(start),
                nextKeys);
        genesis.object(
                types.staking, new Staking(ids.staking, VERSION, types.packages.walrus3(), Optional.empty()), SHARED);
        field(ids.staking, FieldKey.u64(VERSION), MoveType.U64, VERSION, types.stakingInner, inner);
        extended(activeSet, types.activeSet, new ActiveSet(MAX_CANDIDATES, 0, List.of(), 0));
        extended(nextKeys, types.publicKeys, new LinkedHashMap<>());
    }

    private void governance(Settings settings) {
        var cap = new UpgradeCap(WalrusPackages.id("upgrade cap"), types.packages.walrus3(), VERSION, 0);
        genesis.object(
                types.upgradeManager,
                new UpgradeManager(ids.upgradeManager, cap, new MoveTable(WalrusPackages.id("upgrade proposals"), 0)),
                SHARED);
        genesis.object(
                types.emergencyUpgradeCap,
                new EmergencyUpgradeCap(WalrusPackages.id("emergency upgrade cap"), ids.upgradeManager),
                new Owner.AddressOwner(settings.foundation()));
        genesis.object(
                types.slashingManager,
                new SlashingManager(ids.slashingManager, new MoveTable(WalrusPackages.id("slashing candidates"), 0)),
                SHARED);
    }

    private void treasury(Settings settings) {
        var cap = new TreasuryCap(WalrusPackages.id("treasury cap"), SUPPLY);
        genesis.object(types.treasury, new ProtectedTreasury(ids.treasury), SHARED);
        FieldKey key =
                FieldKey.unit(types.packages.wal(), "wal", "TreasuryCapKey").wrapped();
        var wrapper = MoveType.struct(
                new StructTag(
                        Framework.PACKAGE, "dynamic_object_field", "Wrapper", List.of(types.treasuryCapKey.tag())),
                types.treasuryCapKey.decoder(),
                types.treasuryCapKey.encoder());
        field(ids.treasury, key, wrapper, UnitKey.UNIT, MoveType.ID, cap.id());
        genesis.object(types.treasuryCap, cap, new Owner.ObjectOwner(key.under(ids.treasury)));
        genesis.object(
                types.coin,
                new Coin(WalrusPackages.id("first coin"), SUPPLY),
                new Owner.AddressOwner(settings.foundation()));
    }

    private void subsidies(Settings settings) {
        genesis.object(
                types.subsidies,
                new WalrusSubsidies(ids.subsidies, SUBSIDIES_VERSION, types.packages.subsidies2()),
                SHARED);
        var inner = new WalrusSubsidiesInner(
                settings.systemSubsidyRate(),
                0,
                settings.baseSubsidy(),
                settings.subsidyPerShard(),
                0,
                Subsidies.emptyRing(settings.maxEpochsAhead()),
                0,
                new MoveTable(WalrusPackages.id("subsidies' extra fields"), 0));
        field(
                ids.subsidies,
                FieldKey.unit(types.packages.subsidies1(), "walrus_subsidies", "SubsidiesInnerKey"),
                types.subsidiesInnerKey,
                UnitKey.UNIT,
                types.subsidiesInner,
                inner);
        genesis.object(
                types.subsidiesAdminCap,
                new SubsidiesAdminCap(WalrusPackages.id("subsidies admin cap"), ids.subsidies),
                new Owner.AddressOwner(settings.foundation()));
    }

    private <V> void extended(SuiAddress id, MoveType<V> type, V value) {
        FieldKey key = FieldKey.unit(types.packages.walrus1(), "extended_field", "Key");
        field(id, key, types.extendedFieldKey, UnitKey.UNIT, type, value);
    }

    private <K, V> void field(
            SuiAddress parent, FieldKey key, MoveType<K> keyType, K name, MoveType<V> valueType, V value) {
        List<TypeTag> parameters = List.of(keyType.tag(), valueType.tag());
        MoveType<Field<K, V>> type = MoveType.struct(
                new StructTag(Framework.PACKAGE, "dynamic_field", "Field", parameters),
                in -> Field.decode(in, keyType.decoder(), valueType.decoder()),
                (out, field) -> field.encode(out, keyType.encoder(), valueType.encoder()),
                Ability.KEY);
        genesis.object(type, new Field<>(key.under(parent), name, value), new Owner.ObjectOwner(parent));
    }
}
