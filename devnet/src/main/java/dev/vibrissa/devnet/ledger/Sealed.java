package dev.vibrissa.devnet.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.CheckpointContents;
import dev.vibrissa.protocol.sui.CheckpointContents.UserSignature;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.EndOfEpoch;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.rpc.v2.Bcs;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.ObjectReference;
import dev.vibrissa.rpc.v2.ObjectSet;
import dev.vibrissa.rpc.v2.Transaction;
import dev.vibrissa.rpc.v2.TransactionEffects;
import dev.vibrissa.rpc.v2.TransactionEvents;
import dev.vibrissa.rpc.v2.ValidatorAggregatedSignature;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A checkpoint as it was signed.
 *
 * @param message binary {@code sui.rpc.v2.Checkpoint} as the checkpoint store has it: BCS of every part, nothing that
 *     could be derived
 */
record Sealed(CheckpointSummary summary, Digest digest, byte[] message) {
    private static final GasCost NO_GAS = new GasCost(0, 0, 0, 0);

    /** The chain so far, by its last checkpoint. */
    record Tip(CheckpointSummary summary, Digest digest) {
        /** The epoch of the next checkpoint. */
        long nextEpoch() {
            return summary.epoch() + (summary.endOfEpoch().isPresent() ? 1 : 0);
        }

        /** What was spent in that epoch so far. */
        GasCost gas() {
            return summary.endOfEpoch().isPresent() ? NO_GAS : summary.gas();
        }
    }

    Tip tip() {
        return new Tip(summary, digest);
    }

    /**
     * @param before empty for checkpoint 0
     */
    static Sealed of(
            Optional<Tip> before,
            List<Pending> transactions,
            Instant time,
            Optional<EndOfEpoch> endOfEpoch,
            Validators validators) {
        var contents = new CheckpointContents(
                2,
                transactions.stream()
                        .map(each -> new CheckpointContents.Entry(
                                each.digest(),
                                each.effectsDigest(),
                                each.signatures().stream()
                                        .map(signature -> new UserSignature(signature, OptionalLong.empty()))
                                        .toList()))
                        .toList());
        Bytes contentsBcs = Bytes.of(BcsWriter.encode(contents, (out, each) -> each.encode(out)));
        long sequenceNumber =
                before.map(tip -> tip.summary.sequenceNumber() + 1).orElse(0L);
        var summary = new CheckpointSummary(
                before.map(Tip::nextEpoch).orElse(0L),
                sequenceNumber,
                before.map(tip -> tip.summary.networkTotalTransactions()).orElse(0L) + transactions.size(),
                DigestKind.CHECKPOINT_CONTENTS.digest(contentsBcs),
                before.map(Tip::digest),
                gas(before.map(Tip::gas).orElse(NO_GAS), transactions),
                time,
                List.of(),
                endOfEpoch,
                Bytes.EMPTY);
        Bytes summaryBcs = Bytes.of(BcsWriter.encode(summary, (out, each) -> each.encode(out)));
        AuthoritySignature signature = validators.sign(summaryBcs, summary.epoch(), sequenceNumber);
        var message = Checkpoint.newBuilder()
                .setSequenceNumber(sequenceNumber)
                .setSummary(dev.vibrissa.rpc.v2.CheckpointSummary.newBuilder().setBcs(bcs(summaryBcs)))
                .setSignature(ValidatorAggregatedSignature.newBuilder()
                        .setEpoch(signature.epoch())
                        .setSignature(bytes(signature.signature()))
                        .setBitmap(bytes(signature.bitmap())))
                .setContents(dev.vibrissa.rpc.v2.CheckpointContents.newBuilder().setBcs(bcs(contentsBcs)))
                .setObjects(objects(transactions));
        transactions.forEach(each -> message.addTransactions(transaction(each)));
        return new Sealed(
                summary,
                DigestKind.CHECKPOINT_SUMMARY.digest(summaryBcs),
                message.build().toByteArray());
    }

    static GasCost gas(GasCost before, List<Pending> transactions) {
        GasCost sum = before;
        for (Pending each : transactions) {
            GasCost cost = each.effects().gas();
            sum = new GasCost(
                    sum.computation() + cost.computation(),
                    sum.storage() + cost.storage(),
                    sum.rebate() + cost.rebate(),
                    sum.nonRefundable() + cost.nonRefundable());
        }
        return sum;
    }

    private static ExecutedTransaction transaction(Pending transaction) {
        var effects = TransactionEffects.newBuilder().setBcs(bcs(transaction.effectsBcs()));
        for (ObjectRef ref : transaction.loadedOnly()) {
            effects.addUnchangedLoadedRuntimeObjects(ObjectReference.newBuilder()
                    .setObjectId(ref.id().toString())
                    .setVersion(ref.version())
                    .setDigest(ref.digest().toString()));
        }
        var message = ExecutedTransaction.newBuilder()
                .setTransaction(Transaction.newBuilder().setBcs(bcs(transaction.dataBcs())))
                .setEffects(effects);
        transaction
                .eventsBcs()
                .ifPresent(events ->
                        message.setEvents(TransactionEvents.newBuilder().setBcs(bcs(events))));
        return message.build();
    }

    /** Each version once, by id and version. */
    private static ObjectSet objects(List<Pending> transactions) {
        record Version(SuiAddress id, long number) {}
        var objects = new TreeMap<Version, StoredObject>(
                Comparator.comparing(Version::id).thenComparingLong(Version::number));
        for (Pending transaction : transactions) {
            transaction.read().forEach(each -> objects.put(new Version(each.id(), each.version()), each));
            transaction.written().forEach(each -> objects.put(new Version(each.id(), each.version()), each));
        }
        var set = ObjectSet.newBuilder();
        objects.values()
                .forEach(object ->
                        set.addObjects(dev.vibrissa.rpc.v2.Object.newBuilder().setBcs(bcs(object.bcs()))));
        return set.build();
    }

    private static Bcs bcs(Bytes value) {
        return Bcs.newBuilder().setValue(bytes(value)).build();
    }

    private static ByteString bytes(Bytes value) {
        return value.with(UnsafeByteOperations::unsafeWrap); // never modified, like the bytes it is
    }
}
