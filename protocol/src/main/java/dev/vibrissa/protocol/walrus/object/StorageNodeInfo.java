package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.util.Optional;

/**
 * How a storage node presents itself, and its keys.
 *
 * @param networkAddress host and port
 * @param publicKey BLS12-381 key in G1, uncompressed
 * @param nextEpochPublicKey the key it changes to
 * @param networkPublicKey secp256r1 key of its TLS certificate, compressed
 * @param metadata id of the field that holds the {@link NodeMetadata}
 * @see "Move: walrus::storage_node::StorageNodeInfo"
 */
public record StorageNodeInfo(
        String name,
        SuiAddress nodeId,
        String networkAddress,
        KeyBytes publicKey,
        Optional<KeyBytes> nextEpochPublicKey,
        KeyBytes networkPublicKey,
        SuiAddress metadata) {
    public static StorageNodeInfo decode(BcsReader in) {
        return new StorageNodeInfo(
                in.string(),
                SuiAddress.decode(in),
                in.string(),
                KeyBytes.decode(in, KeyBytes.G1_UNCOMPRESSED),
                in.option(each -> KeyBytes.decode(each, KeyBytes.G1_UNCOMPRESSED)),
                KeyBytes.decode(in, KeyBytes.NETWORK_KEY),
                SuiAddress.decode(in));
    }

    public void encode(BcsWriter out) {
        out.string(name);
        nodeId.encode(out);
        out.string(networkAddress);
        publicKey.encode(out);
        out.option(nextEpochPublicKey, (to, each) -> each.encode(to));
        networkPublicKey.encode(out);
        metadata.encode(out);
    }
}
