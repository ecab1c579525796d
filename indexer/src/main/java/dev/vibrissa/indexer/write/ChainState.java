package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the database knows of the chain: which one it is, how far it reaches, whom it trusts, which packages count. */
public final class ChainState {
    private static final String FACTS = "facts";

    private final Optional<Watermark> watermark;
    private final PackageChain packages;
    private final List<Committee> committees;
    private final Connection db;

    /**
     * The gap-free range of facts.
     *
     * @param suiEpoch of the last checkpoint
     * @param verified somebody vouches for the last checkpoint
     */
    public record Watermark(
            long firstCheckpoint, long lastCheckpoint, Digest lastDigest, long suiEpoch, boolean verified) {}

    private ChainState(
            Connection db, Optional<Watermark> watermark, PackageChain packages, List<Committee> committees) {
        this.db = db;
        this.watermark = watermark;
        this.packages = packages;
        this.committees = committees;
    }

    /**
     * Reads the state, or begins it for a new database.
     *
     * @throws ChainException if the database holds another network
     */
    public static ChainState open(Connection db, WalrusNetwork network, Optional<String> label) throws SQLException {
        claimNetwork(db, network, label);
        var packages = packages(db);
        var committees = committees(db);
        Optional<Watermark> watermark = Optional.empty();
        try (PreparedStatement select = db.prepareStatement("""
                select w.first_checkpoint, w.last_checkpoint, w.last_digest, c.sui_epoch, c.verification <> 'unverified'
                from watermark w join checkpoint c on c.sequence_number = w.last_checkpoint
                where w.pipeline = ?
                """)) {
            select.setString(1, FACTS);
            try (ResultSet found = select.executeQuery()) {
                if (found.next()) {
                    watermark = Optional.of(new Watermark(
                            found.getLong(1),
                            found.getLong(2),
                            new Digest(found.getBytes(3)),
                            found.getLong(4),
                            found.getBoolean(5)));
                }
            }
        }
        return new ChainState(db, watermark, packages, committees);
    }

    /** All committees that were verified by now, by epoch. */
    public static List<Committee> committees(Connection db) throws SQLException {
        var committees = new ArrayList<Committee>();
        try (PreparedStatement select =
                        db.prepareStatement("select committee_bcs from sui_committee order by sui_epoch");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                committees.add(BcsReader.decode(found.getBytes(1), Committee::decode));
            }
        }
        return List.copyOf(committees);
    }

    private static void claimNetwork(Connection db, WalrusNetwork network, Optional<String> label) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into network (name, label, chain_id, chain_evidence) values (?, ?, ?, 'asserted')
                on conflict (only_row) do nothing
                """)) {
            insert.setString(1, network.name());
            insert.setString(2, label.orElse(null));
            insert.setBytes(3, network.chain().map(Digest::toByteArray).orElse(null));
            insert.executeUpdate();
        }
        try (PreparedStatement insert = db.prepareStatement(
                "insert into walrus_package (version, package_id) values (?, ?) on conflict do nothing")) {
            for (var version : network.walrus().ids().entrySet()) {
                insert.setLong(1, version.getKey());
                insert.setBytes(2, version.getValue().toByteArray());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement insert = db.prepareStatement("""
                insert into site_package (package_id, since_checkpoint)
                select ?, (select last_checkpoint + 1 from watermark where pipeline = ?)
                on conflict do nothing
                """)) {
            for (var site : network.walrusSites().ids().values()) {
                insert.setBytes(1, site.toByteArray());
                insert.setString(2, FACTS);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement select = db.prepareStatement("select name from network");
                ResultSet found = select.executeQuery()) {
            found.next();
            String stored = found.getString(1);
            if (!stored.equals(network.name())) {
                throw new ChainException("the database holds network %s, not %s: one database holds one chain"
                        .formatted(stored, network.name()));
            }
        }
    }

    /** All package versions that are known by now, whoever learned them. */
    public static PackageChain packages(Connection db) throws SQLException {
        var packages = PackageChain.none();
        try (PreparedStatement select = db.prepareStatement("select package_id, version from walrus_package");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                packages = packages.with(found.getLong(2), new SuiAddress(found.getBytes(1)));
            }
        }
        return packages;
    }

    public Optional<Watermark> watermark() {
        return watermark;
    }

    public PackageChain packages() {
        return packages;
    }

    public List<Committee> committees() {
        return committees;
    }

    /** The row of a source, made when it is used first. */
    public int sourceId(String kind, String location) throws SQLException {
        try (PreparedStatement select =
                        db.prepareStatement("select source_id from source where kind = ? and location = ?");
                PreparedStatement upsert = db.prepareStatement("""
                        insert into source (kind, location) values (?, ?)
                        on conflict (kind, location) do update set location = excluded.location
                        returning source_id
                        """)) {
            for (PreparedStatement each : List.of(select, upsert)) { // a known place is not locked
                each.setString(1, kind);
                each.setString(2, location);
                try (ResultSet row = each.executeQuery()) {
                    if (row.next()) {
                        return row.getInt(1);
                    }
                }
            }
            throw new SQLException("source %s at %s has no row".formatted(kind, location));
        }
    }

    public Optional<Digest> digestOf(Connection db, long sequenceNumber) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select digest from checkpoint where sequence_number = ?")) {
            select.setLong(1, sequenceNumber);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? Optional.of(new Digest(found.getBytes(1))) : Optional.empty();
            }
        }
    }

    /**
     * Stores the package versions that contract upgrades in a batch announced.
     *
     * @param known those known before it
     * @return whether there were any
     */
    public static boolean learn(Connection db, PackageChain known, List<Accepted> batch) throws SQLException {
        boolean learned = false;
        try (PreparedStatement insert =
                db.prepareStatement("insert into walrus_package (version, package_id, learned_at) values (?, ?, ?)")) {
            for (Accepted each : batch) {
                for (var version : each.facts().packagesAfter().ids().entrySet()) {
                    if (known.contains(version.getValue())) {
                        continue;
                    }
                    known = known.with(version.getKey(), version.getValue());
                    insert.setLong(1, version.getKey());
                    insert.setBytes(2, version.getValue().toByteArray());
                    insert.setLong(3, each.sequenceNumber());
                    insert.addBatch();
                    learned = true;
                }
            }
            insert.executeBatch();
        }
        return learned;
    }

    /** Says that history begins with the state that somebody reported from before a checkpoint. */
    public void beginsWithSnapshot(Connection db, long first) throws SQLException {
        try (PreparedStatement update = db.prepareStatement("update network set snapshot_checkpoint = ?")) {
            update.setLong(1, first);
            update.executeUpdate();
        }
    }

    /** A committee that the last checkpoint of an epoch named for the next one. */
    public record HandOver(Committee committee, long checkpoint) {}

    /** Stores the anchor's committee and those that verified checkpoints handed over. */
    public void trust(Connection db, TrustAnchor anchor, List<HandOver> handOvers) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into sui_committee (sui_epoch, committee_bcs, trust, checkpoint) values (?, ?, ?, ?)
                on conflict (sui_epoch) do nothing
                """)) {
            if (anchor instanceof TrustAnchor.OfCommittee(var committee)) {
                committee(insert, committee, "anchor", Optional.empty());
            }
            for (HandOver each : handOvers) {
                committee(insert, each.committee(), "hand-over", Optional.of(each.checkpoint()));
            }
            insert.executeBatch();
        }
    }

    private static void committee(
            PreparedStatement insert, Committee committee, String trust, Optional<Long> checkpoint)
            throws SQLException {
        insert.setLong(1, committee.epoch());
        insert.setBytes(2, BcsWriter.encode(committee, (out, value) -> value.encode(out)));
        insert.setString(3, trust);
        insert.setObject(4, checkpoint.orElse(null), Types.BIGINT);
        insert.addBatch();
    }

    /** Everything unverified before {@code sequenceNumber} is vouched for by digests from there back. */
    public void raiseVerification(Connection db, long sequenceNumber) throws SQLException {
        try (PreparedStatement update = db.prepareStatement(
                "update checkpoint set verification = 'hash-chain' where verification = 'unverified' and sequence_number < ?")) {
            update.setLong(1, sequenceNumber);
            update.executeUpdate();
        }
        try (PreparedStatement update = db.prepareStatement("update network set chain_evidence = 'certificate'")) {
            update.executeUpdate();
        }
    }
}
