package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The head of a checkpoint: what the validators sign.
 *
 * @param networkTotalTransactions transactions since genesis, this checkpoint included
 * @param previousDigest digest of the summary before, absent only in checkpoint 0
 * @param gas sum over the epoch so far, this checkpoint included
 * @param timestamp the chain's clock, whole milliseconds
 * @param endOfEpoch present in the last checkpoint of an epoch
 */
public record CheckpointSummary(
        long epoch,
        long sequenceNumber,
        long networkTotalTransactions,
        Digest contentDigest,
        Optional<Digest> previousDigest,
        GasCost gas,
        Instant timestamp,
        List<CheckpointCommitment> commitments,
        Optional<EndOfEpoch> endOfEpoch,
        Bytes versionSpecificData) {

    public static CheckpointSummary decode(BcsReader in) {
        return new CheckpointSummary(
                in.u64(),
                in.u64(),
                in.u64(),
                Digest.decode(in),
                in.option(Digest::decode),
                GasCost.decode(in),
                Instant.ofEpochMilli(in.u64()),
                in.list(34, CheckpointCommitment::decode),
                in.option(EndOfEpoch::decode),
                in.bytesView());
    }

    public void encode(BcsWriter out) {
        out.u64(epoch).u64(sequenceNumber).u64(networkTotalTransactions);
        contentDigest.encodeWithLength(out);
        out.option(previousDigest, (each, digest) -> digest.encodeWithLength(each));
        gas.encode(out);
        out.u64(timestamp.toEpochMilli())
                .list(commitments, (each, commitment) -> commitment.encode(each))
                .option(endOfEpoch, (each, end) -> end.encode(each))
                .bytes(versionSpecificData);
    }

    /**
     * The committee of the next epoch, if this is the last checkpoint of its own. As trustworthy as this summary:
     * check its certificate first.
     *
     * @throws IllegalArgumentException if the members are none or their stake is impossible
     */
    public Optional<Committee> nextCommittee() {
        return endOfEpoch.map(end -> new Committee(epoch + 1, end.nextCommittee()));
    }
}
