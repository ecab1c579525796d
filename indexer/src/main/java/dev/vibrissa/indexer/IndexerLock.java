package dev.vibrissa.indexer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The right to one kind of work on a database: a PostgreSQL advisory lock, held by a session of its own and so given
 * back by the server itself when the process dies.
 */
final class IndexerLock implements AutoCloseable {
    /** "vibrissa" as eight ASCII bytes: any number will do, as long as it is ours. */
    private static final long KEY = 0x7669627269737361L;

    private final Connection session;
    private final Work work;

    /** What can go on at the same time, each once. */
    enum Work {
        /** Indexing forward. */
        TIP,
        /** Filling history in behind. */
        BACKFILL,
        /** Folding projections again, or changing the facts that they are folded from. */
        REBUILD;

        long key() {
            return KEY + ordinal();
        }
    }

    private IndexerLock(Connection session, Work work) {
        this.session = session;
        this.work = work;
    }

    /** Takes the lock over {@code session}, which it closes at the end; empty if another session holds it. */
    static Optional<IndexerLock> tryTake(Connection session, Work work) throws SQLException {
        try (PreparedStatement select = session.prepareStatement("select pg_try_advisory_lock(?)")) {
            select.setLong(1, work.key());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                if (result.getBoolean(1)) {
                    return Optional.of(new IndexerLock(session, work));
                }
            }
        }
        session.close();
        return Optional.empty();
    }

    /** Gives the lock back before the session ends: PostgreSQL ends one a while after its client has gone. */
    @Override
    public void close() throws SQLException {
        try (session;
                PreparedStatement unlock = session.prepareStatement("select pg_advisory_unlock(?)")) {
            unlock.setLong(1, work.key());
            unlock.execute();
        }
    }
}
