package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import java.nio.charset.StandardCharsets;
import java.util.List;
import supranational.blst.P1;
import supranational.blst.P2;
import supranational.blst.SecretKey;

/**
 * Somebody with a storage node: an account and the node's BLS key.
 *
 * @param nodeId id of its pool
 * @param capId id of its StorageNodeCap
 */
record Operator(String name, Sender sender, SecretKey key, SuiAddress nodeId, SuiAddress capId) {
    private static final String DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";

    static SecretKey key(String name) {
        var key = new SecretKey();
        key.keygen(Blake2b.hash(("node " + name).getBytes(StandardCharsets.UTF_8)));
        return key;
    }

    static byte[] publicKey(SecretKey key) {
        return new P1(key).compress();
    }

    static byte[] proofOfPossession(SecretKey key, long epoch, SuiAddress address) {
        var message = new BcsWriter().u8(0).u8(0).u8(CertificateMessage.WALRUS).u32(epoch);
        address.encode(message);
        return sign(key, message.raw(publicKey(key)).toByteArray()).compress();
    }

    /** What these operators of the committee sign together. */
    static Certificate certify(BlsCommittee committee, List<Operator> signers, byte[] message) {
        byte[] bitmap = new byte[Math.ceilDiv(committee.members().size(), 8)];
        var sum = new P2();
        for (Operator signer : signers) {
            for (int i = 0; i < committee.members().size(); i++) {
                if (committee.members().get(i).nodeId().equals(signer.nodeId)) {
                    bitmap[i / 8] |= (byte) (1 << (i % 8));
                }
            }
            sum.add(sign(signer.key, message));
        }
        return new Certificate(sum.compress(), bitmap, message);
    }

    private static P2 sign(SecretKey key, byte[] message) {
        return new P2().hash_to(message, DOMAIN).sign_with(key);
    }
}
