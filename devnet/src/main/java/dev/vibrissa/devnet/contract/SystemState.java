package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EncodedSize;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import dev.vibrissa.protocol.walrus.object.BlsCommittee.Member;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlobCertificationState;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Storage, prices and the pots of rewards, while a transaction works on them.
 *
 * @see "Move: walrus::system_state_inner"
 */
final class SystemState {
    static final String MODULE = "system_state_inner";

    private final RewardRing ring;
    private final SuiAddress denyListSizes;
    private BlsCommittee committee;
    private EventBlobCertificationState eventBlobs;
    private long totalCapacity;
    private long usedCapacity;
    private long storagePrice;
    private long writePrice;

    SystemState(SystemStateInner inner) {
        this.ring = new RewardRing(inner.futureAccounting());
        this.denyListSizes = inner.denyListSizes();
        this.committee = inner.committee();
        this.eventBlobs = inner.eventBlobCertificationState();
        this.totalCapacity = inner.totalCapacitySize();
        this.usedCapacity = inner.usedCapacitySize();
        this.storagePrice = inner.storagePricePerUnitSize();
        this.writePrice = inner.writePricePerUnitSize();
    }

    SystemStateInner toMove() {
        return new SystemStateInner(
                committee,
                totalCapacity,
                usedCapacity,
                storagePrice,
                writePrice,
                ring.toMove(),
                eventBlobs,
                denyListSizes);
    }

    long epoch() {
        return committee.epoch();
    }

    BlsCommittee committee() {
        return committee;
    }

    RewardRing ring() {
        return ring;
    }

    EventBlobCertificationState eventBlobs() {
        return eventBlobs;
    }

    void eventBlobs(EventBlobCertificationState next) {
        eventBlobs = next;
    }

    SuiAddress denyListSizes() {
        return denyListSizes;
    }

    void prices(long perUnitAndEpoch, long perUnitWritten) {
        storagePrice = perUnitAndEpoch;
        writePrice = perUnitWritten;
    }

    /** Sells storage from the current epoch on. */
    Storage reserve(SuiAddress id, long bytes, long epochsAhead, Balance payment) {
        Abort.unless(epochsAhead > 0 && epochsAhead <= ring.epochsAhead(), MODULE, "reserve_space", 2);
        return reserve(id, bytes, epoch(), epoch() + epochsAhead, payment);
    }

    /** Sells storage for the epochs from {@code start}, or now if that is past, until before {@code end}. */
    Storage reserve(SuiAddress id, long bytes, long start, long end, Balance payment) {
        String function = "reserve_space_for_epochs";
        long first = Math.max(start, epoch());
        Abort.unless(end > first, MODULE, function, 2);
        Abort.unless(end - epoch() <= ring.epochsAhead(), MODULE, function, 2);
        pay(bytes, first, end, payment);
        return reserveUnpaid(id, bytes, first, end, true);
    }

    private Storage reserveUnpaid(SuiAddress id, long bytes, long start, long end, boolean checkCapacity) {
        Abort.unless(bytes != 0, MODULE, "reserve_space_without_payment", 11);
        book(bytes, start, end, checkCapacity, "reserve_space_without_payment");
        return new Storage(id, start, end, bytes);
    }

    /** Storage of an event blob: free of charge, for all epochs ahead, beyond the capacity if need be. */
    Storage reserveForEventBlob(SuiAddress id, long bytes) {
        return reserveUnpaid(id, bytes, epoch(), epoch() + ring.epochsAhead(), false);
    }

    /** Pays for keeping bytes longer, and books them. */
    void extend(long bytes, long oldEnd, long epochs, Balance payment, String function) {
        Abort.unless(epochs > 0, MODULE, function, 2);
        Abort.unless(oldEnd + epochs - epoch() <= ring.epochsAhead(), MODULE, function, 2);
        pay(bytes, oldEnd, oldEnd + epochs, payment);
        book(bytes, oldEnd, oldEnd + epochs, true, function);
    }

    /** Pays for more bytes until {@code end}, and books them. */
    void enlarge(long bytes, long end, Balance payment) {
        pay(bytes, epoch(), end, payment);
        book(bytes, epoch(), end, true, "account_capacity");
    }

    /** The fee for a blob's first upload goes to the current epoch. */
    void payWrite(long encodedBytes, Balance payment) {
        ring.reward(0, payment.split(U64.multiply(writePrice, EncodedSize.units(encodedBytes))));
    }

    private void pay(long bytes, long start, long end, Balance payment) {
        long due = U64.multiply(storagePrice, EncodedSize.units(bytes));
        for (long epoch = start; epoch < end; epoch++) {
            ring.reward(epoch - epoch(), payment.split(due));
        }
    }

    private void book(long bytes, long start, long end, boolean checkCapacity, String function) {
        for (long epoch = start; epoch < end; epoch++) {
            long used = ring.reserve(epoch - epoch(), bytes);
            if (epoch == epoch()) {
                usedCapacity = used;
            }
            Abort.unless(!checkCapacity || Long.compareUnsigned(used, totalCapacity) <= 0, MODULE, function, 1);
        }
    }

    /** Spreads a gift evenly over the current and coming epochs, the current one getting what is left. */
    void addSubsidy(Balance gift, long epochs) {
        Abort.unless(epochs > 0 && epochs <= ring.epochsAhead(), MODULE, "add_subsidy", 2);
        long perEpoch = Long.divideUnsigned(gift.value(), epochs);
        for (long offset = 0; offset < epochs; offset++) {
            ring.reward(offset, gift.split(perEpoch));
        }
        ring.reward(0, gift);
    }

    /** Bytes that a blob takes once encoded for this committee. */
    long encodedSize(long unencodedBytes, int encodingType) {
        return encodedSize(committee.nShards(), unencodedBytes, encodingType);
    }

    static long encodedSize(int nShards, long unencodedBytes, int encodingType) {
        Abort.unless(encodingType == 1, "encoding", "encoded_blob_length", 0);
        return EncodedSize.of(nShards, unencodedBytes)
                .orElseThrow(() -> new ArithmeticException("a blob of %s bytes is too large for %d shards"
                        .formatted(Long.toUnsignedString(unencodedBytes), nShards)));
    }

    /**
     * Ends the epoch. What is left of its pot after the burn is shared out by shards, less what a node has deny-listed;
     * what rounding leaves goes to the new epoch.
     *
     * @param denied encoded bytes on the deny list of a node
     * @return the rewards of the committee that leaves
     */
    SequencedMap<SuiAddress, Balance> advance(BlsCommittee next, long capacity, Map<SuiAddress, Long> denied) {
        Abort.unless(next.epoch() == epoch() + 1, MODULE, "advance_epoch", 4);
        FutureAccounting ended = ring.pop();
        Abort.unless(ended.epoch() == epoch(), MODULE, "advance_epoch", 5);
        var stored = new LinkedHashMap<SuiAddress, BigInteger>();
        for (Member member : committee.members()) {
            long served =
                    ended.usedCapacity() - U64.min(denied.getOrDefault(member.nodeId(), 0L), ended.usedCapacity());
            stored.put(member.nodeId(), U64.big(served).multiply(BigInteger.valueOf(member.weight())));
        }
        var all = stored.values().stream()
                .reduce(BigInteger.ZERO, BigInteger::add)
                .max(BigInteger.ONE);
        var pot = new Balance(ended.rewardsToDistribute());
        var total = U64.big(pot.value());
        var rewards = new LinkedHashMap<SuiAddress, Balance>();
        stored.forEach((node, share) ->
                rewards.put(node, pot.split(share.multiply(total).divide(all).longValueExact())));
        ring.reward(0, pot);

        committee = next;
        eventBlobs = new EventBlobCertificationState(eventBlobs.latestCertifiedBlob(), new LinkedHashMap<>());
        usedCapacity = ring.at(0).usedCapacity();
        totalCapacity = U64.max(capacity, usedCapacity);
        return rewards;
    }
}
