package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.SignersBitmap;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import dev.vibrissa.protocol.walrus.object.BlsCommittee.Member;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import supranational.blst.P1;
import supranational.blst.P1_Affine;

/**
 * The committee of storage nodes as signers: who they are together, and whether a certificate is theirs.
 *
 * @see "Move: walrus::bls_aggregate, walrus::messages"
 */
final class NodeCommittee {
    private static final String MODULE = "bls_aggregate";
    private static final int INTENT_BYTES = 7;

    /** What a certificate has to weigh. */
    enum Weight {
        QUORUM,
        ONE_CORRECT_NODE;

        boolean enough(int weight, int nShards) {
            return switch (this) {
                case QUORUM -> Quorum.reached(weight, nShards);
                case ONE_CORRECT_NODE -> Quorum.includesCorrectNode(weight, nShards);
            };
        }
    }

    private NodeCommittee() {}

    /** @param members in the order of node ids */
    static BlsCommittee of(long epoch, List<Member> members) {
        var sum = new P1();
        for (Member member : members) {
            Abort.unless(member.weight() > 0, MODULE, "new_bls_committee", 3);
            sum.add(new P1_Affine(member.publicKey().toByteArray()));
        }
        int nShards = members.stream().mapToInt(Member::weight).sum();
        return new BlsCommittee(members, nShards, epoch, new KeyBytes(sum.compress()));
    }

    static Optional<Member> member(BlsCommittee committee, SuiAddress nodeId) {
        return committee.members().stream()
                .filter(member -> member.nodeId().equals(nodeId))
                .findFirst();
    }

    /**
     * Checks a certificate of the committee's own epoch, and reads what it says.
     *
     * @param expected the kind of message that the caller can use
     */
    static <M extends CertificateMessage> M verify(
            BlsCommittee committee, Certificate certificate, Weight required, Class<M> expected) {
        String function = "verify_certificate_and_weight";
        byte[] bitmap = certificate.signersBitmap();
        int members = committee.members().size();
        Abort.unless(bitmap.length <= Math.ceilDiv(members, 8), MODULE, function, 0);
        boolean strangers =
                IntStream.range(members, bitmap.length * 8).anyMatch(i -> (bitmap[i / 8] >>> (i % 8) & 1) == 1);
        Abort.unless(!strangers, MODULE, function, 0);
        List<Integer> signers = SignersBitmap.members(bitmap, members);
        int weight = signers.stream()
                .mapToInt(i -> committee.members().get(i).weight())
                .sum();
        Abort.unless(required.enough(weight, committee.nShards()), MODULE, function, 2);
        List<KeyBytes> keys = signers.stream()
                .map(i -> committee.members().get(i).publicKey())
                .toList();
        Abort.unless(signed(keys, certificate.signature(), certificate.message()), MODULE, function, 1);
        return read(committee.epoch(), certificate.message(), expected);
    }

    /** Reads as the contract does: what follows the body of a message is not looked at. */
    private static <M extends CertificateMessage> M read(long epoch, byte[] message, Class<M> expected) {
        var in = new BcsReader(message);
        CertificateMessage read;
        try {
            Abort.unlessInFramework(message.length >= INTENT_BYTES, "bcs", "peel_u8", 0);
            int type = in.u8();
            Abort.unless(in.u8() == 0, "messages", "new_certified_message", 3);
            Abort.unless(in.u8() == CertificateMessage.WALRUS, "messages", "new_certified_message", 0);
            Abort.unless(in.u32() == epoch, "messages", "new_certified_message", 1);
            Abort.unless(type <= 6, "messages", "message_type", 2);
            read = CertificateMessage.decode(new BcsReader(message));
        } catch (BcsException e) {
            throw new MoveAbort(Framework.PACKAGE, "bcs", "peel", 0);
        }
        Abort.unless(expected.isInstance(read), "messages", "message_type", 2);
        return expected.cast(read);
    }

    /** Whether somebody who registers with {@code compressedKey} has its private half. */
    static boolean provesPossession(long epoch, SuiAddress sender, byte[] compressedKey, byte[] proof) {
        Abort.unless(compressedKey.length == KeyBytes.G1_COMPRESSED, "messages", "new_proof_of_possession_msg", 6);
        var message = new BcsWriter().u8(0).u8(0).u8(CertificateMessage.WALRUS).u32(epoch);
        sender.encode(message);
        return signed(
                List.of(new KeyBytes(compressedKey)),
                proof,
                message.raw(compressedKey).toByteArray());
    }

    /** A compressed key as objects hold it. */
    static KeyBytes uncompressed(byte[] compressedKey) {
        return new KeyBytes(new P1_Affine(compressedKey).serialize());
    }

    private static boolean signed(List<KeyBytes> keys, byte[] signature, byte[] message) {
        Bls bls = switch (Bls.loadForNodes()) {
            case Bls.Availability.Available(Bls available) -> available;
            case Bls.Availability.Missing(String reason) -> throw new IllegalStateException(reason);
        };
        Function<KeyBytes, Bytes> bytes = key -> Bytes.of(key.toByteArray());
        try {
            return bls.decode(keys.stream().map(bytes).toList())
                    .faultOf(
                            Bytes.of(signature),
                            message,
                            IntStream.range(0, keys.size()).toArray())
                    .isEmpty();
        } catch (IllegalArgumentException e) { // no point, or not in the subgroup
            return false;
        }
    }
}
