package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import java.util.Optional;

/**
 * A storage node as the chain tells of it. Its operator wrote address and keys, which are taken as they are and judged
 * when they are used.
 *
 * @param networkAddress host, or host and port
 * @param networkKey compressed P-256 key that its TLS certificate must have; empty on a network without: then a
 *     certificate for the host name by an authority of the Web is due
 * @param signingKey BLS12-381 key in G1, compressed or not
 */
public record StorageNode(SuiAddress id, String networkAddress, Optional<KeyBytes> networkKey, KeyBytes signingKey) {
    /** The node, bound to its network key. */
    public static StorageNode of(StorageNodeInfo info) {
        return new StorageNode(
                info.nodeId(), info.networkAddress(), Optional.of(info.networkPublicKey()), info.publicKey());
    }
}
