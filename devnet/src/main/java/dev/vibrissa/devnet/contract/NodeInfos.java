package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a storage node tells about itself, changed in one point.
 *
 * @see "Move: walrus::storage_node, walrus::staking_pool"
 */
final class NodeInfos {
    private static final int MAX_NAME_BYTES = 100;
    private static final int MAX_ADDRESS_BYTES = 259;

    private NodeInfos() {}

    static StorageNodeInfo named(StorageNodeInfo node, String name) {
        checkName(name, "set_name");
        return new StorageNodeInfo(
                name,
                node.nodeId(),
                node.networkAddress(),
                node.publicKey(),
                node.nextEpochPublicKey(),
                node.networkPublicKey(),
                node.metadata());
    }

    static StorageNodeInfo at(StorageNodeInfo node, String networkAddress) {
        checkAddress(networkAddress, "set_network_address");
        return new StorageNodeInfo(
                node.name(),
                node.nodeId(),
                networkAddress,
                node.publicKey(),
                node.nextEpochPublicKey(),
                node.networkPublicKey(),
                node.metadata());
    }

    static StorageNodeInfo withNetworkKey(StorageNodeInfo node, byte[] key) {
        return new StorageNodeInfo(
                node.name(),
                node.nodeId(),
                node.networkAddress(),
                node.publicKey(),
                node.nextEpochPublicKey(),
                networkKey(key, "set_network_public_key"),
                node.metadata());
    }

    /** @param key that the node uses from the next epoch on for which it is in the committee */
    static StorageNodeInfo withNextKey(StorageNodeInfo node, KeyBytes key) {
        return keyed(node, node.publicKey(), Optional.of(key));
    }

    /** The node once its next key is in use. */
    static StorageNodeInfo rotated(StorageNodeInfo node) {
        return keyed(node, nextKey(node), Optional.empty());
    }

    /** The key with which the node goes into the next epoch. */
    static KeyBytes nextKey(StorageNodeInfo node) {
        return node.nextEpochPublicKey().orElse(node.publicKey());
    }

    private static StorageNodeInfo keyed(StorageNodeInfo node, KeyBytes key, Optional<KeyBytes> next) {
        return new StorageNodeInfo(
                node.name(), node.nodeId(), node.networkAddress(), key, next, node.networkPublicKey(), node.metadata());
    }

    static void checkName(String name, String function) {
        Abort.unless(bytes(name) <= MAX_NAME_BYTES, "staking_pool", function, 17);
    }

    static void checkAddress(String networkAddress, String function) {
        Abort.unless(bytes(networkAddress) <= MAX_ADDRESS_BYTES, "staking_pool", function, 16);
    }

    static KeyBytes networkKey(byte[] key, String function) {
        Abort.unless(key.length == KeyBytes.NETWORK_KEY, "storage_node", function, 0);
        return new KeyBytes(key);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
