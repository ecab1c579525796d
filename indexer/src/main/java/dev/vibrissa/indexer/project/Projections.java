package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.indexer.write.FactWriter.Observed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** All projections, folded over one batch in the caller's transaction. */
public final class Projections {
    private Projections() {}

    /**
     * @param batch accepted checkpoints in order, following what was folded before
     * @return objects that our history shows first as somebody's input; the caller stores them as facts
     */
    public static List<Observed> fold(Connection db, List<Accepted> batch) throws SQLException {
        List<Observed> observed = BlobProjection.project(db, batch);
        EpochProjection.project(db, batch);
        TotalsProjection.project(db, batch);
        return observed;
    }
}
