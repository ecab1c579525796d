package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.util.List;

/**
 * The committee of an epoch with its keys: who signs certificates, and with what weight.
 *
 * @param members sorted by node id; the bits of a certificate's bitmap count these
 * @param nShards shards in the network, the sum of all weights
 * @param totalAggregatedKey sum of all keys, compressed
 * @see "Move: walrus::bls_aggregate::BlsCommittee"
 */
public record BlsCommittee(List<Member> members, int nShards, long epoch, KeyBytes totalAggregatedKey) {
    public static BlsCommittee decode(BcsReader in) {
        return new BlsCommittee(
                in.list(Member::decode), in.u16(), in.u32(), KeyBytes.decode(in, KeyBytes.G1_COMPRESSED));
    }

    public void encode(BcsWriter out) {
        out.list(members, (to, each) -> each.encode(to));
        out.u16(nShards);
        out.u32(epoch);
        totalAggregatedKey.encode(out);
    }

    /**
     * A node in the committee.
     *
     * @param publicKey BLS12-381 key in G1, uncompressed
     * @param weight shards it holds
     */
    public record Member(KeyBytes publicKey, int weight, SuiAddress nodeId) {
        public static Member decode(BcsReader in) {
            return new Member(KeyBytes.decode(in, KeyBytes.G1_UNCOMPRESSED), in.u16(), SuiAddress.decode(in));
        }

        public void encode(BcsWriter out) {
            publicKey.encode(out);
            out.u16(weight);
            nodeId.encode(out);
        }
    }
}
