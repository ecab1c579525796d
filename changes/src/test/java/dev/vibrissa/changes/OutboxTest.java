package dev.vibrissa.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ids are in the order of commits, whoever appends and whoever reads meanwhile. */
@Timeout(60)
class OutboxTest {
    private static final int WRITERS = 4;
    private static final int TRANSACTIONS = 60;

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    @Test
    void whoGoesOnAfterTheLastIdThatHeSawMissesNothing() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed OutboxTest=" + seed);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var reading = database.connect()) {
            var writers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(writer(new Random(seed + i))));
            }
            var seen = new ArrayList<Long>();
            while (writers.stream().anyMatch(each -> !each.isDone())) {
                readOn(reading, seen);
            }
            readOn(reading, seen);
            int told = 0;
            for (Future<Integer> each : writers) {
                told += each.get();
            }
            assertThat(seen)
                    .as("seed %d", seed)
                    .isEqualTo(LongStream.rangeClosed(1, told).boxed().toList());
        }
    }

    private static void readOn(Connection db, List<Long> seen) throws SQLException {
        Outbox.after(db, seen.isEmpty() ? 0 : seen.getLast(), 50).forEach(each -> seen.add(each.id()));
    }

    /** Commits some transactions, and gives up others. */
    private Callable<Integer> writer(Random random) {
        return () -> {
            int told = 0;
            try (var db = database.connect()) {
                db.setAutoCommit(false);
                for (int i = 0; i < TRANSACTIONS; i++) {
                    int count = 1 + random.nextInt(5);
                    Outbox.append(db, changes(count));
                    if (random.nextInt(4) == 0) {
                        db.rollback();
                    } else {
                        db.commit();
                        told += count;
                    }
                }
            }
            return told;
        };
    }

    @Test
    void whatIsTooOldGoesAsNewOnesCome() throws Exception {
        try (var db = database.connect()) {
            Outbox.keepFor(db, Duration.ofHours(1));
            Outbox.append(db, changes(3));
            assertThat(Outbox.range(db)).isEqualTo(new Outbox.Range(0, 3));
            try (var age =
                    db.prepareStatement("update change set told_at = told_at - interval '61 minutes' where id < 3")) {
                age.executeUpdate();
            }
            Outbox.append(db, changes(1));
            assertThat(Outbox.range(db)).isEqualTo(new Outbox.Range(2, 4));
            assertThat(Outbox.after(db, 0, 10)).extracting(Told::id).containsExactly(3L, 4L);
        }
    }

    /** In a catch-up nothing is old enough for days, and every batch tells something. */
    @Test
    void whatIsYoungIsNotReadToFindWhatIsOld() throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement()) {
            Outbox.append(db, changes(1));
            statement.execute("""
                    insert into change (id, told_at, topic, kind, subject, body)
                    select n, now(), 'price', 'price_changed', 'price', '' from generate_series(2, 20000) n
                    """);
            statement.execute("update change_keeping set last_id = 20000");
            statement.execute("analyze change");
            db.setAutoCommit(false);
            Outbox.append(db, changes(1));
            try (var row = statement.executeQuery("""
                    select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'change'
                    """)) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isLessThan(10);
            }
            db.rollback();
        }
    }

    private static List<Change> changes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var change = Change.newBuilder();
                    change.getEpochBeganBuilder().setEpoch(i);
                    return change.build();
                })
                .toList();
    }
}
