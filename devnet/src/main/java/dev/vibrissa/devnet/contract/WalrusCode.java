package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.ModuleCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The modules of the packages with the types that each version declares. */
final class WalrusCode {
    private static final Map<String, List<String>> VERSION_1 = Map.ofEntries(
            types("active_set", "ActiveSet", "ActiveSetEntry"),
            types("auth", "Authenticated", "Authorized"),
            types("blob", "Blob", "BlobIdDerivation"),
            types("bls_aggregate", "BlsCommittee", "BlsCommitteeMember", "RequiredWeight"),
            types("committee", "Committee"),
            types("epoch_parameters", "EpochParams"),
            types("event_blob", "EventBlob", "EventBlobAttestation", "EventBlobCertificationState"),
            types(
                    "events",
                    "BlobRegistered",
                    "BlobCertified",
                    "BlobDeleted",
                    "InvalidBlobID",
                    "EpochChangeStart",
                    "EpochChangeDone",
                    "ShardsReceived",
                    "EpochParametersSelected",
                    "ShardRecoveryStart",
                    "ContractUpgraded",
                    "RegisterDenyListUpdate",
                    "DenyListUpdate",
                    "DenyListBlobDeleted",
                    "ContractUpgradeProposed",
                    "ContractUpgradeQuorumReached"),
            types("extended_field", "ExtendedField", "Key"),
            types("init", "INIT", "InitCap"),
            types("metadata", "Metadata"),
            types("node_metadata", "NodeMetadata"),
            types("pending_values", "PendingValues"),
            types("pool_exchange_rate", "PoolExchangeRate"),
            types("shared_blob", "SharedBlob"),
            types("staked_wal", "StakedWal", "StakedWalState"),
            types("staking", "Staking"),
            types("staking_inner", "StakingInnerV1", "EpochState"),
            types("staking_pool", "StakingPool", "PoolState", "VotingParams"),
            types("storage_accounting", "FutureAccounting", "FutureAccountingRingBuffer"),
            types("storage_node", "StorageNodeCap", "StorageNodeInfo"),
            types("storage_resource", "Storage"),
            types("system", "System"),
            types("system_state_inner", "SystemStateInnerV1"),
            types("upgrade", "EmergencyUpgradeCap", "PackageDigest", "UpgradeManager", "UpgradeProposal"));

    private static final Map<String, List<String>> NEW_IN_2 = Map.ofEntries(types("events", "ProtocolVersionUpdated"));

    private static final Map<String, List<String>> NEW_IN_3 = Map.ofEntries(
            types(
                    "events",
                    "PricesUpdated",
                    "StoragePoolCreated",
                    "StoragePoolExtended",
                    "PooledBlobRegistered",
                    "PooledBlobCertified",
                    "PooledBlobDeleted"),
            types("slashing", "SlashingManager", "SlashingProposal"),
            types("staking_pool", "NewEpochCommissionBlockedForCollection"),
            types("storage_pool", "StoragePool", "StoragePoolInnerV1", "PooledBlob"));

    /** Of version 4, which is ours: an event that no indexer can know. */
    private static final Map<String, List<String>> NEW_IN_4 = Map.ofEntries(types("events", "ShardAuditRecorded"));

    private static final Map<String, List<String>> SUBSIDIES_1 = Map.ofEntries(
            types("walrus_subsidies", "AdminCap", "SubsidiesInnerKey", "V1", "WalrusSubsidies"),
            types("walrus_subsidies_inner", "WalrusSubsidiesInnerV1"),
            types("epoch_balance", "EpochBalance", "EpochBalanceRingBuffer"));

    private static final Map<String, List<String>> SUBSIDIES_NEW_IN_2 = Map.ofEntries(types("walrus_subsidies", "V2"));

    private WalrusCode() {}

    /** @param version 1 to 4 */
    static List<ModuleCode> walrus(int version) {
        return modules(List.of(VERSION_1, NEW_IN_2, NEW_IN_3, NEW_IN_4).subList(0, version));
    }

    /** @param version 1 or 2 */
    static List<ModuleCode> subsidies(int version) {
        return modules(List.of(SUBSIDIES_1, SUBSIDIES_NEW_IN_2).subList(0, version));
    }

    static List<ModuleCode> wal() {
        return List.of(new ModuleCode("wal", "WAL", "ProtectedTreasury", "TreasuryCapKey"));
    }

    private static Map.Entry<String, List<String>> types(String module, String... types) {
        return Map.entry(module, Arrays.asList(types));
    }

    private static List<ModuleCode> modules(List<Map<String, List<String>>> versions) {
        var types = new LinkedHashMap<String, List<String>>();
        versions.forEach(version -> version.forEach((module, added) -> types.merge(
                module,
                added,
                (before, more) -> Stream.concat(before.stream(), more.stream()).toList())));
        var modules = new ArrayList<ModuleCode>();
        types.keySet().stream()
                .sorted()
                .forEach(name -> modules.add(
                        new ModuleCode(name, types.getOrDefault(name, List.of()).toArray(String[]::new))));
        return modules;
    }
}
