package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;
import java.util.Optional;

/**
 * What a transaction did, as the validators signed it. Both versions come in the shape of version 2.
 *
 * @param version 1 or 2: how it was written
 * @param epoch the epoch in which it ran
 * @param gasObjectIndex where in {@code changedObjects} the coin is that paid; empty where none did
 * @param dependencies transactions that had to run before
 * @param lamportVersion the version of every object that was written, packages excepted
 */
public record TransactionEffects(
        int version,
        ExecutionStatus status,
        long epoch,
        GasCost gas,
        Digest transactionDigest,
        Optional<Integer> gasObjectIndex,
        Optional<Digest> eventsDigest,
        List<Digest> dependencies,
        long lamportVersion,
        List<ChangedObject> changedObjects,
        List<UnchangedConsensusObject> unchangedConsensusObjects,
        Optional<Digest> auxiliaryDigest) {

    private static final int DIGEST_BYTES = 33;

    public static TransactionEffects decode(BcsReader in) {
        return switch (in.variant("TransactionEffects", 2)) {
            case 0 -> EffectsV1.decode(in);
            default -> decodeV2(in);
        };
    }

    private static TransactionEffects decodeV2(BcsReader in) {
        return new TransactionEffects(
                2,
                ExecutionStatus.decode(in),
                in.u64(),
                GasCost.decode(in),
                Digest.decode(in),
                in.option(index -> (int) index.u32()),
                in.option(Digest::decode),
                in.list(DIGEST_BYTES, Digest::decode),
                in.u64(),
                in.list(ChangedObject.MIN_BYTES, ChangedObject::decode),
                in.list(UnchangedConsensusObject.MIN_BYTES, UnchangedConsensusObject::decode),
                in.option(Digest::decode));
    }

    /**
     * Writes effects V2.
     *
     * @throws IllegalStateException if these were read from version 1, which nothing writes any more
     */
    public void encode(BcsWriter out) {
        if (version != 2) {
            throw new IllegalStateException("effects V%d are not written".formatted(version));
        }
        status.encode(out.uleb(1));
        out.u64(epoch);
        gas.encode(out);
        transactionDigest.encodeWithLength(out);
        out.option(gasObjectIndex, (each, index) -> each.u32(index))
                .option(eventsDigest, (each, digest) -> digest.encodeWithLength(each))
                .list(dependencies, (each, digest) -> digest.encodeWithLength(each))
                .u64(lamportVersion)
                .list(changedObjects, (each, changed) -> changed.encode(each))
                .list(unchangedConsensusObjects, (each, unchanged) -> unchanged.encode(each))
                .option(auxiliaryDigest, (each, digest) -> digest.encodeWithLength(each));
    }
}
