package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import java.util.List;

/** The steps from one Walrus epoch to the next. */
public sealed interface EpochEvent extends WalrusEvent {
    /** The next committee and its capacity are fixed. */
    record EpochParametersSelected(long nextEpoch) implements EpochEvent {
        static EpochParametersSelected decode(BcsReader in) {
            return new EpochParametersSelected(in.u32());
        }

        /** The current epoch: the one before the epoch whose parameters were selected. */
        @Override
        public long epoch() {
            return nextEpoch - 1;
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("next_epoch", nextEpoch);
        }
    }

    /** The boundary: from here on {@code epoch} is the current epoch. */
    record EpochChangeStart(long epoch) implements EpochEvent {
        static EpochChangeStart decode(BcsReader in) {
            return new EpochChangeStart(in.u32());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch);
        }
    }

    /** A quorum of the new committee has synced its shards. */
    record EpochChangeDone(long epoch) implements EpochEvent {
        static EpochChangeDone decode(BcsReader in) {
            return new EpochChangeDone(in.u32());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch);
        }
    }

    /**
     * One node reports its shards synced. Which node it was, the event does not say.
     *
     * @param shards shard indexes
     */
    record ShardsReceived(long epoch, List<Integer> shards) implements EpochEvent {
        static ShardsReceived decode(BcsReader in) {
            return new ShardsReceived(in.u32(), in.u16List());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).u16s("shards", shards);
        }
    }

    /**
     * Declared by every contract version, emitted by none.
     *
     * @param shards shard indexes
     */
    record ShardRecoveryStart(long epoch, List<Integer> shards) implements EpochEvent {
        static ShardRecoveryStart decode(BcsReader in) {
            return new ShardRecoveryStart(in.u32(), in.u16List());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).u16s("shards", shards);
        }
    }
}
