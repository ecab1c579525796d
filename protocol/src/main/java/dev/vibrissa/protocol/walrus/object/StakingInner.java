package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The state of stake and committees.
 *
 * @param epochDuration milliseconds
 * @param firstEpochStart milliseconds since 1970
 * @param pools node id to {@link StakingPool}
 * @param activeSet id of the field that holds the {@link ActiveSet}
 * @param nextCommittee present between the end of voting and the epoch change
 * @param nextEpochParams not cleared at the epoch change, so stale until the next end of voting
 * @param nextEpochPublicKeys id of the field that holds the keys nodes change to, by node
 * @see "Move: walrus::staking_inner::StakingInnerV1"
 */
public record StakingInner(
        int nShards,
        long epochDuration,
        long firstEpochStart,
        MoveTable pools,
        long epoch,
        SuiAddress activeSet,
        Optional<Committee> nextCommittee,
        Committee committee,
        Committee previousCommittee,
        Optional<EpochParams> nextEpochParams,
        EpochState epochState,
        SuiAddress nextEpochPublicKeys)
        implements WalrusObject {
    public static StakingInner decode(BcsReader in) {
        return new StakingInner(
                in.u16(),
                in.u64(),
                in.u64(),
                MoveTable.decode(in),
                in.u32(),
                SuiAddress.decode(in),
                in.option(Committee::decode),
                Committee.decode(in),
                Committee.decode(in),
                in.option(EpochParams::decode),
                EpochState.decode(in),
                SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        out.u16(nShards);
        out.u64(epochDuration);
        out.u64(firstEpochStart);
        pools.encode(out);
        out.u32(epoch);
        activeSet.encode(out);
        out.option(nextCommittee, (to, each) -> each.encode(to));
        committee.encode(out);
        previousCommittee.encode(out);
        out.option(nextEpochParams, (to, each) -> each.encode(to));
        epochState.encode(out);
        nextEpochPublicKeys.encode(out);
    }

    /**
     * Which node holds which shards.
     *
     * @param shards shard indexes by node id, sorted by node id
     */
    public record Committee(SequencedMap<SuiAddress, List<Integer>> shards) {
        public static Committee decode(BcsReader in) {
            return new Committee(VecMap.decode(in, SuiAddress::decode, BcsReader::u16List));
        }

        public void encode(BcsWriter out) {
            VecMap.encode(out, shards, (to, each) -> each.encode(to), (to, each) -> to.list(each, BcsWriter::u16));
        }
    }

    /**
     * What was voted for the next epoch. Since contract version 3 the two prices here mean nothing.
     *
     * @param totalCapacitySize encoded bytes
     */
    public record EpochParams(long totalCapacitySize, long storagePricePerUnitSize, long writePricePerUnitSize) {
        public static EpochParams decode(BcsReader in) {
            return new EpochParams(in.u64(), in.u64(), in.u64());
        }

        public void encode(BcsWriter out) {
            out.u64(totalCapacitySize);
            out.u64(storagePricePerUnitSize);
            out.u64(writePricePerUnitSize);
        }
    }

    /** How far the current epoch is; times are milliseconds since 1970. */
    public sealed interface EpochState {
        /** Shards are being moved; the nodes with this weight have finished. */
        record EpochChangeSync(int weight) implements EpochState {}

        /** The committee is in place since then. */
        record EpochChangeDone(long doneAtMillis) implements EpochState {}

        /** Voting has ended; the committee is in place since then. */
        record NextParamsSelected(long doneAtMillis) implements EpochState {}

        static EpochState decode(BcsReader in) {
            return switch (in.variant("EpochState", 3)) {
                case 0 -> new EpochChangeSync(in.u16());
                case 1 -> new EpochChangeDone(in.u64());
                default -> new NextParamsSelected(in.u64());
            };
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case EpochChangeSync(int weight) -> {
                    out.uleb(0);
                    out.u16(weight);
                }
                case EpochChangeDone(long doneAtMillis) -> {
                    out.uleb(1);
                    out.u64(doneAtMillis);
                }
                case NextParamsSelected(long doneAtMillis) -> {
                    out.uleb(2);
                    out.u64(doneAtMillis);
                }
            }
        }
    }
}
