package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.news.News;
import dev.vibrissa.indexer.write.FactWriter;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.indexer.write.Watermarks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** The live projections, in the transaction that stores the facts they are folded from. */
public final class Projections {
    private static final List<String> PIPELINES =
            Arrays.stream(Projection.values()).map(Projection::pipeline).toList();

    private Projections() {}

    /**
     * Folds a batch that the facts were just extended by. A projection that does not end where the batch begins is left
     * alone: it is newer than the database and has to be folded from the facts first. What is new is told to others, last:
     * see {@link dev.vibrissa.changes.Outbox}.
     */
    public static void fold(Connection db, List<Accepted> batch) throws SQLException {
        var following = Watermarks.follow(db, PIPELINES, batch);
        var facts = FactWriter.facts(batch);
        for (Projection projection : Projection.values()) {
            if (following.contains(projection.pipeline())) {
                projection.fold(db, facts);
            }
        }
        News.tell(db, facts);
    }

    /** Adds to the sums what was filled in behind. */
    public static void addBehind(Connection db, List<Accepted> batch) throws SQLException {
        var facts = FactWriter.facts(batch);
        for (Projection projection : Projection.values()) {
            if (projection.isSum()
                    && Watermarks.firstOf(db, projection.pipeline()).isPresent()) {
                projection.fold(db, facts);
                Watermarks.folded(db, projection.pipeline(), batch.getFirst().sequenceNumber());
            }
        }
    }

    /** Has the sums forget the stored facts of a range, which the caller is about to read again. */
    public static void forget(Connection db, long first, long last) throws SQLException {
        TotalsProjection.unfold(db, first, last);
    }

    /** Adds to the sums what was read again. */
    public static void addAgain(Connection db, List<Accepted> batch) throws SQLException {
        TotalsProjection.fold(db, FactWriter.facts(batch));
    }
}
