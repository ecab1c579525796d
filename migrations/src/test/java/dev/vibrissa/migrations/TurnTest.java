package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.migrations.testing.TcpProxy;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One process works; another takes over when the first has gone, however it went, and nothing of the first is left open. */
@Timeout(60)
@Execution(ExecutionMode.SAME_THREAD)
class TurnTest {
    private static final long KEY = 41;
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(10);

    @AutoClose
    private final TestDatabase database = TestDatabase.empty();

    @Test
    void isHadByOneAtATime() throws Exception {
        try (Turn turn = Turn.tryTake(database.database(), KEY).orElseThrow()) {
            turn.require();
            assertThat(Turn.tryTake(database.database(), KEY)).isEmpty();
            try (Turn other = Turn.tryTake(database.database(), KEY + 1).orElseThrow()) {
                other.require();
            }
        }
        Turn.tryTake(database.database(), KEY).orElseThrow().close();
    }

    @Test
    void whoIsCutOffNoticesBeforeAnotherTakesOver() throws Exception {
        table();
        try (var proxy = TcpProxy.before(database.database());
                Turn turn =
                        Turn.tryTake(proxy.through(database.database()), KEY).orElseThrow();
                Connection writer = turn.connect()) {
            writer.setAutoCommit(false);
            execute(writer, "update t set n = 1");
            proxy.goQuiet();
            long cut = System.nanoTime();
            // The row stays locked by a session whose client is no more, until that is ended.
            assertThatThrownBy(() -> execute(writer, "update t set n = 2")).isInstanceOf(SQLException.class);
            long noticed = System.nanoTime();
            assertThatThrownBy(turn::require)
                    .isInstanceOf(TurnLostException.class)
                    .hasMessageContaining("the session that held the turn ended");
            assertThatThrownBy(turn::connect).isInstanceOf(SQLException.class);
            try (Turn successor = awaitTurn();
                    Connection next = successor.connect()) {
                assertThat(System.nanoTime()).isGreaterThan(noticed);
                assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(TAKEN_OVER_WITHIN);
                execute(next, "set lock_timeout = '1s'; update t set n = n + 10");
            }
        }
        assertThat(number()).isEqualTo(10);
    }

    @Test
    void whoWroteBeforeIsEndedByWhoeverTakesOver() throws Exception {
        table();
        try (Turn turn = Turn.tryTake(database.database(), KEY).orElseThrow();
                Connection writer = turn.connect()) {
            writer.setAutoCommit(false);
            execute(writer, "update t set n = 1");
            // The lock goes, and the holder has not noticed yet.
            execute("select pg_terminate_backend(pid, 2000) from pg_locks where locktype = 'advisory'"
                    + " and database = (select oid from pg_database where datname = current_database())");
            try (Turn successor = awaitTurn()) {
                successor.require();
                assertThatThrownBy(writer::commit).isInstanceOf(SQLException.class);
                assertThat(number()).isZero();
            }
        }
    }

    /** As a process that was frozen after it took the turn: its lease is gone, and no beat has told it. */
    @Test
    void noSessionIsHandedOutOnceTheLeaseIsGone() throws Exception {
        try (Turn turn = Turn.tryTake(database.database(), KEY).orElseThrow()) {
            execute("select pg_terminate_backend(pid, 2000) from pg_locks where locktype = 'advisory'"
                    + " and database = (select oid from pg_database where datname = current_database())");
            assertThatThrownBy(turn::connect)
                    .isInstanceOf(TurnLostException.class)
                    .hasMessageContaining("the session that held the turn ended");
        }
    }

    /** Without a pause between two tries: how often one asks is for the asker to say. */
    private Turn awaitTurn() throws SQLException {
        while (true) {
            var turn = Turn.tryTake(database.database(), KEY);
            if (turn.isPresent()) {
                return turn.get();
            }
        }
    }

    private void table() throws SQLException {
        execute("create table t (n integer); insert into t values (0)");
    }

    private int number() throws SQLException {
        try (Connection db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery("select n from t")) {
            row.next();
            return row.getInt(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection db = database.connect()) {
            execute(db, sql);
        }
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
