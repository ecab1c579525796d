package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import java.util.Map;
import java.util.function.Function;

/** How each event is read, by the name of its Move struct. */
final class EventLayouts {
    static final Map<String, Function<BcsReader, WalrusEvent>> BY_NAME = Map.ofEntries(
            Map.entry("BlobRegistered", BlobEvent.BlobRegistered::decode),
            Map.entry("BlobCertified", BlobEvent.BlobCertified::decode),
            Map.entry("BlobDeleted", BlobEvent.BlobDeleted::decode),
            Map.entry("InvalidBlobID", BlobEvent.InvalidBlobID::decode),
            Map.entry("DenyListBlobDeleted", BlobEvent.DenyListBlobDeleted::decode),
            Map.entry("PooledBlobRegistered", BlobEvent.PooledBlobRegistered::decode),
            Map.entry("PooledBlobCertified", BlobEvent.PooledBlobCertified::decode),
            Map.entry("PooledBlobDeleted", BlobEvent.PooledBlobDeleted::decode),
            Map.entry("StoragePoolCreated", StoragePoolEvent.StoragePoolCreated::decode),
            Map.entry("StoragePoolExtended", StoragePoolEvent.StoragePoolExtended::decode),
            Map.entry("EpochParametersSelected", EpochEvent.EpochParametersSelected::decode),
            Map.entry("EpochChangeStart", EpochEvent.EpochChangeStart::decode),
            Map.entry("EpochChangeDone", EpochEvent.EpochChangeDone::decode),
            Map.entry("ShardsReceived", EpochEvent.ShardsReceived::decode),
            Map.entry("ShardRecoveryStart", EpochEvent.ShardRecoveryStart::decode),
            Map.entry("ContractUpgradeProposed", PackageEvent.ContractUpgradeProposed::decode),
            Map.entry("ContractUpgradeQuorumReached", PackageEvent.ContractUpgradeQuorumReached::decode),
            Map.entry("ContractUpgraded", PackageEvent.ContractUpgraded::decode),
            Map.entry("ProtocolVersionUpdated", ProtocolEvent.ProtocolVersionUpdated::decode),
            Map.entry("PricesUpdated", ProtocolEvent.PricesUpdated::decode),
            Map.entry("RegisterDenyListUpdate", DenyListEvent.RegisterDenyListUpdate::decode),
            Map.entry("DenyListUpdate", DenyListEvent.DenyListUpdate::decode));

    private EventLayouts() {}
}
