package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.node.CommitteeCertificate;
import dev.vibrissa.devnet.node.EncodedBlob;
import dev.vibrissa.devnet.node.Fault;
import dev.vibrissa.devnet.node.SimulatedNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The storage nodes as those see them who write blobs. */
public final class Fleet {
    private final Map<SuiAddress, SimulatedNode> nodes = new LinkedHashMap<>();

    /** A node that is on the chain. */
    public void add(SuiAddress nodeId, SimulatedNode node) {
        nodes.put(nodeId, node);
    }

    Optional<SimulatedNode> node(SuiAddress nodeId) {
        return Optional.ofNullable(nodes.get(nodeId));
    }

    public Collection<SimulatedNode> nodes() {
        return nodes.values();
    }

    static boolean isDown(SimulatedNode node) {
        return node.faults().contains(new Fault.Down());
    }

    /** Hands a blob to all nodes that are up. */
    void store(EncodedBlob blob) {
        for (SimulatedNode node : nodes.values()) {
            if (!isDown(node)) {
                node.store(blob);
            }
        }
    }

    /** What a quorum of the committee signs; empty if too few do. */
    Optional<CommitteeCertificate> certify(BlsCommittee committee, BlobStored statement) {
        var signatures = new HashMap<SuiAddress, Bytes>();
        nodes.forEach((nodeId, node) -> node.sign(statement).ifPresent(signature -> signatures.put(nodeId, signature)));
        return CommitteeCertificate.of(
                committee, CommitteeCertificate.Threshold.QUORUM, statement.encode(), signatures);
    }
}
