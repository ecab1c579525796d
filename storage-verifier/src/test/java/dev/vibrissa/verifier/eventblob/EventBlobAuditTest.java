package dev.vibrissa.verifier.eventblob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.eventblob.Element;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import dev.vibrissa.verifier.node.StillNetwork.Conduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event blobs that five nodes on real sockets keep, held against rows that were tampered with. */
class EventBlobAuditTest {
    private static final int FILES = 3;

    @TempDir
    private Path folder;

    private static StillNetwork network;

    private WrittenChain chain;

    /** Whether files are asked of the nodes; else they are taken where they were written. */
    private boolean fromNodes;

    @BeforeAll
    static void beginNetwork() throws Exception {
        network = new StillNetwork(0);
        network.reach(110);
    }

    @AfterAll
    static void endNetwork() throws Exception {
        network.close();
    }

    @BeforeEach
    void begin() throws Exception {
        chain = new WrittenChain(Files.createDirectory(folder.resolve("chain")), FILES);
        sql("delete from event");
        sql("delete from event_blob_audit");
        sql("delete from event_blob_head");
        sql("delete from watermark where pipeline = 'facts'");
        network.operators().forEach(each -> each.conduct(Conduct.HONEST));
    }

    @Test
    void findsNothingWhereRowsAreThoseOfTheFiles() throws Exception {
        fromNodes = true;
        indexed(chain.write());

        audit();

        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 agrees 6 of 103", "102 agrees 6 of 100");
        assertThat(differences()).isEmpty();
        assertThat(folder.resolve("fetched")).isEmptyDirectory();
    }

    @Test
    void findsARemovedRowAndAnAlteredOne() throws Exception {
        indexed(chain.write());
        sql("delete from event where checkpoint = 101 and tx_index = 1");
        sql("update event set contents = set_byte(contents, 3, 9) where checkpoint = 104 and tx_index = 0");

        audit();

        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 differs 6 of 103", "102 differs 6 of 100");
        assertThat(differences()).containsExactly("missing 101 4", "altered 104 12");
    }

    @Test
    void findsARowTooManyAndAMovedOne() throws Exception {
        indexed(chain.write());
        sql("""
                insert into event select set_byte(tx_digest, 31, 1), walrus_ordinal, null, checkpoint, tx_index + 5, name, known,
                  type_package, emitter, blob_id, object_id, storage_pool_id, contents
                from event where checkpoint = 100 and tx_index = 0
                """);
        sql("update event set checkpoint = 107 where checkpoint = 106 and tx_index = 0");
        sql("update event set tx_index = 1 - tx_index where checkpoint = 103");

        audit();

        // What moved to 107 is not where the file has it, and is where the file has nothing.
        assertThat(differences())
                .containsExactly("surplus 100 null", "moved 103 9", "moved 106 18", "surplus 107 null");
    }

    @Test
    void aDoubledEventIsADifferenceAndNoCrash() throws Exception {
        var doubled = new ArrayList<Element>();
        long index = 9;
        for (Element each : chain.files.get(1)) {
            switch (each) {
                case Element.Occurrence event -> {
                    long counter = event.counter() * 2;
                    doubled.add(
                            new Element.Occurrence(index++, event.checkpoint(), counter, event.id(), event.event()));
                    doubled.add(new Element.Occurrence(
                            index++, event.checkpoint(), counter + 1, event.id(), event.event()));
                }
                case Element.Boundary boundary ->
                    doubled.add(new Element.Boundary(index++, boundary.checkpoint(), boundary.counter() * 2));
            }
        }
        var honest = List.copyOf(chain.files.get(1));
        chain.files.set(1, doubled);
        chain.files.remove(2);
        chain.write();
        chain.files.set(1, honest);
        indexed(chain);

        audit();

        assertThat(rows()).containsExactly("105 differs 12 of 103", "102 agrees 6 of 100");
        assertThat(differences()).hasSize(6).allMatch(each -> each.startsWith("missing"));
    }

    @Test
    void anUnknownKindLeavesOneFileIncompleteAndTheOthersAudited() throws Exception {
        // The first event of the second checkpoint of the second file becomes of a family that is not known.
        int at = 84
                + chain.files.get(1).stream()
                        .limit(3)
                        .mapToInt(WrittenChain::bytes)
                        .sum();
        chain.write(1, file -> {
            var elements = Bytes.of(file);
            assertThat(elements.at(at + 3 + 1)).isZero();
            file[at + 3 + 1] = 6;
            return file;
        });
        indexed(chain);
        sql("delete from event where checkpoint = 100");

        audit();

        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 incomplete 2 of 103", "102 differs 6 of 100");
        assertThat(strings("select detail from event_blob_audit where outcome = 'incomplete'"))
                .singleElement()
                .asString()
                .startsWith("ContractEvent has no variant 6 known here, at byte %d, element 12".formatted(at + 4));
    }

    @Test
    void aDamagedFileIsToldOfAndNotCompared() throws Exception {
        chain.write(2, file -> {
            file[84]++;
            return file;
        });
        indexed(chain);

        audit();

        // The chain told of no other head, so what is before the damaged file is out of reach.
        assertThat(rows()).containsExactly("108 malformed 0 of null");
    }

    /** Every sliver of it is proven; with others the nodes would have given us another file. */
    @Test
    void aBlobWhoseSliversAreNotOfOneFileIsTakenByNobody() throws Exception {
        fromNodes = true;
        indexed(chain.write());
        byte[] file = Files.readAllBytes(NodeEventBlobs.file(chain.folder, chain.ids.get(2)));
        byte[] other = file.clone();
        other[84]++;
        sql("delete from event_blob_head");
        head(110, network.keepInconsistent(file, other), chain.lastCheckpoint(2));

        for (int seed = 0; seed < 2; seed++) { // with the foreign sliver and without it
            sql("delete from event_blob_audit");
            assertThat(auditor(seed).step()).isTrue();

            assertThat(rows()).containsExactly("108 malformed 0 of null");
            assertThat(strings("select detail from event_blob_audit"))
                    .singleElement()
                    .asString()
                    .endsWith("is inconsistent: encoded again it has another id");
        }
        assertThat(folder.resolve("fetched")).isEmptyDirectory();
    }

    @Test
    void aFileThatIsNotTheOneTheChainCertifiedIsRefused() throws Exception {
        indexed(chain.write());
        head(50, chain.ids.get(2), chain.lastCheckpoint(1));

        audit();

        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 malformed 0 of null");
    }

    @Test
    void whatIsNotToBeHadIsTriedAgain() throws Exception {
        fromNodes = true;
        indexed(chain.write());
        network.operators().forEach(each -> each.conduct(Conduct.without(chain.ids.get(1) + "/slivers")));

        audit();
        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 unavailable 0 of null");

        network.operators().forEach(each -> each.conduct(Conduct.HONEST));
        audit();
        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 agrees 6 of 103", "102 agrees 6 of 100");
    }

    @Test
    void someNodesMayBeLostAndOthersNotHaveIt() throws Exception {
        fromNodes = true;
        chain.files.subList(1, FILES).clear();
        indexed(chain.write());
        network.operators()
                .get(0)
                .conduct(_ -> Optional.of(new MockResponse.Builder()
                        .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
                        .build()));
        network.operators().get(1).conduct(Conduct.without("/metadata"));
        network.operators().get(2).conduct(Conduct.without("/slivers"));

        audit();

        assertThat(rows()).containsExactly("102 agrees 6 of 100");
    }

    @Test
    void comparesOnlyWhatOurHistoryHasAndTheRestOnceItIsFilledIn() throws Exception {
        indexed(chain.write());
        sql("update watermark set first_checkpoint = 104 where pipeline = 'facts'");

        audit();
        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 agrees 4 of 104");

        sql("update watermark set first_checkpoint = 100 where pipeline = 'facts'");
        audit();
        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 agrees 6 of 103", "102 agrees 6 of 100");
    }

    @Test
    void oneProcessAtATimeAudits() throws Exception {
        indexed(chain.write());
        try (Connection other = network.database().connect();
                var lock = other.createStatement()) {
            lock.execute("select pg_advisory_lock(%d)".formatted(EventBlobAuditor.LOCK));
            assertThat(auditor().step()).isFalse();
            assertThat(rows()).isEmpty();
        }
    }

    @Test
    void aFaultOfOneFileIsTheOutcomeOfThatFile() throws Exception {
        indexed(chain.write());
        head(50, chain.ids.get(1), chain.lastCheckpoint(1));
        var auditor = auditor(id -> {
            if (id.equals(chain.ids.get(2))) {
                throw new IllegalStateException("no such case");
            }
            return written().fetch(id);
        });

        assertThatThrownBy(auditor::step).hasMessage("no such case");
        assertThat(auditor.step()).isTrue();
        assertThat(auditor.step()).isTrue();
        assertThat(auditor.step()).isFalse();

        assertThat(rows()).containsExactly("108 unavailable 0 of null", "105 agrees 6 of 103", "102 agrees 6 of 100");
        assertThat(strings("select detail from event_blob_audit where outcome = 'unavailable'"))
                .singleElement()
                .asString()
                .contains("no such case");
    }

    @Test
    void aFileInWhichOurHistoryBeginsIsNotFetchedForEveryChunk() throws Exception {
        indexed(chain.write());
        var fetched = new ArrayList<BlobId>();
        var auditor = auditor(id -> {
            fetched.add(id);
            return written().fetch(id);
        });

        for (long first = 105; first >= 104; first--) {
            sql("update watermark set first_checkpoint = %d where pipeline = 'facts'".formatted(first));
            while (auditor.step()) {
                // the next one
            }
        }
        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 agrees 2 of 105");
        assertThat(fetched).containsExactly(chain.ids.get(2), chain.ids.get(1));

        sql("update watermark set first_checkpoint = 103 where pipeline = 'facts'");
        assertThat(auditor.step()).isTrue();
        assertThat(auditor.step()).isFalse();
        assertThat(rows()).containsExactly("108 agrees 6 of 106", "105 agrees 6 of 103");
    }

    @Test
    void whatAComparisonFoundOutlivesALaterFetchInVain() throws Exception {
        indexed(chain.write());
        sql("update watermark set first_checkpoint = 104 where pipeline = 'facts'");
        sql("delete from event where checkpoint = 105");
        audit();
        sql("update watermark set first_checkpoint = 103 where pipeline = 'facts'");

        assertThat(auditor(_ -> new Fetched.Gone("nobody has it")).step()).isTrue();

        assertThat(strings("select outcome || ' ' || detail || ' ' || tries from event_blob_audit where tries > 0"))
                .containsExactly("differs nobody has it 1");
        assertThat(differences()).hasSize(2);
    }

    @Test
    void whoLosesTheTurnInMidFetchWritesNothing() throws Exception {
        indexed(chain.write());
        var auditor = auditor(id -> {
            try {
                strings("select pg_terminate_backend(pid, 2000) from pg_locks where locktype = 'advisory'"
                        + " and database = (select oid from pg_database where datname = current_database())");
                try (var successor = auditor().takeTurn().orElseThrow()) {
                    successor.require();
                }
            } catch (SQLException e) {
                throw new IOException(e);
            }
            return written().fetch(id);
        });

        assertThatThrownBy(auditor::step).isInstanceOf(SQLException.class);

        assertThat(rows()).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsClearedAway() throws Exception {
        indexed(chain.write());
        Path fetched = Files.createDirectory(folder.resolve("fetched"));
        Files.write(fetched.resolve("d1d2.part"), new byte[9]);
        Files.write(NodeEventBlobs.file(fetched, new BlobId(new byte[32])), new byte[9]);

        audit();

        assertThat(fetched).isEmptyDirectory();
    }

    @Test
    void nodesThatAreNotAskedAnyMoreAreForgotten() throws Exception {
        var stays = new SuiAddress(new byte[32]);
        var leaves = new SuiAddress(HexFormat.of().parseHex("ab".repeat(32)));
        try (Connection db = network.database().connect()) {
            EventBlobStore.progress(db, List.of(said(stays), said(leaves)), OptionalLong.empty(), 1, Instant.EPOCH);
            EventBlobStore.progress(db, List.of(said(stays)), OptionalLong.empty(), 2, Instant.EPOCH);
        }
        assertThat(strings("select right(node_id::text, 2) || ' ' || our_checkpoint from node_progress"))
                .containsExactly("00 2");
        sql("delete from node_progress");
    }

    private static EventBlobStore.Progress said(SuiAddress node) {
        return new EventBlobStore.Progress(node, Optional.empty(), "Timeout");
    }

    @Test
    void countsOnFromTheNewestFile() throws Exception {
        indexed(chain.write());
        audit();

        try (Connection db = network.database().connect()) {
            assertThat(EventBlobStore.nextIndex(db, 108)).hasValue(27);
            // Checkpoints 109 and 110 have no event but their boundaries.
            assertThat(EventBlobStore.nextIndex(db, 110)).hasValue(29);
            assertThat(EventBlobStore.nextIndex(db, 999)).isEmpty();
        }
    }

    /** Runs until nothing is due, or the same thing again. */
    private void audit() throws Exception {
        var auditor = auditor();
        for (int i = 0; i < FILES && auditor.step(); i++) {
            // the next one
        }
    }

    private FolderEventBlobs written() throws IOException {
        return new FolderEventBlobs(chain.folder, WrittenChain.CONFIG, 1);
    }

    /** One that waits an hour before it tries again. */
    private EventBlobAuditor auditor(EventBlobSource source) {
        return new EventBlobAuditor(
                network.database().database(),
                (_, _, _) -> source,
                Optional.empty(),
                folder.resolve("fetched"),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Clock.systemUTC());
    }

    private EventBlobAuditor auditor() throws IOException {
        return auditor(1);
    }

    /** @param seed of whom is asked for which sliver */
    private EventBlobAuditor auditor(long seed) throws IOException {
        var client = new NodeClient(StillNetwork.settings());
        var files = written();
        return new EventBlobAuditor(
                network.database().database(),
                (config, holders, into) -> fromNodes
                        ? new NodeEventBlobs(
                                client, config, holders, into, Duration.ofSeconds(20), new SplittableRandom(seed))
                        : files,
                Optional.empty(),
                folder.resolve("fetched"),
                Duration.ofHours(1),
                Duration.ZERO,
                Clock.systemUTC());
    }

    /** The nodes keep the files, and the database has the chain and every event of it. */
    private void indexed(WrittenChain written) throws Exception {
        for (BlobId id : written.ids) {
            assertThat(network.keep(Files.readAllBytes(NodeEventBlobs.file(written.folder, id))))
                    .isEqualTo(id);
        }
        try (Connection db = network.database().connect()) {
            db.setAutoCommit(false);
            try (var watermark = db.prepareStatement(
                            "insert into watermark (pipeline, first_checkpoint, last_checkpoint, last_digest)"
                                    + " values ('facts', 0, 110, ?)");
                    var event = db.prepareStatement("""
                            insert into event (tx_digest, walrus_ordinal, sui_event_index, checkpoint, tx_index, name, known,
                              type_package, emitter, contents)
                            values (?, ?, 0, ?, ?, ?, true, ?, '', ?)
                            """)) {
                watermark.setBytes(1, new byte[32]);
                watermark.executeUpdate();
                for (List<Element> file : written.files) {
                    for (Element each : file) {
                        if (each instanceof Element.Occurrence occurrence) {
                            event.setBytes(1, occurrence.id().transaction().toByteArray());
                            event.setInt(2, occurrence.id().ordinal());
                            event.setLong(3, occurrence.checkpoint());
                            event.setInt(4, (int) occurrence.counter());
                            event.setString(5, occurrence.event().name());
                            event.setBytes(6, new byte[32]);
                            event.setBytes(7, occurrence.event().toBcs());
                            event.executeUpdate();
                        }
                    }
                }
            }
            db.commit();
        }
        head(110, written.ids.getLast(), written.lastCheckpoint(written.ids.size() - 1));
    }

    private void head(long checkpoint, BlobId blobId, long ending) throws SQLException {
        try (Connection db = network.database().connect();
                var insert = db.prepareStatement("insert into event_blob_head values (?, 0, ?, ?, ?)")) {
            insert.setLong(1, checkpoint);
            insert.setBytes(2, new byte[32]);
            insert.setBytes(3, blobId.toByteArray());
            insert.setLong(4, ending);
            insert.executeUpdate();
        }
    }

    private List<String> rows() throws SQLException {
        return strings("""
                select last_checkpoint || ' ' || outcome || ' ' || coalesce(events, 0) || ' of '
                  || coalesce(compared_from::text, 'null') from event_blob_audit order by last_checkpoint desc
                """);
    }

    private List<String> differences() throws SQLException {
        return strings("""
                select what || ' ' || checkpoint || ' ' || coalesce(element_index::text, 'null') from event_blob_difference
                order by checkpoint, number
                """);
    }

    private void sql(String statement) throws SQLException {
        try (Connection db = network.database().connect();
                var update = db.createStatement()) {
            update.executeUpdate(statement);
        }
    }

    private List<String> strings(String query) throws SQLException {
        var found = new ArrayList<String>();
        try (Connection db = network.database().connect();
                var select = db.createStatement();
                var row = select.executeQuery(query)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
