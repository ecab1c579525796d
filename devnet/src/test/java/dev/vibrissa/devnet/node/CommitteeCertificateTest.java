package dev.vibrissa.devnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.node.CommitteeCertificate.Threshold;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.SignersBitmap;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Signatures of nodes, added up to a certificate. */
class CommitteeCertificateTest {
    private static final int MEMBERS = 10;
    private static final byte[] MESSAGE =
            new CertificateMessage.BlobStored(7, new BlobId(TestNetwork.filled(1)), Optional.empty()).encode();

    private static final List<NodeIdentity> NODES = IntStream.range(0, MEMBERS)
            .mapToObj(i -> NodeIdentity.of("member " + i, "localhost"))
            .toList();

    /** Ten members with ten shards each. */
    private static final BlsCommittee COMMITTEE = new BlsCommittee(
            IntStream.range(0, MEMBERS)
                    .mapToObj(i -> new BlsCommittee.Member(NODES.get(i).publicKey(), 10, TestNetwork.idOf(i)))
                    .toList(),
            100,
            7,
            new KeyBytes(new byte[KeyBytes.G1_COMPRESSED]));

    private static Map<SuiAddress, Bytes> signatures(int... signers) {
        var signatures = new HashMap<SuiAddress, Bytes>();
        for (int i : signers) {
            signatures.put(TestNetwork.idOf(i), NODES.get(i).sign(MESSAGE));
        }
        return signatures;
    }

    @Test
    void moreThanTwoThirdsOfTheShardsMakeACertificate() {
        var certificate = CommitteeCertificate.of(COMMITTEE, Threshold.QUORUM, MESSAGE, signatures(0, 1, 2, 4, 6, 8, 9))
                .orElseThrow();
        assertThat(certificate.weight()).isEqualTo(70);
        assertThat(certificate.signersBitmap().toByteArray()).containsExactly(0b0101_0111, 0b11);
        assertThat(SignersBitmap.members(certificate.signersBitmap().toByteArray(), MEMBERS))
                .isEqualTo(certificate.signers());
        var bls = ((Bls.Availability.Available) Bls.loadForNodes()).bls();
        var keys = bls.decode(NODES.stream()
                .map(node -> Bytes.of(node.publicKey().toByteArray()))
                .toList());
        int[] signers =
                certificate.signers().stream().mapToInt(Integer::intValue).toArray();
        assertThat(keys.faultOf(certificate.signature(), MESSAGE, signers)).isEmpty();
    }

    @Test
    void twoThirdsAreNotEnough() {
        assertThat(CommitteeCertificate.of(COMMITTEE, Threshold.QUORUM, MESSAGE, signatures(0, 1, 2, 3, 4, 5)))
                .isEmpty();
    }

    @Test
    void moreThanAThirdHasAnHonestOne() {
        assertThat(CommitteeCertificate.of(COMMITTEE, Threshold.ONE_HONEST, MESSAGE, signatures(0, 1, 2)))
                .isEmpty();
        assertThat(CommitteeCertificate.of(COMMITTEE, Threshold.ONE_HONEST, MESSAGE, signatures(9, 1, 2, 3)))
                .hasValueSatisfying(
                        certificate -> assertThat(certificate.signers()).containsExactly(1, 2, 3, 9));
    }

    @Test
    void falseSignaturesAndStrangersAreLeftOut() {
        Map<SuiAddress, Bytes> signatures = signatures(0, 1, 2, 3, 4, 5, 6);
        signatures.put(TestNetwork.idOf(7), NODES.get(7).sign(new byte[] {1}));
        signatures.put(TestNetwork.idOf(8), Bytes.of(new byte[96]));
        signatures.put(SuiAddress.parse("0x5"), NODES.get(0).sign(MESSAGE));
        assertThat(CommitteeCertificate.of(COMMITTEE, Threshold.QUORUM, MESSAGE, signatures)
                        .orElseThrow()
                        .signers())
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        signatures.remove(TestNetwork.idOf(6));
        assertThat(CommitteeCertificate.of(COMMITTEE, Threshold.QUORUM, MESSAGE, signatures))
                .isEmpty();
    }
}
