package dev.vibrissa.devnet.rpc;

import com.google.protobuf.Timestamp;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointContents.UserSignature;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.GasPayment;
import dev.vibrissa.rpc.v2.Object;
import dev.vibrissa.rpc.v2.ObjectReference;
import dev.vibrissa.rpc.v2.ObjectSet;
import dev.vibrissa.rpc.v2.Transaction;
import dev.vibrissa.rpc.v2.TransactionEvents;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Executed transactions as {@code sui.rpc.v2} shows them. */
final class TransactionMessages {
    private TransactionMessages() {}

    /** A transaction delivered by itself. */
    static ExecutedTransaction alone(StoredCheckpoint.Transaction transaction, ReadMask mask) {
        var message = parts(transaction, mask);
        if (mask.has("objects")) {
            transaction
                    .effects()
                    .ifPresent(effects -> message.setObjects(objects(transaction, effects, mask.within("objects"))));
        }
        return mask.trim(message.build());
    }

    /** A transaction in its checkpoint, which holds the objects of all. */
    static ExecutedTransaction inside(StoredCheckpoint.Transaction transaction, ReadMask mask) {
        return mask.trim(parts(transaction, mask).build());
    }

    private static ExecutedTransaction.Builder parts(StoredCheckpoint.Transaction transaction, ReadMask mask) {
        var executed = transaction.executed();
        var checkpoint = transaction.checkpoint().decoded();
        var message = ExecutedTransaction.newBuilder()
                .setCheckpoint(checkpoint.summary().sequenceNumber())
                .setTimestamp(timestamp(checkpoint.summary().timestamp()))
                .setTransactionIndex(executed.index());
        if (mask.has("digest")) {
            message.setDigest(executed.digest().toString());
        }
        if (mask.has("transaction")) {
            message.setTransaction(data(transaction, mask.within("transaction")));
        }
        if (mask.has("signatures")) {
            checkpoint
                    .contents()
                    .transactions()
                    .get(executed.index())
                    .signatures()
                    .forEach(signature -> message.addSignatures(signature(signature)));
        }
        if (mask.has("effects")) {
            message.setEffects(EffectsMessages.of(transaction, mask.within("effects")));
        }
        if (mask.has("events")) {
            executed.events()
                    .ifPresent(events -> message.setEvents(events(transaction, events.bcs(), mask.within("events"))));
        }
        if (mask.has("balance_changes")) {
            transaction
                    .effects()
                    .ifPresent(
                            effects -> message.addAllBalanceChanges(BalanceChanges.of(effects, checkpoint.objects())));
        }
        return message;
    }

    private static Transaction data(StoredCheckpoint.Transaction transaction, ReadMask mask) {
        var executed = transaction.executed();
        var message = Transaction.newBuilder()
                .setBcs(ObjectMessages.bcs("TransactionData", executed.data().bcs()));
        if (mask.hasMoreThan("bcs")) {
            message.setDigest(executed.digest().toString()).setVersion(1);
            transaction
                    .data()
                    .ifPresent(
                            data -> message.setSender(data.sender().toString()).setGasPayment(gas(data.gas())));
        }
        return message.build();
    }

    private static GasPayment gas(TransactionData.GasData gas) {
        var message = GasPayment.newBuilder()
                .setOwner(gas.owner().toString())
                .setPrice(gas.price())
                .setBudget(gas.budget());
        for (var coin : gas.payment()) {
            message.addObjects(ObjectReference.newBuilder()
                    .setObjectId(coin.id().toString())
                    .setVersion(coin.version())
                    .setDigest(coin.digest().toString()));
        }
        return message.build();
    }

    static dev.vibrissa.rpc.v2.UserSignature signature(UserSignature signature) {
        return dev.vibrissa.rpc.v2.UserSignature.newBuilder()
                .setBcs(ObjectMessages.bcs("UserSignatureBytes", signature.bytes()))
                .build();
    }

    private static TransactionEvents events(StoredCheckpoint.Transaction transaction, Bytes bcs, ReadMask mask) {
        var message = TransactionEvents.newBuilder().setBcs(ObjectMessages.bcs("TransactionEvents", bcs));
        if (mask.has("digest")) {
            message.setDigest(DigestKind.EVENTS.digest(bcs).toString());
        }
        if (mask.has("events")) {
            var within = mask.within("events");
            transaction.events().forEach(event -> message.addEvents(EventMessages.of(event, within)));
        }
        return message.build();
    }

    /** The objects that the transaction changed, before and after, as far as the checkpoint has them. */
    private static ObjectSet objects(
            StoredCheckpoint.Transaction transaction, TransactionEffects effects, ReadMask mask) {
        var known = transaction.checkpoint().decoded().objects();
        var message = ObjectSet.newBuilder();
        effects.changedObjects().stream()
                .flatMap(change -> Stream.of(known.before(change), known.after(effects, change)))
                .flatMap(Optional::stream)
                .flatMap(object -> object(object, mask.within("objects")).stream())
                .forEach(message::addObjects);
        return message.build();
    }

    static Optional<Object> object(RawObject raw, ReadMask mask) {
        return raw.object().decoded().map(object -> ObjectMessages.of(object, raw.bcs(), mask));
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
