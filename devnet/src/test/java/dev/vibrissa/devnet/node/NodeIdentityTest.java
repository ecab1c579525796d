package dev.vibrissa.devnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.NetworkKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys that follow from a seed, and the certificate made of them. */
class NodeIdentityTest {
    private static final NodeIdentity NODE = NodeIdentity.of("seed 1, node 3", "127.0.0.1");

    @Test
    void theSameSeedGivesTheSameKeys() {
        var again = NodeIdentity.of("seed 1, node 3", "127.0.0.1");
        assertThat(again.publicKey()).isEqualTo(NODE.publicKey());
        assertThat(again.networkPublicKey()).isEqualTo(NODE.networkPublicKey());
        var other = NodeIdentity.of("seed 1, node 4", "127.0.0.1");
        assertThat(other.publicKey()).isNotEqualTo(NODE.publicKey());
        assertThat(other.networkPublicKey()).isNotEqualTo(NODE.networkPublicKey());
    }

    @Test
    void theCertificateHasTheNetworkKeyAndItsName() throws Exception {
        var key = NetworkKey.of(NODE.networkPublicKey());
        var certificate = NODE.certificate().certificate();
        assertThat(certificate.getPublicKey().getEncoded()).isEqualTo(key.subjectPublicKeyInfo());
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + key.serverName());
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(key.serverName(), "127.0.0.1");
    }

    @Test
    void possessionOfTheSigningKeyIsProven() {
        var sender = SuiAddress.parse("0xabc");
        byte[] message = new CertificateMessage.ProofOfPossession(5, sender, NODE.compressedPublicKey()).encode();
        assertThat(message).hasSize(7 + 32 + 48);
        var bls = ((Bls.Availability.Available) Bls.loadForNodes()).bls();
        var keys = bls.decode(List.of(Bytes.of(NODE.publicKey().toByteArray())));
        assertThat(keys.faultOf(NODE.proofOfPossession(5, sender), message, new int[] {0}))
                .isEmpty();
        assertThat(keys.faultOf(NODE.proofOfPossession(6, sender), message, new int[] {0}))
                .isPresent();
    }
}
