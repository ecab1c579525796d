package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;

/**
 * What subsidies are paid, and what is left for them.
 *
 * @param systemSubsidyRate basis points of what users paid
 * @param subsidyPool FROST
 * @param baseSubsidy FROST per node and epoch
 * @param subsidyPerShard FROST per shard and epoch
 * @param lastSubsidizedTs milliseconds since 1970
 * @see "Move: walrus_subsidies::walrus_subsidies_inner::WalrusSubsidiesInnerV1"
 */
public record WalrusSubsidiesInner(
        long systemSubsidyRate,
        long subsidyPool,
        long baseSubsidy,
        long subsidyPerShard,
        long latestEpoch,
        SubsidizedRing alreadySubsidizedBalances,
        long lastSubsidizedTs,
        MoveTable extraFields)
        implements WalrusObject {
    public static WalrusSubsidiesInner decode(BcsReader in) {
        return new WalrusSubsidiesInner(
                in.u32(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u32(),
                SubsidizedRing.decode(in),
                in.u64(),
                MoveTable.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        out.u32(systemSubsidyRate);
        out.u64(subsidyPool);
        out.u64(baseSubsidy);
        out.u64(subsidyPerShard);
        out.u32(latestEpoch);
        alreadySubsidizedBalances.encode(out);
        out.u64(lastSubsidizedTs);
        extraFields.encode(out);
    }

    /** What of the ring of future rewards was already subsidised. */
    public record SubsidizedRing(long currentIndex, List<Subsidized> ringBuffer) {
        public static SubsidizedRing decode(BcsReader in) {
            return new SubsidizedRing(in.u32(), in.list(Subsidized::decode));
        }

        public void encode(BcsWriter out) {
            out.u32(currentIndex);
            out.list(ringBuffer, (to, each) -> each.encode(to));
        }
    }

    /**
     * One epoch of the ring.
     *
     * @param balance FROST
     */
    public record Subsidized(long epoch, long balance) {
        public static Subsidized decode(BcsReader in) {
            return new Subsidized(in.u32(), in.u64());
        }

        public void encode(BcsWriter out) {
            out.u32(epoch);
            out.u64(balance);
        }
    }
}
