package dev.vibrissa.indexer.news;

import com.google.protobuf.Timestamp;
import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells what is new in a batch. */
public final class News {
    private final Map<Position, Origin> origins = new HashMap<>();
    private final List<Item> items = new ArrayList<>();

    private News() {}

    /** Of a transaction: in the order of the chain. */
    private record Position(long checkpoint, int transactionIndex) implements Comparable<Position> {
        private static final Comparator<Position> ORDER =
                Comparator.comparingLong(Position::checkpoint).thenComparingInt(Position::transactionIndex);

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    private record Origin(Instant at, String transaction, String sender) {}

    private record Item(Position position, Change.Builder change) {}

    /**
     * Appends what a batch changed to the outbox, last thing in the transaction that stored and folded it.
     *
     * <p>The same checkpoints give the same changes in the same order, however they are batched.
     */
    public static void tell(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var news = new News();
        for (CheckpointFacts checkpoint : batch) {
            for (TransactionFacts transaction : checkpoint.transactions()) {
                news.read(checkpoint, transaction);
            }
        }
        if (!news.origins.isEmpty()) {
            FoldedNews.between(
                    db, batch.getFirst().sequenceNumber(), batch.getLast().sequenceNumber(), news::add);
            Outbox.append(db, news.inOrder());
        }
    }

    private void read(CheckpointFacts checkpoint, TransactionFacts transaction) {
        var position = new Position(checkpoint.sequenceNumber(), transaction.index());
        origins.put(
                position,
                new Origin(
                        checkpoint.timestamp(),
                        transaction.digest().toString(),
                        transaction.sender().toString()));
        for (Change.Builder each : TransactionNews.of(transaction)) {
            items.add(new Item(position, each));
        }
    }

    private void add(long checkpoint, int transactionIndex, Change.Builder change) {
        items.add(new Item(new Position(checkpoint, transactionIndex), change));
    }

    private List<Change> inOrder() {
        items.sort(Comparator.comparing(Item::position)); // keeps the order within a transaction
        var changes = new ArrayList<Change>(items.size());
        long checkpoint = -1;
        int ordinal = 0;
        for (Item each : items) {
            Origin origin = origins.get(each.position());
            if (origin == null) {
                throw new IllegalStateException("checkpoint %d has no transaction %d"
                        .formatted(each.position().checkpoint(), each.position().transactionIndex()));
            }
            ordinal = each.position().checkpoint() == checkpoint ? ordinal + 1 : 0;
            checkpoint = each.position().checkpoint();
            Change.Builder change = each.change()
                    .setAt(Timestamp.newBuilder()
                            .setSeconds(origin.at().getEpochSecond())
                            .setNanos(origin.at().getNano()));
            change.getPlaceBuilder()
                    .setCheckpoint(checkpoint)
                    .setOrdinal(ordinal)
                    .setTransaction(origin.transaction())
                    .setSender(origin.sender());
            changes.add(change.build());
        }
        return changes;
    }
}
