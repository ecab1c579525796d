package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/**
 * The candidates with most stake, from whom the next committee is taken.
 *
 * @param thresholdStake FROST
 * @param totalStake FROST
 * @see "Move: walrus::active_set::ActiveSet"
 */
public record ActiveSet(int maxSize, long thresholdStake, List<Entry> nodes, long totalStake) implements WalrusObject {
    public static ActiveSet decode(BcsReader in) {
        return new ActiveSet(in.u16(), in.u64(), in.list(Entry::decode), in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        out.u16(maxSize);
        out.u64(thresholdStake);
        out.list(nodes, (to, each) -> each.encode(to));
        out.u64(totalStake);
    }

    /**
     * A candidate.
     *
     * @param stakedAmount FROST
     */
    public record Entry(SuiAddress nodeId, long stakedAmount) {
        public static Entry decode(BcsReader in) {
            return new Entry(SuiAddress.decode(in), in.u64());
        }

        public void encode(BcsWriter out) {
            nodeId.encode(out);
            out.u64(stakedAmount);
        }
    }
}
