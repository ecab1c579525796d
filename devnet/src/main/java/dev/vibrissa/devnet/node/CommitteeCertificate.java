package dev.vibrissa.devnet.node;

import dev.vibrissa.devnet.contract.Certificate;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.SignersBitmap;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import supranational.blst.P2;
import supranational.blst.P2_Affine;

/**
 * What nodes signed one by one, as a call such as {@code certify_blob} takes it.
 *
 * @param message that all of them signed
 * @param signature the sum of their signatures
 * @param signersBitmap bits of the committee's members that signed
 * @param signers the same as indexes, ascending
 * @param weight shards of the signers
 */
public record CommitteeCertificate(
        Bytes message, Bytes signature, Bytes signersBitmap, List<Integer> signers, int weight) {
    /** How many of the shards have to sign. */
    public enum Threshold {
        /** More than two thirds: to certify a blob. */
        QUORUM,
        /** More than a third, so that one correct node is among them: to mark a blob as invalid. */
        ONE_HONEST;

        private boolean isMetBy(int weight, int shards) {
            return 3 * weight > (this == QUORUM ? 2 : 1) * shards;
        }
    }

    /**
     * Adds up all signatures that are true; false ones, and those of nodes that are no members, are left out, as every
     * careful writer does.
     *
     * @param signatures by node id
     * @return empty if the signers do not have enough of the shards
     */
    public static Optional<CommitteeCertificate> of(
            BlsCommittee committee, Threshold threshold, byte[] message, Map<SuiAddress, Bytes> signatures) {
        Bls bls = switch (Bls.loadForNodes()) {
            case Bls.Availability.Available(Bls available) -> available;
            case Bls.Availability.Missing(String reason) ->
                throw new IllegalStateException("no signatures can be added up: " + reason);
        };
        List<BlsCommittee.Member> members = committee.members();
        Bls.Keys keys = bls.decode(members.stream()
                .map(member -> Bytes.of(member.publicKey().toByteArray()))
                .toList());
        var sum = new P2();
        var signers = new ArrayList<Integer>();
        int weight = 0;
        for (int i = 0; i < members.size(); i++) {
            Bytes signature = signatures.get(members.get(i).nodeId());
            if (signature != null
                    && keys.faultOf(signature, message, new int[] {i}).isEmpty()) {
                sum.add(new P2_Affine(signature.toByteArray()));
                signers.add(i);
                weight += members.get(i).weight();
            }
        }
        return threshold.isMetBy(weight, committee.nShards())
                ? Optional.of(new CommitteeCertificate(
                        Bytes.of(message.clone()),
                        Bytes.of(sum.compress()),
                        Bytes.of(SignersBitmap.of(signers, members.size())),
                        List.copyOf(signers),
                        weight))
                : Optional.empty();
    }

    /** The same as contracts take it. */
    public Certificate forCall() {
        return new Certificate(signature.toByteArray(), signersBitmap.toByteArray(), message.toByteArray());
    }
}
