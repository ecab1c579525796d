package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How each type is read, by Move module and struct. */
final class ObjectLayouts {
    static final Map<String, Function<BcsReader, ? extends WalrusObject>> BY_TYPE = Map.ofEntries(
            Map.entry("storage_resource::Storage", Storage::decode),
            Map.entry("blob::Blob", Blob::decode),
            Map.entry("shared_blob::SharedBlob", SharedBlob::decode),
            Map.entry("metadata::Metadata", Metadata::decode),
            Map.entry("storage_pool::StoragePool", StoragePool::decode),
            Map.entry("storage_pool::StoragePoolInnerV1", StoragePoolInner::decode),
            Map.entry("storage_pool::PooledBlob", PooledBlob::decode),
            Map.entry("system::System", WalrusSystem::decode),
            Map.entry("system_state_inner::SystemStateInnerV1", SystemStateInner::decode),
            Map.entry("staking::Staking", Staking::decode),
            Map.entry("staking_inner::StakingInnerV1", StakingInner::decode),
            Map.entry("active_set::ActiveSet", ActiveSet::decode),
            Map.entry("staking_pool::StakingPool", StakingPool::decode),
            Map.entry("pool_exchange_rate::PoolExchangeRate", PoolExchangeRate::decode),
            Map.entry("node_metadata::NodeMetadata", NodeMetadata::decode),
            Map.entry("storage_node::StorageNodeCap", StorageNodeCap::decode),
            Map.entry("staked_wal::StakedWal", StakedWal::decode),
            Map.entry("upgrade::UpgradeManager", UpgradeManager::decode),
            Map.entry("upgrade::UpgradeProposal", UpgradeProposal::decode),
            Map.entry("upgrade::EmergencyUpgradeCap", EmergencyUpgradeCap::decode),
            Map.entry("slashing::SlashingManager", SlashingManager::decode),
            Map.entry("slashing::SlashingProposal", SlashingProposal::decode),
            Map.entry("walrus_subsidies::WalrusSubsidies", WalrusSubsidies::decode),
            Map.entry("walrus_subsidies_inner::WalrusSubsidiesInnerV1", WalrusSubsidiesInner::decode),
            Map.entry("walrus_subsidies::AdminCap", SubsidiesAdminCap::decode),
            Map.entry("subsidies::Subsidies", Subsidies::decode),
            Map.entry("wal_exchange::Exchange", Exchange::decode),
            Map.entry("coin::TreasuryCap", TreasuryCap::decode),
            Map.entry("wal::ProtectedTreasury", ProtectedTreasury::decode),
            Map.entry("site::Site", Site::decode),
            Map.entry("site::Resource", SiteResource::decode));

    /** The same, by module and then by struct: looked up without gluing the two together. */
    private static final Map<String, Map<String, Function<BcsReader, ? extends WalrusObject>>> BY_MODULE = byModule();

    private ObjectLayouts() {}

    static Optional<Function<BcsReader, ? extends WalrusObject>> find(String module, String name) {
        return Optional.ofNullable(BY_MODULE.getOrDefault(module, Map.of()).get(name));
    }

    private static Map<String, Map<String, Function<BcsReader, ? extends WalrusObject>>> byModule() {
        var modules = new HashMap<String, Map<String, Function<BcsReader, ? extends WalrusObject>>>();
        BY_TYPE.forEach((type, layout) -> {
            int separator = type.indexOf("::");
            modules.computeIfAbsent(type.substring(0, separator), _ -> new HashMap<>())
                    .put(type.substring(separator + 2), layout);
        });
        return modules;
    }
}
