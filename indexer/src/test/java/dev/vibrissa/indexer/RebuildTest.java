package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A projection folded again from the facts is the one that was folded as they came. */
class RebuildTest {

    @ParameterizedTest
    @ValueSource(strings = {"blob-life", "governance", "busy", "stake", "money"})
    void everyProjectionRebuiltEqualsTheLiveOne(String scenario) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), scenario);
            rebuildAndCompare(database.database());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1013, 1047, 1071, 1100})
    void soDoesOneOfAHistoryThatBeginsInTheMiddle(long first) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.part("blob-life", first, 1143), Progress.SILENT);
            rebuildAndCompare(database.database());
        }
    }

    /** What is carried along is what counting gives. */
    private static void requireEndingsThatAddUp(Database database) throws Exception {
        String differences = """
                with counted as (
                  select 'epoch ' || end_epoch as what, count(*) as objects, coalesce(sum(size), 0) as bytes
                    from blob_object where kind = 'own' and deleted_checkpoint is null group by end_epoch
                  union all select concat_ws(' ', owner_kind, coalesce(encode(owner, 'hex'), ''), end_epoch), count(*), coalesce(sum(size), 0)
                    from blob_object where kind = 'own' and deleted_checkpoint is null group by owner_kind, owner, end_epoch
                  union all select 'pool ' || encode(storage_pool_id, 'hex'), count(*), coalesce(sum(size), 0)
                    from blob_object where kind = 'pooled' and deleted_checkpoint is null group by storage_pool_id),
                kept as (
                  select 'epoch ' || end_epoch as what, objects, bytes from ending
                  union all select concat_ws(' ', owner_kind, encode(owner, 'hex'), end_epoch), objects, bytes from ending_of_owner
                  union all select 'pool ' || encode(storage_pool_id, 'hex'), objects, bytes from pool_content)
                (select * from counted except select * from kept) union all (select * from kept except select * from counted)
                """;
        try (var db = database.connect();
                var statement = db.createStatement();
                var found = statement.executeQuery(differences)) {
            assertThat(found.next()).isFalse();
        }
    }

    /** An attribute knows where its blob stands in a list, whichever of them came first. */
    private static void requireAttributesBesideTheirBlobs(Database database) throws Exception {
        assertThat(column(database, """
                select a.key from attribute a
                left join blob_object o using (object_id) left join blob b on b.blob_id = o.blob_id
                where (a.blob_id, a.first_checkpoint) is distinct from (b.blob_id, b.first_checkpoint)
                """)).isEmpty();
    }

    private static void rebuildAndCompare(Database database) throws Exception {
        requireEndingsThatAddUp(database);
        requireAttributesBesideTheirBlobs(database);
        var live = TableDigests.of(database);
        var names = names(database);
        for (Projection projection : Projection.values()) {
            assertThat(new Rebuild(database).run(projection, Progress.SILENT)).isPresent();
            assertThat(TableDigests.of(database)).as(projection.pipeline()).isEqualTo(live);
        }
        assertThat(names(database)).isEqualTo(names);
    }

    @Test
    void damageIsMended() throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), "blob-life");
            var whole = TableDigests.of(database.database());
            execute(database, "delete from blob where ctid in (select ctid from blob limit 3)");
            execute(database, "update blob_object set owner_kind = 'immutable', owner = null, gone_how = null");
            assertThat(TableDigests.of(database.database())).isNotEqualTo(whole);
            new Rebuild(database.database()).run(Projection.BLOB, Progress.SILENT);
            assertThat(TableDigests.of(database.database())).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BLOB", "STAKE"})
    void anIndexerGoesOnMeanwhile(Projection projection) throws Exception {
        whileAnIndexerGoesOn(projection);
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BLOB", "STAKE"})
    void anIndexerGoesOnBesideEachOfTheOthers(Projection projection) throws Exception {
        whileAnIndexerGoesOn(projection);
    }

    private static void whileAnIndexerGoesOn(Projection projection) throws Exception {
        try (var straight = TestDatabase.migrated();
                var rebuilt = TestDatabase.migrated()) {
            Scenarios.ingest(straight.database(), "busy");
            Scenarios.ingest(rebuilt.database(), Scenarios.anchor("busy"))
                    .run(Scenarios.part("busy", 5000, 5010), Progress.SILENT);
            var ended = new AtomicBoolean();
            int rebuilds = 0;
            try (var thread = Executors.newSingleThreadExecutor()) {
                var indexing = thread.submit(() -> {
                    try {
                        return new Ingest(
                                        rebuilt.database(),
                                        dev.vibrissa.protocol.walrus.WalrusNetwork.mainnet(),
                                        java.util.Optional.of("synthetic chain"),
                                        Scenarios.anchor("busy"),
                                        Ingest.Limits.ofThisMachine().withBatchOf(1))
                                .run(Scenarios.source("busy"), Progress.SILENT);
                    } finally {
                        ended.set(true);
                    }
                });
                while (!ended.get()) {
                    new Rebuild(rebuilt.database()).run(projection, Progress.SILENT);
                    rebuilds++;
                }
                indexing.get();
            }
            System.out.printf("rebuilds of %s while indexing: %d%n", projection, rebuilds);
            assertThat(rebuilds).isGreaterThan(1);
            assertThat(TableDigests.of(rebuilt.database())).isEqualTo(TableDigests.of(straight.database()));
        }
    }

    @Test
    void whoeverLooksIsWaitedForAndSeesTheOldTables() throws Exception {
        try (var database = TestDatabase.migrated();
                var reader = database.connect();
                var thread = Executors.newSingleThreadExecutor()) {
            Scenarios.ingest(database.database(), "blob-life");
            reader.setAutoCommit(false);
            try (var statement = reader.createStatement()) {
                // As every request begins.
                statement.execute("set transaction isolation level repeatable read, read only;"
                        + " lock table watermark in access share mode");
                execute(database, "delete from blob"); // what the rebuild mends
                statement.execute("select 1 from network");
                var rebuild =
                        thread.submit(() -> new Rebuild(database.database()).run(Projection.BLOB, Progress.SILENT));
                assertThatThrownBy(() -> rebuild.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                try (var row = statement.executeQuery("select count(*) from blob")) {
                    row.next();
                    assertThat(row.getInt(1)).isZero();
                }
                reader.rollback();
                assertThat(rebuild.get(30, TimeUnit.SECONDS)).isPresent();
                try (var row = statement.executeQuery("select count(*) from blob")) {
                    row.next();
                    assertThat(row.getInt(1)).isPositive();
                }
            }
        }
    }

    @Test
    void thereIsOneAtATime() throws Exception {
        try (var database = TestDatabase.migrated();
                var lock = IndexerLock.REBUILD.tryTake(database.database()).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> new Rebuild(database.database()).run(Projection.BLOB, Progress.SILENT))
                    .isInstanceOf(IndexerBusyException.class);
        }
    }

    @Test
    void thereIsNothingToFoldWhereNothingIsIndexed() throws Exception {
        try (var database = TestDatabase.migrated()) {
            assertThat(new Rebuild(database.database()).run(Projection.BLOB, Progress.SILENT))
                    .isEmpty();
        }
    }

    @Test
    void everyTableIsAFactOrOwnedByOneProjection() throws Exception {
        try (var database = TestDatabase.migrated()) {
            var owned = Arrays.stream(Projection.values())
                    .flatMap(each -> each.tables().stream())
                    .toList();
            var others = Stream.of(
                    "network",
                    "walrus_package",
                    "site_package",
                    "source",
                    "checkpoint",
                    "checkpoint_evidence",
                    "sui_committee",
                    "hand_over_evidence",
                    "watermark",
                    "transaction",
                    "event",
                    "object_change",
                    "certificate",
                    "quarantine",
                    "system_change",
                    "ring_change",
                    "wal_change",
                    "event_blob_head",
                    "event_blob_weight",
                    "backfill",
                    "suspect",
                    "reread",
                    "kafka_topic",
                    "kafka_offset",
                    "extraction_range",
                    "dead_letter",
                    "kafka_tally",
                    "change",
                    "change_keeping",
                    "change_publisher",
                    "api_key",
                    "webhook",
                    "webhook_delivery",
                    "epoch_fingerprint",
                    "flyway_schema_history");
            // The verifier's, which the indexer neither writes nor folds.
            var audits = Stream.of(
                    "prover",
                    "log_entry",
                    "log_head",
                    "frame",
                    "frame_vantage",
                    "frame_block",
                    "round",
                    "replay",
                    "probe",
                    "quorum_finding",
                    "answer_body",
                    "contradiction",
                    "outage",
                    "maintenance",
                    "maintenance_vantage",
                    "node_hour",
                    "node_spending",
                    "event_blob_audit",
                    "event_blob_difference",
                    "node_progress",
                    "node_score",
                    "dossier");
            assertThat(column(database.database(), "select tablename from pg_tables where schemaname = 'public'"))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(owned.stream(), others, audits)
                            .flatMap(each -> each)
                            .toList());
        }
    }

    /** Names of indexes, constraints and tables, with what they are. */
    private static List<String> names(Database database) throws Exception {
        var names = new ArrayList<String>();
        names.addAll(column(database, "select indexdef from pg_indexes where schemaname = 'public' order by 1"));
        names.addAll(column(database, """
                select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                from pg_constraint where connamespace = 'public'::regnamespace order by 1
                """));
        names.addAll(column(database, "select nspname::text from pg_namespace where nspname !~ '^pg_' order by 1"));
        return names;
    }

    private static List<String> column(Database database, String sql) throws Exception {
        var values = new ArrayList<String>();
        try (var db = database.connect();
                var statement = db.createStatement();
                var found = statement.executeQuery(sql)) {
            while (found.next()) {
                values.add(found.getString(1));
            }
        }
        return values;
    }

    private static void execute(TestDatabase database, String sql) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
