package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.StoredObject;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.extract.SystemChange.Attested;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored facts back as they were extracted, for projections to be folded again.
 *
 * <p>What a transaction found is the version stored before; of an object that history begins with, the one observed.
 */
public final class FactReader {
    private static final int MOST_TRANSACTIONS = 1_000;
    private static final int MOST_CHECKPOINTS = 10_000;

    private final Connection db;
    private final long since;

    private record Place(long checkpoint, int transactionIndex) {}

    private record Learned(
            long version, SuiAddress packageId, @Nullable Long checkpoint) {}

    /** @param since facts before this checkpoint count as unknown */
    public FactReader(Connection db, long since) {
        this.db = db;
        this.since = since;
    }

    /** The last checkpoint of a range that begins with {@code first} and is small enough to be held. */
    public long windowEnd(long first, long last) throws SQLException {
        long end = Math.min(last, first + MOST_CHECKPOINTS - 1);
        try (PreparedStatement select = db.prepareStatement("""
                select checkpoint from transaction where checkpoint between ? and ?
                order by checkpoint, tx_index offset ? limit 1
                """)) {
            select.setLong(1, first);
            select.setLong(2, end);
            select.setInt(3, MOST_TRANSACTIONS);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? Math.max(first, found.getLong(1) - 1) : end;
            }
        }
    }

    /**
     * The facts of checkpoints {@code first} to {@code last}, in order.
     *
     * @throws FactsOutdatedException if an older program stored them, which did not keep all that is needed
     */
    public List<CheckpointFacts> read(long first, long last) throws SQLException {
        var events = events(first, last);
        var objects = objects(first, last, events);
        var certificates = certificates(first, last);
        var systemChanges = systemChanges(first, last, rings(first, last));
        var transactions = transactions(first, last, events, objects, certificates, systemChanges);
        var walChanges = walChanges(first, last);
        var quarantined = quarantined(first, last);
        var reported = reported(first, last);
        var packages = packages();
        var facts = new ArrayList<CheckpointFacts>();
        try (PreparedStatement select = range("""
                        select sequence_number, checkpoint_at, transactions, failed from checkpoint
                        where sequence_number between ? and ? order by sequence_number
                        """, first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                long number = row.getLong(1);
                var ofCheckpoint = transactions.getOrDefault(number, List.of());
                facts.add(new CheckpointFacts(
                        number,
                        row.getObject(2, Timestamp.class).toInstant(),
                        known(packages, number),
                        known(packages, number + 1),
                        row.getInt(3),
                        row.getInt(4),
                        ofCheckpoint,
                        List.of(),
                        quarantined.getOrDefault(number, List.of()),
                        createsSystem(ofCheckpoint),
                        walChanges.getOrDefault(number, List.of()),
                        reported.getOrDefault(number, List.of())));
            }
        }
        return facts;
    }

    private static boolean createsSystem(List<TransactionFacts> transactions) {
        return transactions.stream()
                .flatMap(transaction -> transaction.objects().stream())
                .anyMatch(CheckpointFacts::createsSystem);
    }

    private Map<Long, List<TransactionFacts>> transactions(
            long first,
            long last,
            Map<Place, List<EventFact>> events,
            Map<Place, List<ObjectFact>> objects,
            Map<Place, List<CertificateFact>> certificates,
            Map<Place, SystemChange> systemChanges)
            throws SQLException {
        var transactions = new HashMap<Long, List<TransactionFacts>>();
        try (PreparedStatement select = range(
                        "select * from transaction where checkpoint between ? and ? order by checkpoint, tx_index",
                        first,
                        last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var place = place(row);
                boolean systemWritten = row.getBoolean("system_written");
                byte @Nullable [] data = row.wasNull() ? null : row.getBytes("data_bcs");
                if (data == null) {
                    throw new FactsOutdatedException(place.checkpoint());
                }
                byte @Nullable [] eventsBcs = row.getBytes("events_bcs");
                transactions
                        .computeIfAbsent(place.checkpoint(), _ -> new ArrayList<>())
                        .add(new TransactionFacts(
                                place.transactionIndex(),
                                new Digest(row.getBytes("digest")),
                                new SuiAddress(row.getBytes("sender")),
                                new SuiAddress(row.getBytes("gas_owner")),
                                Optional.ofNullable(row.getString("error")),
                                List.of((String[]) row.getArray("calls").getArray()),
                                Bytes.of(row.getBytes("effects_bcs")),
                                Optional.ofNullable(eventsBcs).map(Bytes::of),
                                events.getOrDefault(place, List.of()),
                                objects.getOrDefault(place, List.of()),
                                certificates.getOrDefault(place, List.of()),
                                systemWritten,
                                Part.decode(Bytes.of(data), TransactionData::decode),
                                Optional.ofNullable(systemChanges.get(place))));
            }
        }
        return transactions;
    }

    private Map<Place, List<EventFact>> events(long first, long last) throws SQLException {
        var events = new HashMap<Place, List<EventFact>>();
        try (PreparedStatement select = range(
                        "select * from event where checkpoint between ? and ? order by checkpoint, tx_index, walrus_ordinal",
                        first,
                        last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String name = row.getString("name");
                byte[] contents = row.getBytes("contents");
                Optional<WalrusEvent> event = row.getBoolean("known")
                        ? WalrusEvent.decode(name, contents).known()
                        : Optional.empty();
                events.computeIfAbsent(place(row), _ -> new ArrayList<>())
                        .add(new EventFact(
                                row.getInt("walrus_ordinal"),
                                row.getInt("sui_event_index"),
                                name,
                                new SuiAddress(row.getBytes("type_package")),
                                row.getString("emitter"),
                                event,
                                Bytes.of(contents)));
            }
        }
        return events;
    }

    private Map<Place, List<ObjectFact>> objects(long first, long last, Map<Place, List<EventFact>> events)
            throws SQLException {
        String sql = """
                select o.checkpoint, o.tx_index, o.object_id, o.version, o.change, o.type, o.object_bcs, o.held_inside,
                  p.version as before_version, p.object_bcs as before_bcs
                from object_change o
                left join lateral (
                  select p.version, p.object_bcs from object_change p
                  where p.object_id = o.object_id and p.version < o.version and p.checkpoint >= ?
                  order by p.version desc limit 1) p on o.type = any(?) and o.change in ('mutated', 'wrapped', 'deleted')
                where o.checkpoint between ? and ? and o.change <> 'observed'
                order by o.checkpoint, o.tx_index, o.object_id
                """;
        var objects = new HashMap<Place, List<ObjectFact>>();
        try (PreparedStatement select = db.prepareStatement(sql)) {
            select.setLong(1, since);
            select.setArray(
                    2, db.createArrayOf("text", StoredObject.typesReadBefore().toArray()));
            select.setLong(3, first);
            select.setLong(4, last);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var place = place(row);
                    objects.computeIfAbsent(place, _ -> new ArrayList<>())
                            .add(object(row, events.getOrDefault(place, List.of())));
                }
            }
        }
        return objects;
    }

    /** Only a history that is read from its snapshot on rests on it. */
    private Map<Long, List<ObjectFact>> reported(long first, long last) throws SQLException {
        var reported = new HashMap<Long, List<ObjectFact>>();
        try (PreparedStatement select = db.prepareStatement("""
                select checkpoint, object_id, version, type, object_bcs from object_change
                where checkpoint = ? and checkpoint between ? and ? and tx_index = ? order by object_id
                """)) {
            select.setLong(1, since);
            select.setLong(2, first);
            select.setLong(3, last);
            select.setInt(4, FactWriter.BEFORE_TRANSACTIONS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long version = row.getLong("version");
                    reported.computeIfAbsent(row.getLong("checkpoint"), _ -> new ArrayList<>())
                            .add(new ObjectFact(
                                    new SuiAddress(row.getBytes("object_id")),
                                    version,
                                    Change.OBSERVED,
                                    row.getString("type"),
                                    Optional.empty(),
                                    Optional.of(StoredObject.before(version, Bytes.of(row.getBytes("object_bcs")))),
                                    Optional.empty()));
                }
            }
        }
        return reported;
    }

    private static ObjectFact object(ResultSet row, List<EventFact> events) throws SQLException {
        String type = row.getString("type");
        long version = row.getLong("version");
        byte @Nullable [] before = row.getBytes("before_bcs");
        byte @Nullable [] after = row.getBytes("object_bcs");
        byte @Nullable [] heldInside = row.getBytes("held_inside");
        Optional<ObjectState> found = before == null
                ? Optional.empty()
                : Optional.of(StoredObject.before(row.getLong("before_version"), Bytes.of(before)));
        Optional<ObjectState> left = after == null
                ? Optional.empty()
                : Optional.of(StoredObject.after(type, version, Bytes.of(after), events));
        return new ObjectFact(
                new SuiAddress(row.getBytes("object_id")),
                version,
                Change.ofColumn(row.getString("change")),
                type,
                found,
                left,
                heldInside == null ? Optional.empty() : Optional.of(new SuiAddress(heldInside)));
    }

    private Map<Place, List<CertificateFact>> certificates(long first, long last) throws SQLException {
        var certificates = new HashMap<Place, List<CertificateFact>>();
        try (PreparedStatement select = range("""
                        select * from certificate where checkpoint between ? and ?
                        order by checkpoint, tx_index, command_index
                        """, first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                certificates
                        .computeIfAbsent(place(row), _ -> new ArrayList<>())
                        .add(new CertificateFact(
                                row.getInt("command_index"),
                                row.getInt("message_type"),
                                row.getLong("walrus_epoch"),
                                Bytes.of(row.getBytes("signers_bitmap")),
                                Bytes.of(row.getBytes("message")),
                                Bytes.of(row.getBytes("signature"))));
            }
        }
        return certificates;
    }

    private Map<Place, List<RingChange>> rings(long first, long last) throws SQLException {
        var rings = new HashMap<Place, List<RingChange>>();
        try (PreparedStatement select = range("""
                        select * from ring_change where checkpoint between ? and ?
                        order by checkpoint, tx_index, first_epoch
                        """, first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rings.computeIfAbsent(place(row), _ -> new ArrayList<>())
                        .add(new RingChange(
                                row.getLong("first_epoch"),
                                row.getLong("end_epoch"),
                                row.getLong("rewards_delta"),
                                row.getLong("used_delta")));
            }
        }
        return rings;
    }

    private Map<Place, EventBlob> eventBlobHeads(long first, long last) throws SQLException {
        var heads = new HashMap<Place, EventBlob>();
        try (PreparedStatement select =
                        range("select * from event_blob_head where checkpoint between ? and ?", first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                heads.put(place(row), eventBlob(row));
            }
        }
        return heads;
    }

    private Map<Place, List<Attested>> eventBlobWeights(long first, long last) throws SQLException {
        var weights = new HashMap<Place, List<Attested>>();
        try (PreparedStatement select =
                        range("select * from event_blob_weight where checkpoint between ? and ?", first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                weights.computeIfAbsent(place(row), _ -> new ArrayList<>())
                        .add(new Attested(eventBlob(row), row.getInt("weight")));
            }
        }
        return weights;
    }

    private static EventBlob eventBlob(ResultSet row) throws SQLException {
        return new EventBlob(new BlobId(row.getBytes("blob_id")), unsigned(row, "ending_checkpoint"));
    }

    private Map<Place, SystemChange> systemChanges(long first, long last, Map<Place, List<RingChange>> rings)
            throws SQLException {
        var changes = new HashMap<Place, SystemChange>();
        var heads = eventBlobHeads(first, last);
        var weights = eventBlobWeights(first, last);
        try (PreparedStatement select =
                        range("select * from system_change where checkpoint between ? and ?", first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var place = place(row);
                changes.put(
                        place,
                        new SystemChange(
                                unsigned(row, "storage_price_before"),
                                unsigned(row, "write_price_before"),
                                row.getLong("epoch"),
                                row.getInt("n_shards"),
                                unsigned(row, "total_capacity"),
                                unsigned(row, "used_capacity"),
                                unsigned(row, "storage_price"),
                                unsigned(row, "write_price"),
                                rings.getOrDefault(place, List.of()),
                                Optional.ofNullable(heads.get(place)),
                                weights.getOrDefault(place, List.of())));
            }
        }
        return changes;
    }

    private static long unsigned(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigIntegerExact().longValue();
    }

    private Map<Long, List<WalChange>> walChanges(long first, long last) throws SQLException {
        var changes = new HashMap<Long, List<WalChange>>();
        try (PreparedStatement select = range("""
                        select * from wal_change where checkpoint between ? and ? order by checkpoint, tx_index, address
                        """, first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                changes.computeIfAbsent(row.getLong("checkpoint"), _ -> new ArrayList<>())
                        .add(new WalChange(
                                row.getInt("tx_index"),
                                new Digest(row.getBytes("tx_digest")),
                                new SuiAddress(row.getBytes("address")),
                                row.getLong("amount")));
            }
        }
        return changes;
    }

    private Map<Long, List<Quarantined>> quarantined(long first, long last) throws SQLException {
        var quarantined = new HashMap<Long, List<Quarantined>>();
        try (PreparedStatement select =
                        range("select * from quarantine where checkpoint between ? and ?", first, last);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                quarantined
                        .computeIfAbsent(row.getLong("checkpoint"), _ -> new ArrayList<>())
                        .add(new Quarantined(
                                row.getInt("tx_index"),
                                row.getString("part"),
                                row.getString("reference"),
                                row.getString("type"),
                                row.getString("reason"),
                                Bytes.of(row.getBytes("bytes"))));
            }
        }
        return quarantined;
    }

    private List<Learned> packages() throws SQLException {
        var packages = new ArrayList<Learned>();
        try (PreparedStatement select =
                        db.prepareStatement("select version, package_id, learned_at from walrus_package");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                packages.add(
                        new Learned(row.getLong(1), new SuiAddress(row.getBytes(2)), row.getObject(3, Long.class)));
            }
        }
        return packages;
    }

    private static PackageChain known(List<Learned> packages, long before) {
        var chain = PackageChain.none();
        for (Learned each : packages) {
            if (each.checkpoint() == null || each.checkpoint() < before) {
                chain = chain.with(each.version(), each.packageId());
            }
        }
        return chain;
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(row.getLong("checkpoint"), row.getInt("tx_index"));
    }

    private PreparedStatement range(String sql, long first, long last) throws SQLException {
        PreparedStatement select = db.prepareStatement(sql);
        try {
            select.setLong(1, first);
            select.setLong(2, last);
            return select;
        } catch (SQLException fault) {
            select.close();
            throw fault;
        }
    }
}
