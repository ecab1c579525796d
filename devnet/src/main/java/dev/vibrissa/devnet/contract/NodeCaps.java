package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.walrus.CertificateMessage.DenyListUpdated;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap.EventBlobAttestation;
import java.util.Optional;

/** An operator's cap, changed in one point. */
final class NodeCaps {
    private NodeCaps() {}

    static StorageNodeCap synced(StorageNodeCap cap, long epoch) {
        return new StorageNodeCap(
                cap.id(),
                cap.nodeId(),
                epoch,
                cap.lastEventBlobAttestation(),
                cap.denyListRoot(),
                cap.denyListSequence(),
                cap.denyListSize());
    }

    static StorageNodeCap attested(StorageNodeCap cap, EventBlobAttestation attestation) {
        return new StorageNodeCap(
                cap.id(),
                cap.nodeId(),
                cap.lastEpochSyncDone(),
                Optional.of(attestation),
                cap.denyListRoot(),
                cap.denyListSequence(),
                cap.denyListSize());
    }

    static StorageNodeCap denying(StorageNodeCap cap, DenyListUpdated list) {
        return new StorageNodeCap(
                cap.id(),
                cap.nodeId(),
                cap.lastEpochSyncDone(),
                cap.lastEventBlobAttestation(),
                list.root(),
                list.sequenceNumber(),
                list.sizeBytes());
    }
}
