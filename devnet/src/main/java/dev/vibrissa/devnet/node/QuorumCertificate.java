package dev.vibrissa.devnet.node;

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
public record QuorumCertificate(
        Bytes message, Bytes signature, Bytes signersBitmap, List<Integer> signers, int weight) {
    /**
     * Adds up all signatures that are true; false ones, and those of nodes that are no members, are left out, as every
     * careful writer does.
     *
     * @param signatures by node id
     * @return empty if the signers do not have more than two thirds of the shards
     */
    public static Optional<QuorumCertificate> of(
            BlsCommittee committee, byte[] message, Map<SuiAddress, Bytes> signatures) {
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
        return 3 * weight > 2 * committee.nShards()
                ? Optional.of(new QuorumCertificate(
                        Bytes.of(message.clone()),
                        Bytes.of(sum.compress()),
                        Bytes.of(SignersBitmap.of(signers, members.size())),
                        List.copyOf(signers),
                        weight))
                : Optional.empty();
    }
}
