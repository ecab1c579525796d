package dev.vibrissa.protocol.walrus.eventblob;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The numbers under which event blobs know the kinds of events: a family, and a kind in it. */
final class Kinds {
    /** One kind of event; behind its two tags stands the Move event's own BCS. */
    record Kind(String name, Function<BcsReader, WalrusEvent> layout) {
        WalrusEvent read(BcsReader in) {
            return layout.apply(in);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** In the order of the tags, which may only grow. */
    static final List<List<Kind>> FAMILIES = List.of(
            family(
                    "BlobRegistered",
                    "BlobCertified",
                    "BlobDeleted",
                    "InvalidBlobID",
                    "DenyListBlobDeleted",
                    "PooledBlobRegistered",
                    "PooledBlobCertified",
                    "PooledBlobDeleted"),
            family(
                    "EpochParametersSelected",
                    "EpochChangeStart",
                    "EpochChangeDone",
                    "ShardsReceived",
                    "ShardRecoveryStart"),
            family("ContractUpgraded", "ContractUpgradeProposed", "ContractUpgradeQuorumReached"),
            family("RegisterDenyListUpdate", "DenyListUpdate"),
            family("ProtocolVersionUpdated", "PricesUpdated"),
            family("StoragePoolCreated", "StoragePoolExtended"));

    private Kinds() {}

    private static List<Kind> family(String... names) {
        return Stream.of(names)
                .map(name -> new Kind(name, WalrusEvent.layout(name).orElseThrow()))
                .toList();
    }

    static void writeTags(WalrusEvent event, BcsWriter out) {
        for (int family = 0; family < FAMILIES.size(); family++) {
            var kinds = FAMILIES.get(family);
            for (int kind = 0; kind < kinds.size(); kind++) {
                if (kinds.get(kind).name().equals(event.name())) {
                    out.uleb(family).uleb(kind);
                    return;
                }
            }
        }
        throw new IllegalArgumentException("event blobs have no kind " + event.name());
    }
}
