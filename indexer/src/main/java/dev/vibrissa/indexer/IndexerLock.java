package dev.vibrissa.indexer;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import java.sql.SQLException;
import java.util.Optional;

/** The turns of an indexer: what can go on at the same time, each once. */
enum IndexerLock {
    /** Indexing forward. */
    TIP,
    /** Filling history in behind. */
    BACKFILL,
    /** Folding projections again, or changing the facts that they are folded from. */
    REBUILD;

    /** "vibrissa" as eight ASCII bytes: any number will do, as long as it is ours. */
    private static final long KEY = 0x7669627269737361L;

    /** Empty if another session has the turn. */
    Optional<Turn> tryTake(Database database) throws SQLException {
        return Turn.tryTake(database, KEY + ordinal());
    }

    /** @throws IndexerBusyException if another session has the turn, saying so with {@code who} */
    Turn take(Database database, String who) throws SQLException {
        return tryTake(database).orElseThrow(() -> new IndexerBusyException(who + " works on this database"));
    }
}
