package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.SequencedMap;

/**
 * A storage node's stake, votes and description. Its object id is the node id.
 *
 * <p>Pending values are keyed by the epoch in which they take effect.
 *
 * @param latestEpoch the last epoch the pool was brought up to
 * @param walBalance FROST of active stake with reinvested rewards
 * @param pendingSharesWithdraw shares
 * @param preActiveWithdrawals FROST of principal
 * @param pendingCommissionRate basis points
 * @param commissionRate basis points, 0 to 10 000
 * @param exchangeRates epoch to {@link PoolExchangeRate}
 * @param pendingStake FROST
 * @param rewardsPool FROST
 * @param commission FROST, the part that cannot be collected yet included
 * @see "Move: walrus::staking_pool::StakingPool"
 */
public record StakingPool(
        SuiAddress id,
        PoolState state,
        VotingParams votingParams,
        StorageNodeInfo nodeInfo,
        long activationEpoch,
        long latestEpoch,
        long walBalance,
        long numShares,
        SequencedMap<Long, Long> pendingSharesWithdraw,
        SequencedMap<Long, Long> preActiveWithdrawals,
        SequencedMap<Long, Long> pendingCommissionRate,
        int commissionRate,
        MoveTable exchangeRates,
        SequencedMap<Long, Long> pendingStake,
        long rewardsPool,
        long commission,
        Authorized commissionReceiver,
        Authorized governanceAuthorized,
        MoveTable extraFields)
        implements WalrusObject {
    public static StakingPool decode(BcsReader in) {
        return new StakingPool(
                SuiAddress.decode(in),
                PoolState.decode(in),
                VotingParams.decode(in),
                StorageNodeInfo.decode(in),
                in.u32(),
                in.u32(),
                in.u64(),
                in.u64(),
                VecMap.decode(in, BcsReader::u32, BcsReader::u64),
                VecMap.decode(in, BcsReader::u32, BcsReader::u64),
                VecMap.decode(in, BcsReader::u32, BcsReader::u64),
                in.u16(),
                MoveTable.decode(in),
                VecMap.decode(in, BcsReader::u32, BcsReader::u64),
                in.u64(),
                in.u64(),
                Authorized.decode(in),
                Authorized.decode(in),
                MoveTable.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        state.encode(out);
        votingParams.encode(out);
        nodeInfo.encode(out);
        out.u32(activationEpoch);
        out.u32(latestEpoch);
        out.u64(walBalance);
        out.u64(numShares);
        VecMap.encode(out, pendingSharesWithdraw, BcsWriter::u32, BcsWriter::u64);
        VecMap.encode(out, preActiveWithdrawals, BcsWriter::u32, BcsWriter::u64);
        VecMap.encode(out, pendingCommissionRate, BcsWriter::u32, BcsWriter::u64);
        out.u16(commissionRate);
        exchangeRates.encode(out);
        VecMap.encode(out, pendingStake, BcsWriter::u32, BcsWriter::u64);
        out.u64(rewardsPool);
        out.u64(commission);
        commissionReceiver.encode(out);
        governanceAuthorized.encode(out);
        extraFields.encode(out);
    }

    /**
     * What the node votes for.
     *
     * @param storagePrice FROST per MiB and epoch
     * @param writePrice FROST per MiB, once
     * @param nodeCapacity bytes
     */
    public record VotingParams(long storagePrice, long writePrice, long nodeCapacity) {
        public static VotingParams decode(BcsReader in) {
            return new VotingParams(in.u64(), in.u64(), in.u64());
        }

        public void encode(BcsWriter out) {
            out.u64(storagePrice);
            out.u64(writePrice);
            out.u64(nodeCapacity);
        }
    }

    /** Whether the pool takes part. Nothing on chain sets anything but active today. */
    public sealed interface PoolState {
        /** Takes part. */
        record Active() implements PoolState {}

        /** Leaves in that epoch. */
        record Withdrawing(long epoch) implements PoolState {}

        /** Has left. */
        record Withdrawn() implements PoolState {}

        static PoolState decode(BcsReader in) {
            return switch (in.variant("PoolState", 3)) {
                case 0 -> new Active();
                case 1 -> new Withdrawing(in.u32());
                default -> new Withdrawn();
            };
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case Active() -> out.uleb(0);
                case Withdrawing(long epoch) -> {
                    out.uleb(1);
                    out.u32(epoch);
                }
                case Withdrawn() -> out.uleb(2);
            }
        }
    }

    /** Who may act for the node. */
    public sealed interface Authorized {
        /** Whoever sends from the address. */
        record ByAddress(SuiAddress address) implements Authorized {}

        /** Whoever holds the object. */
        record ByObject(SuiAddress objectId) implements Authorized {}

        static Authorized decode(BcsReader in) {
            return switch (in.variant("Authorized", 2)) {
                case 0 -> new ByAddress(SuiAddress.decode(in));
                default -> new ByObject(SuiAddress.decode(in));
            };
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case ByAddress(SuiAddress address) -> {
                    out.uleb(0);
                    address.encode(out);
                }
                case ByObject(SuiAddress objectId) -> {
                    out.uleb(1);
                    objectId.encode(out);
                }
            }
        }
    }
}
