package dev.vibrissa.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The right to one kind of work on a database, which one process has at a time: an advisory lock of PostgreSQL, held by a
 * session of its own.
 *
 * <p>Three things make sure that nobody writes out of turn. A thread asks the session twice a second whether it still
 * answers, and ends ours that write as soon as it does not. Whoever wants the turn ends a session that has asked nothing
 * for four seconds, which is later than its holder notices; so a cut network, a frozen process and a dead one are all the same,
 * and who stands by waits no longer than that. Where nobody wants it, a holder that was busy for longer keeps it. And
 * whoever takes the turn first ends the sessions that his predecessor wrote over, so that what those left open is rolled
 * back before anything is read.
 *
 * <p>The sessions must be PostgreSQL's own: a pooler that shares them between transactions would share the lock, too.
 */
public final class Turn implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Turn.class);

    /** Between two questions. */
    private static final Duration BEAT = Duration.ofMillis(500);

    /** For the answer to a beat. */
    private static final Duration BEAT_WITHIN = Duration.ofSeconds(3);

    /** For any other answer, logging in included. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(4);

    /**
     * Beyond beat and answer: others let go of a silent holder after it has noticed. Much below the ten seconds within
     * which they are to be at work, of which a busy machine takes some for itself.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** How long a statement of a writer may take. */
    private static final Duration STATEMENT_WITHIN = Duration.ofMinutes(15);

    /** For a session of the predecessor to end. */
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final Database database;
    private final Connection lease;
    private final long key;
    private final String writers;
    private final List<Connection> writing = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread beating;
    private volatile @Nullable String lost;

    private Turn(Database database, Connection lease, long key, String writers) {
        this.database = database;
        this.lease = lease;
        this.key = key;
        this.writers = writers;
        this.beating = Thread.ofPlatform().daemon().name("turn").unstarted(this::beat);
    }

    /**
     * Takes the turn, unless another session has it.
     *
     * @param key number of the lock
     * @throws SQLException also if the server does not answer within four seconds
     */
    public static Optional<Turn> tryTake(Database database, long key) throws SQLException {
        String writers = "vibrissa writes " + Long.toHexString(key);
        Connection lease = database.connect(ANSWER_WITHIN);
        boolean taken = false;
        try {
            taken = lock(lease, key) || endSilent(lease, key) && lock(lease, key);
            if (!taken) {
                return Optional.empty();
            }
            endPredecessor(lease, writers);
            lease.setNetworkTimeout(Runnable::run, Math.toIntExact(BEAT_WITHIN.toMillis()));
            var turn = new Turn(database, lease, key, writers);
            turn.beating.start();
            return Optional.of(turn);
        } catch (SQLException | RuntimeException fault) {
            taken = false;
            throw fault;
        } finally {
            if (!taken) {
                lease.close();
            }
        }
    }

    private static boolean lock(Connection lease, long key) throws SQLException {
        try (PreparedStatement select = lease.prepareStatement(
                "select set_config('application_name', 'vibrissa turn', false), pg_try_advisory_lock(?)")) {
            select.setLong(1, key);
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getBoolean(2);
            }
        }
    }

    /** Whether the lock was held by a session that is silent for too long, and that session has ended. */
    private static boolean endSilent(Connection lease, long key) throws SQLException {
        try (PreparedStatement select = lease.prepareStatement("""
                select holder.pid, pg_terminate_backend(holder.pid, ?)
                from pg_locks held join pg_stat_activity holder using (pid)
                where held.locktype = 'advisory' and held.granted and held.objsubid = 1
                  and held.database = (select oid from pg_database where datname = current_database())
                  and (held.classid::bigint << 32 | held.objid::bigint) = ?
                  and holder.usename = current_user and holder.state = 'idle'
                  and clock_timestamp() - holder.state_change > ? * interval '1 millisecond'
                """)) {
            select.setLong(1, END_WITHIN.toMillis());
            select.setLong(2, key);
            select.setLong(3, PATIENCE.toMillis());
            try (ResultSet rows = select.executeQuery()) {
                boolean ended = false;
                while (rows.next()) {
                    ended |= rows.getBoolean(2);
                    LOG.warnf("ended session of a silent holder pid=%d ended=%b", rows.getInt(1), rows.getBoolean(2));
                }
                return ended;
            }
        }
    }

    /** Whoever wrote in his turn has lost it. A session that hangs in a cut network would keep its row locks for hours. */
    private static void endPredecessor(Connection lease, String writers) throws SQLException {
        try (PreparedStatement select = lease.prepareStatement("""
                select pid, pg_terminate_backend(pid, ?) from pg_stat_activity
                where datname = current_database() and usename = current_user and application_name = ?
                """)) {
            select.setLong(1, END_WITHIN.toMillis());
            select.setString(2, writers);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    LOG.warnf("ended session of the former holder pid=%d ended=%b", rows.getInt(1), rows.getBoolean(2));
                }
            }
        }
    }

    /**
     * A new session to write over, which the caller closes. It ends when the turn is lost, in the middle of whatever it does.
     *
     * @throws TurnLostException if the turn is lost already
     */
    public Connection connect() throws SQLException {
        require();
        Connection writer = database.connect(ANSWER_WITHIN);
        boolean ready = false;
        try {
            writer.setNetworkTimeout(Runnable::run, Math.toIntExact(STATEMENT_WITHIN.toMillis()));
            writer.setClientInfo("ApplicationName", writers);
            // A process that was frozen until here may have a successor, who found no such session to end.
            ask();
            synchronized (writing) {
                require();
                for (var each = writing.iterator(); each.hasNext(); ) {
                    if (each.next().isClosed()) {
                        each.remove();
                    }
                }
                writing.add(writer);
            }
            ready = true;
            return writer;
        } finally {
            if (!ready) {
                writer.close();
            }
        }
    }

    /** @throws TurnLostException if the turn is lost */
    public void require() throws TurnLostException {
        String reason = lost;
        if (reason != null) {
            throw new TurnLostException(reason, null);
        }
    }

    /** What a fault of a writer comes from: the turn, if it is lost. */
    public SQLException explained(SQLException fault) {
        String reason = lost;
        return reason == null || fault instanceof TurnLostException ? fault : new TurnLostException(reason, fault);
    }

    private void beat() {
        try {
            while (lost == null && !closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                ask();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it
        }
    }

    /** Whether the turn is still ours, after which {@link #require} knows. */
    private void ask() {
        try (var statement = lease.createStatement()) {
            statement.execute("select");
        } catch (SQLException fault) {
            lose("the session that held the turn ended: " + fault.getMessage());
        }
    }

    private void lose(String reason) {
        synchronized (writing) {
            if (lost == null) {
                lost = reason;
            }
            for (Connection writer : writing) {
                try {
                    writer.abort(Runnable::run);
                } catch (SQLException fault) {
                    LOG.warnf("a session could not be ended reason=\"%s\"", fault.getMessage());
                }
            }
        }
    }

    /** Gives the turn back before the session ends: PostgreSQL ends one a while after its client has gone. */
    @Override
    public void close() {
        closed.countDown();
        joinBeating();
        try (lease) {
            if (lost == null) {
                try (PreparedStatement unlock = lease.prepareStatement("select pg_advisory_unlock(?)")) {
                    unlock.setLong(1, key);
                    unlock.execute();
                }
            }
        } catch (SQLException gone) { // and the lock with it
            LOG.debugf("the session of a turn had ended reason=\"%s\"", gone.getMessage());
        }
    }

    /** Uninterruptible, for the lock is to be given back also by who is told to stop; an answer is waited for at most. */
    private void joinBeating() {
        boolean interrupted = false;
        while (true) {
            try {
                beating.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
