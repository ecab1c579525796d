package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads BCS {@code CheckpointData}, the older container. Everything is decoded to find where it ends, so anything
 * unknown ends the reading.
 */
final class CheckpointChk {
    /** A list header of 1, three intent bytes, the smallest transaction, no signature, effects, three empty lists. */
    private static final int MIN_TRANSACTION_BYTES = 100;

    /** Scope transaction, version 0, app Sui. */
    private static final Bytes TRANSACTION_INTENT = Bytes.of(new byte[3]);

    private final BcsReader in;
    private final List<Bytes> objects = new ArrayList<>();

    private CheckpointChk(Bytes file) {
        in = file.reader();
    }

    /**
     * @throws BcsException if {@code file} is not exactly one checkpoint
     */
    static Checkpoint read(Bytes file, String name) {
        return new CheckpointChk(file).read(name);
    }

    private Checkpoint read(String name) {
        var summary = part(CheckpointSummary::decode);
        var signature = AuthoritySignature.decode(in);
        var contents = part(CheckpointContents::decode);
        var entries = contents.value().transactions();
        int count = in.length(MIN_TRANSACTION_BYTES);
        if (count != entries.size()) {
            throw new CheckpointFormatException(
                    name, "%d transactions, but its contents list %d".formatted(count, entries.size()));
        }
        var transactions = new ArrayList<ExecutedTransaction>(count);
        for (int i = 0; i < count; i++) {
            transactions.add(transaction(i, entries.get(i)));
        }
        in.end();
        return new Checkpoint(
                summary.value(),
                summary.bcs(),
                DigestKind.CHECKPOINT_SUMMARY.digest(summary.bcs()),
                signature,
                contents.value(),
                contents.bcs(),
                List.copyOf(transactions),
                ObjectSet.of(objects));
    }

    private ExecutedTransaction transaction(int index, CheckpointContents.Entry entry) {
        Part<TransactionData> data = signedTransaction();
        Part<TransactionEffects> effects = part(TransactionEffects::decode);
        Optional<Part<List<Event>>> events = in.option(_ -> part(Event::decodeList));
        objects(); // as read
        objects(); // as written
        return new ExecutedTransaction(index, entry.transaction(), entry.effects(), data, effects, events);
    }

    private Part<TransactionData> signedTransaction() {
        int start = in.position();
        int count = in.uleb();
        if (count != 1) {
            throw new BcsException("%d transactions where 1 is due".formatted(count), start);
        }
        if (!in.view(3).equals(TRANSACTION_INTENT)) {
            throw new BcsException("the intent is not that of a transaction", start + 1);
        }
        Part<TransactionData> data = part(TransactionData::decode);
        for (int left = in.length(1); left > 0; left--) {
            in.skipBytes(); // signatures, which the contents have too
        }
        return data;
    }

    private void objects() {
        for (int left = in.length(SuiObject.MIN_BYTES); left > 0; left--) {
            objects.add(part(SuiObject::decode).bcs());
        }
    }

    private <T> Part.Decoded<T> part(Function<BcsReader, T> type) {
        int start = in.position();
        T value = type.apply(in);
        return new Part.Decoded<>(value, in.viewSince(start));
    }
}
