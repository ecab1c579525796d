package dev.vibrissa.protocol.sui.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.CommitteeMember;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.SuiFixtures;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** A certificate counts if a quorum of the right committee signed exactly this summary. */
class CertificateTest {
    private static final Checkpoint CHECKPOINT =
            SuiFixtures.checkpoint("synthetic-walrus-1000-register-certify.binpb.zst");
    private static final Committee COMMITTEE =
            SuiFixtures.committee(SuiFixtures.fixture("synthetic-epoch5.committee.bcs"));
    private static final CommitteeVerifier VERIFIER = new CommitteeVerifier(COMMITTEE);

    @Test
    void acceptsWhatTheCommitteeOfTestnetSigned() {
        JsonNode expected = SuiFixtures.json(SuiFixtures.fixture("testnet-194264160.expected.json"));
        Committee committee = SuiFixtures.committee(SuiFixtures.fixture("testnet-epoch730.committee.bcs"));
        var in = new BcsReader(SuiFixtures.bytes(SuiFixtures.fixture("testnet-194264160.certified-summary.bcs")));
        CheckpointSummary summary = CheckpointSummary.decode(in);
        Bytes bcs = in.viewSince(0);
        AuthoritySignature signature = AuthoritySignature.decode(in);
        in.end();

        assertThat(summary.epoch()).isEqualTo(expected.get("epoch").asLong());
        assertThat(summary.sequenceNumber())
                .isEqualTo(expected.get("sequenceNumber").asLong());
        assertThat(DigestKind.CHECKPOINT_SUMMARY.digest(bcs))
                .hasToString(expected.get("digest").asText());
        assertThat(summary.contentDigest())
                .hasToString(expected.get("contentDigest").asText());
        assertThat(summary.previousDigest().orElseThrow())
                .hasToString(expected.get("previousDigest").asText());
        assertThat(summary.networkTotalTransactions())
                .isEqualTo(expected.get("networkTotalTransactions").asLong());
        assertThat(summary.timestamp().toEpochMilli())
                .isEqualTo(expected.get("timestampMs").asLong());
        assertThat(committee.members()).hasSize(expected.get("committeeSize").asInt());
        assertThat(committee.totalStake()).isEqualTo(expected.get("totalStake").asLong());
        assertThat(committee.quorumThreshold())
                .isEqualTo(expected.get("quorumThreshold").asLong());
        var signers = new ArrayList<Integer>();
        expected.get("signers").forEach(signer -> signers.add(signer.asInt()));
        assertThat(signature.signers())
                .containsExactly(signers.stream().mapToInt(i -> i).toArray());

        assertThat(new CommitteeVerifier(committee).verify(bcs, signature))
                .isEqualTo(new CertificateCheck.Valid(
                        signers.size(), expected.get("signerStake").asLong(), committee.totalStake()));

        // The epoch is signed along: the same committee under another epoch did not sign this.
        var later = new Committee(731, committee.members());
        byte[] moved = bcs.toByteArray();
        moved[0]++; // the summary's epoch, 730 to 731
        assertThat(new CommitteeVerifier(later)
                        .verify(
                                Bytes.of(moved),
                                new AuthoritySignature(731, signature.signature(), signature.bitmap())))
                .isInstanceOf(CertificateCheck.BadSignature.class);
        assertThat(new CommitteeVerifier(later).verify(bcs, signature))
                .isEqualTo(new CertificateCheck.WrongEpoch(730, 730, 731));
    }

    @Test
    void refusesAGoodSignatureBelowQuorum() {
        var committee = SuiFixtures.committee(SuiFixtures.fixture("synthetic-epoch6.committee.bcs"));
        var checkpoint = SuiFixtures.checkpoint("synthetic-walrus-1003-no-quorum.binpb.zst");
        assertThat(new CommitteeVerifier(committee).verify(checkpoint))
                .isEqualTo(new CertificateCheck.BelowQuorum(3_500, 6_667, 10_000));
    }

    @Test
    void refusesASummaryThatWasChanged() {
        byte[] changed = CHECKPOINT.summaryBcs().toByteArray();
        changed[changed.length - 1] ^= 1;
        assertThat(VERIFIER.verify(Bytes.of(changed), CHECKPOINT.signature()))
                .isInstanceOf(CertificateCheck.BadSignature.class);
    }

    @Test
    void refusesAnySignatureWithOneBitFlipped() {
        for (int bit = 0; bit < 48 * 8; bit += 7) {
            byte[] flipped = CHECKPOINT.signature().signature().toByteArray();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verify(Bytes.of(flipped), CHECKPOINT.signature().bitmap()))
                    .isInstanceOf(CertificateCheck.BadSignature.class);
        }
    }

    @Test
    void refusesAPointAtInfinity() {
        byte[] infinity = new byte[48];
        infinity[0] = (byte) 0xc0;
        assertThat(verify(Bytes.of(infinity), CHECKPOINT.signature().bitmap()))
                .isInstanceOf(CertificateCheck.BadSignature.class);
    }

    @Test
    void refusesSignersThatDidNotSign() {
        assertThat(verify(CHECKPOINT.signature().signature(), bitmap(0, 1, 2, 3)))
                .isInstanceOf(CertificateCheck.BadSignature.class);
    }

    @Test
    void refusesSignersOutsideOfTheCommittee() {
        assertThat(verify(CHECKPOINT.signature().signature(), bitmap(0, 1, 4)))
                .isEqualTo(new CertificateCheck.BadBitmap("signer 4 of a committee of 4"));
        assertThat(verify(CHECKPOINT.signature().signature(), bitmap(0, 70_000)))
                .isInstanceOf(CertificateCheck.BadBitmap.class);
        assertThat(verify(CHECKPOINT.signature().signature(), bitmap(0, -1)))
                .isInstanceOf(CertificateCheck.BadBitmap.class);
    }

    @Test
    void refusesBitmapsThatAreEmptyCutOrFollowedByBytes() {
        byte[] good = CHECKPOINT.signature().bitmap().toByteArray();
        for (Bytes bad : List.of(
                Bytes.EMPTY,
                bitmap(),
                Bytes.of(good, 0, good.length - 1),
                Bytes.of(Arrays.copyOf(good, good.length + 1)),
                Bytes.of(new byte[100_000]))) {
            assertThat(verify(CHECKPOINT.signature().signature(), bad)).isInstanceOf(CertificateCheck.BadBitmap.class);
        }
    }

    @Test
    void acceptsBitmapsWithRunContainers() {
        var bitmap = RoaringBitmap.bitmapOfRange(0, 300);
        bitmap.runOptimize();
        var bytes = serialized(bitmap);
        assertThat(bytes.at(0)).isEqualTo((byte) 0x3b); // cookie 12347
        assertThat(new AuthoritySignature(5, CHECKPOINT.signature().signature(), bytes).signers())
                .hasSize(300);
    }

    @Test
    void aCommitteeWithAKeyThatIsNoPointIsRefused() {
        var members = new ArrayList<>(COMMITTEE.members());
        members.set(2, new CommitteeMember(Bytes.of(new byte[96]), 1));
        assertThatThrownBy(() -> new CommitteeVerifier(new Committee(5, members)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key 2");
    }

    @Test
    void saysSoWhereTheNativeLibraryIsMissing() {
        var verifier = new CommitteeVerifier(COMMITTEE, new Bls.Availability.Missing("no blst for this machine"));
        assertThat(verifier.verify(CHECKPOINT)).isEqualTo(new CertificateCheck.Unavailable("no blst for this machine"));
    }

    private static CertificateCheck verify(Bytes signature, Bytes bitmap) {
        return VERIFIER.verify(CHECKPOINT.summaryBcs(), new AuthoritySignature(5, signature, bitmap));
    }

    private static Bytes bitmap(int... signers) {
        return serialized(RoaringBitmap.bitmapOf(signers));
    }

    private static Bytes serialized(RoaringBitmap bitmap) {
        var bytes = ByteBuffer.allocate(bitmap.serializedSizeInBytes());
        bitmap.serialize(bytes);
        return Bytes.of(bytes.array());
    }
}
