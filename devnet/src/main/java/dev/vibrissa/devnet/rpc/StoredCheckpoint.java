package dev.vibrissa.devnet.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A checkpoint of the ledger as it is stored and as it decodes.
 *
 * @param wire what the checkpoint store has: bodies in BCS only
 */
record StoredCheckpoint(dev.vibrissa.rpc.v2.Checkpoint wire, Checkpoint decoded) {
    static StoredCheckpoint read(byte[] stored, long sequenceNumber) {
        try {
            return new StoredCheckpoint(
                    dev.vibrissa.rpc.v2.Checkpoint.parseFrom(stored),
                    CheckpointFile.read(stored, "checkpoint " + sequenceNumber));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the ledger's checkpoint %d is no protobuf".formatted(sequenceNumber), e);
        }
    }

    long sequenceNumber() {
        return decoded.summary().sequenceNumber();
    }

    List<Transaction> transactions() {
        return IntStream.range(0, decoded.transactions().size())
                .mapToObj(this::transaction)
                .toList();
    }

    Transaction transaction(int index) {
        return new Transaction(this, decoded.transactions().get(index));
    }

    /** One of its transactions. What does not decode is as if it were not there. */
    record Transaction(StoredCheckpoint checkpoint, ExecutedTransaction executed) {
        Optional<TransactionData> data() {
            return executed.data().decoded();
        }

        Optional<TransactionEffects> effects() {
            return executed.effects().decoded();
        }

        List<Event> events() {
            return executed.events().flatMap(Part::decoded).orElse(List.of());
        }
    }
}
