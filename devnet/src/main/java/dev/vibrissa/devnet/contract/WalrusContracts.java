package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.Genesis;
import dev.vibrissa.devnet.ledger.ModuleCode;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.WalrusNetwork.SharedObjects;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The contracts on one network: what can be called, what is there at genesis, and where it all is. Package ids and shared
 * objects have ids of our own, the same on every devnet.
 */
public final class WalrusContracts {
    private static final SharedObjects OBJECTS = new SharedObjects(
            WalrusPackages.id("system"),
            WalrusPackages.id("staking"),
            Optional.of(WalrusPackages.id("upgrade manager")),
            Optional.of(WalrusPackages.id("slashing manager")),
            Optional.of(WalrusPackages.id("treasury")),
            Optional.of(WalrusPackages.id("walrus subsidies")),
            List.of(),
            List.of());

    private final WalrusTypes types;
    private final SharedObjects objects;

    private WalrusContracts(WalrusPackages packages, SharedObjects objects) {
        this.types = new WalrusTypes(packages);
        this.objects = objects;
    }

    public static WalrusContracts devnet() {
        return new WalrusContracts(WalrusPackages.DEVNET, OBJECTS);
    }

    /** The contracts under the ids of another network that is at version 3 of Walrus. */
    public static WalrusContracts of(WalrusNetwork network) {
        return new WalrusContracts(WalrusPackages.of(network), network.objects());
    }

    public WalrusTypes types() {
        return types;
    }

    public SharedObjects objects() {
        return objects;
    }

    /** Where this Walrus is, for those who read the chain. Upgrades are theirs to follow. */
    public WalrusNetwork network(String name, Digest chainId) {
        WalrusPackages packages = types.packages;
        return new WalrusNetwork(
                name,
                Optional.of(chainId),
                chain(packages.walrus1(), packages.walrus2(), packages.walrus3()),
                chain(packages.wal()),
                chain(packages.subsidies1(), packages.subsidies2()),
                PackageChain.none(),
                PackageChain.none(),
                PackageChain.none(),
                objects);
    }

    private static PackageChain chain(SuiAddress... ids) {
        var versions = new TreeMap<Long, SuiAddress>();
        for (SuiAddress id : ids) {
            versions.put(versions.size() + 1L, id);
        }
        return new PackageChain(versions);
    }

    /** Makes the functions callable. */
    public WalrusContracts addTo(MoveModules modules) {
        CoinFunctions.addTo(modules);
        StorageFunctions.addTo(modules, types);
        BlobFunctions.addTo(modules, types);
        BlobMetadata.addTo(modules, types);
        PoolFunctions.addTo(modules, types);
        EventBlobFunctions.addTo(modules, types);
        CommitteeFunctions.addTo(modules, types);
        StakingFunctions.addTo(modules, types);
        NodeFunctions.addTo(modules, types);
        EpochFunctions.addTo(modules, types);
        SlashingFunctions.addTo(modules, types);
        UpgradeFunctions.addTo(modules, types);
        TreasuryFunctions.addTo(modules, types);
        SubsidyFunctions.addTo(modules, types);
        return this;
    }

    /** Puts the packages into a genesis. */
    public WalrusContracts publishIn(Genesis genesis) {
        WalrusPackages packages = types.packages;
        genesis.packageAt(packages.wal(), array(WalrusCode.wal()))
                .packageAt(packages.walrus1(), array(WalrusCode.walrus(1)))
                .nextPackageAt(packages.walrus2(), packages.walrus1(), array(WalrusCode.walrus(2)))
                .nextPackageAt(packages.walrus3(), packages.walrus2(), array(WalrusCode.walrus(3)))
                .packageAt(packages.subsidies1(), array(WalrusCode.subsidies(1)))
                .nextPackageAt(packages.subsidies2(), packages.subsidies1(), array(WalrusCode.subsidies(2)));
        return this;
    }

    /** The code of version 4: {@code system::record_audit}, and an event that nobody has heard of. */
    public static List<ModuleCode> nextVersion() {
        return WalrusCode.walrus(4);
    }

    /** The version of Walrus that is in force at genesis. */
    public SuiAddress firstPackageId() {
        return types.packages.walrus3();
    }

    private static ModuleCode[] array(List<ModuleCode> modules) {
        return modules.toArray(ModuleCode[]::new);
    }
}
