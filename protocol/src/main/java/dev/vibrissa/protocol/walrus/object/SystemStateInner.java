package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The state of storage and prices.
 *
 * @param totalCapacitySize encoded bytes, for the current and every later epoch
 * @param usedCapacitySize encoded bytes reserved in the current epoch
 * @param storagePricePerUnitSize FROST per MiB and epoch
 * @param writePricePerUnitSize FROST per MiB, once
 * @param denyListSizes id of the field that holds the deny-list sizes by node
 * @see "Move: walrus::system_state_inner::SystemStateInnerV1"
 */
public record SystemStateInner(
        BlsCommittee committee,
        long totalCapacitySize,
        long usedCapacitySize,
        long storagePricePerUnitSize,
        long writePricePerUnitSize,
        FutureAccountingRing futureAccounting,
        EventBlobCertificationState eventBlobCertificationState,
        SuiAddress denyListSizes)
        implements WalrusObject {
    public static SystemStateInner decode(BcsReader in) {
        return new SystemStateInner(
                BlsCommittee.decode(in),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                FutureAccountingRing.decode(in),
                EventBlobCertificationState.decode(in),
                SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        committee.encode(out);
        out.u64(totalCapacitySize);
        out.u64(usedCapacitySize);
        out.u64(storagePricePerUnitSize);
        out.u64(writePricePerUnitSize);
        futureAccounting.encode(out);
        eventBlobCertificationState.encode(out);
        denyListSizes.encode(out);
    }

    /**
     * What is reserved and what will be paid out, for the current and the coming epochs.
     *
     * @param currentIndex where in the ring the current epoch is; each entry also names its own epoch
     * @param length entries in the ring: how many epochs ahead storage can be bought
     * @see "Move: walrus::storage_accounting::FutureAccountingRingBuffer"
     */
    public record FutureAccountingRing(long currentIndex, long length, List<FutureAccounting> ringBuffer) {
        public static FutureAccountingRing decode(BcsReader in) {
            return new FutureAccountingRing(in.u32(), in.u32(), in.list(FutureAccounting::decode));
        }

        public void encode(BcsWriter out) {
            out.u32(currentIndex);
            out.u32(length);
            out.list(ringBuffer, (to, each) -> each.encode(to));
        }
    }

    /**
     * One epoch of the ring.
     *
     * @param usedCapacity encoded bytes
     * @param rewardsToDistribute FROST
     */
    public record FutureAccounting(long epoch, long usedCapacity, long rewardsToDistribute) {
        public static FutureAccounting decode(BcsReader in) {
            return new FutureAccounting(in.u32(), in.u64(), in.u64());
        }

        public void encode(BcsWriter out) {
            out.u32(epoch);
            out.u64(usedCapacity);
            out.u64(rewardsToDistribute);
        }
    }

    /**
     * How far the storage nodes are with certifying event blobs.
     *
     * @param aggregateWeightPerBlob weight that has attested to each candidate
     */
    public record EventBlobCertificationState(
            Optional<EventBlob> latestCertifiedBlob, SequencedMap<EventBlob, Integer> aggregateWeightPerBlob) {
        public static EventBlobCertificationState decode(BcsReader in) {
            return new EventBlobCertificationState(
                    in.option(EventBlob::decode), VecMap.decode(in, EventBlob::decode, BcsReader::u16));
        }

        public void encode(BcsWriter out) {
            out.option(latestCertifiedBlob, (to, each) -> each.encode(to));
            VecMap.encode(out, aggregateWeightPerBlob, (to, each) -> each.encode(to), BcsWriter::u16);
        }
    }

    /**
     * A blob in which the nodes write down Walrus events.
     *
     * @param endingCheckpointSequenceNumber last Sui checkpoint it covers
     */
    public record EventBlob(BlobId blobId, long endingCheckpointSequenceNumber) {
        public static EventBlob decode(BcsReader in) {
            return new EventBlob(BlobId.decode(in), in.u64());
        }

        public void encode(BcsWriter out) {
            blobId.encode(out);
            out.u64(endingCheckpointSequenceNumber);
        }
    }
}
