package dev.vibrissa.indexer.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.Scenarios;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EpochFingerprintsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final TestDatabase database = TestDatabase.migrated();

    @BeforeAll
    void index() throws Exception {
        Scenarios.ingest(database.database(), "busy");
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @BeforeEach
    void withNone() throws SQLException {
        try (var db = database.connect()) {
            execute(db, "delete from epoch_fingerprint");
        }
    }

    @Test
    void theyAreTheSameHoweverFewRowsAStatementLooksAt() throws Exception {
        try (var db = database.connect()) {
            while (EpochFingerprints.step(db).isPresent()) {
                // the epoch before
            }
            var atOnce = kept(db);
            assertThat(atOnce).isNotEmpty();
            for (int rows : new int[] {1, 3}) {
                execute(db, "delete from epoch_fingerprint");
                while (EpochFingerprints.step(db, rows).isPresent()) {
                    // the epoch before
                }
                assertThat(kept(db)).isEqualTo(atOnce);
            }
        }
    }

    /** By one statement over everything. */
    @Test
    void theyAreOverWhatLivedWhenTheEpochBegan() throws Exception {
        try (var db = database.connect()) {
            long epoch = EpochFingerprints.step(db).orElseThrow();
            var hash = new Fingerprint(epoch);
            try (var select = db.createStatement();
                    var found = select.executeQuery("""
                            select object_id from blob_object where kind = 'own' and certified_epoch < %1$d and end_epoch > %1$d
                              and coalesce(deleted_epoch, %1$d) >= %1$d order by object_id
                            """.formatted(epoch))) {
                while (found.next()) {
                    hash.add(new SuiAddress(found.getBytes(1)));
                }
            }
            assertThat(hash.entries()).isPositive();
            assertThat(kept(db)).contains("%d objects %d %d".formatted(epoch, hash.value(), hash.entries()));
        }
    }

    /** As long as objects are read, a rebuild can have the watermarks alone. */
    @Test
    void whileTheyAreMadeTablesCanBeExchanged() throws Exception {
        try (var db = database.connect();
                var holds = database.connect();
                var rebuild = database.connect();
                var thread = Executors.newSingleThreadExecutor()) {
            holds.setAutoCommit(false);
            execute(holds, "lock table blob_object in access exclusive mode");
            var step = thread.submit(() -> EpochFingerprints.step(db));
            awaitSomebodyWaiting(holds);
            rebuild.setAutoCommit(false);
            execute(rebuild, "set local lock_timeout = '1s'");
            execute(rebuild, "lock table watermark in access exclusive mode"); // refused, it would throw
            rebuild.rollback();
            holds.rollback();
            assertThat(step.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPresent();
        }
    }

    private static void awaitSomebodyWaiting(Connection db) throws SQLException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        String waiting = "select 1 from pg_locks where relation = 'blob_object'::regclass and not granted";
        try (var select = db.createStatement()) {
            while (true) {
                try (var found = select.executeQuery(waiting)) {
                    if (found.next()) {
                        return;
                    }
                }
                assertThat(System.nanoTime()).as("nobody waits").isLessThan(until);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static List<String> kept(Connection db) throws SQLException {
        var kept = new ArrayList<String>();
        try (var select = db.createStatement();
                var found = select.executeQuery(
                        "select concat_ws(' ', epoch, what, hash, entries) from epoch_fingerprint order by epoch, what")) {
            while (found.next()) {
                kept.add(found.getString(1));
            }
        }
        return kept;
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
