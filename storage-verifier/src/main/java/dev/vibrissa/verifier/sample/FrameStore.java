package dev.vibrissa.verifier.sample;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.evidence.HashTree;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Frames in the database: read off the projections once, kept in blocks, looked up by position. */
public final class FrameStore {
    private static final int BLOCK = 1 << 10;

    /**
     * Stored by at least one object that was certified before the epoch and ends after it, in every epoch between; sizes
     * are compared as they bound the bytes of a symbol, see {@link Stratum.Size}.
     */
    private static final String ELIGIBLE = """
            select blob_id, size, certified_epoch, end_epoch, deletable_object
            from (
              select o.blob_id, max(o.size) as size, min(o.certified_epoch) as certified_epoch,
                max(coalesce(o.end_epoch, p.end_epoch)) as end_epoch,
                case when bool_or(not o.deletable) then null else (array_agg(o.object_id order by o.object_id))[1] end as deletable_object
              from blob_object o
                join blob b on b.blob_id = o.blob_id
                left join storage_pool p on p.storage_pool_id = o.storage_pool_id
              where o.certified_epoch < ? and o.deleted_checkpoint is null
                and coalesce(o.end_epoch, p.end_epoch) > ? and p.destroyed_checkpoint is null
                and b.invalid_checkpoint is null and not b.deny_listed and o.size is not null and o.size <= ?
              group by o.blob_id) eligible
            order by
              case when size <= ? then 0 when size <= ? then 1 else 2 end,
              case when ? - certified_epoch <= 1 then 0 when ? - certified_epoch <= 4 then 1 else 2 end,
              blob_id
            """;

    private FrameStore() {}

    /** What is stored of a frame besides the record: enough to say what it commits to. */
    public record Counted(List<Long> strata, Bytes root) {}

    /**
     * Reads what is eligible, and keeps it in blocks. The caller's transaction must see one state throughout.
     *
     * @param epoch of the committee; a frame of it must not be there yet
     */
    public static Counted fill(Connection db, long epoch, EncodingConfig config) throws SQLException {
        var strata = new ArrayList<>(Collections.nCopies(Stratum.ALL.size(), 0L));
        var tree = new HashTree.Builder();
        long symbols = (long) config.primarySymbols() * config.secondarySymbols();
        try (PreparedStatement select = db.prepareStatement(ELIGIBLE);
                var blocks = new Blocks(db, epoch)) {
            select.setLong(1, epoch);
            select.setLong(2, epoch);
            select.setLong(3, config.maxBlobBytes());
            select.setLong(4, symbols * Stratum.Size.SMALL.maxSymbolBytes());
            select.setLong(5, symbols * Stratum.Size.MEDIUM.maxSymbolBytes());
            select.setLong(6, epoch);
            select.setLong(7, epoch);
            select.setFetchSize(BLOCK);
            int before = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var blob = new FrameBlob(
                            new BlobId(row.getBytes(1)),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            address(row.getBytes(5)));
                    int stratum = Stratum.of(blob, epoch, config).index();
                    if (stratum < before) {
                        throw new IllegalStateException(
                                "blob %s of stratum %d follows stratum %d".formatted(blob.blobId(), stratum, before));
                    }
                    before = stratum;
                    strata.set(stratum, strata.get(stratum) + 1);
                    tree.add(blob.leafHash());
                    blocks.add(blob);
                }
            }
            blocks.finish();
        }
        return new Counted(strata, tree.root());
    }

    /** The same from the blocks that are stored: whoever takes over a frame counts for itself. */
    public static Counted recount(Connection db, long epoch, EncodingConfig config) throws SQLException {
        var strata = new ArrayList<>(Collections.nCopies(Stratum.ALL.size(), 0L));
        var tree = new HashTree.Builder();
        try (var select = db.prepareStatement("select leaves from frame_block where walrus_epoch = ? order by block")) {
            select.setLong(1, epoch);
            select.setFetchSize(1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    for (FrameBlob blob : decode(row.getBytes(1))) {
                        int stratum = Stratum.of(blob, epoch, config).index();
                        strata.set(stratum, strata.get(stratum) + 1);
                        tree.add(blob.leafHash());
                    }
                }
            }
        }
        return new Counted(strata, tree.root());
    }

    private static Optional<SuiAddress> address(byte @Nullable [] bytes) {
        return Optional.ofNullable(bytes).map(SuiAddress::new);
    }

    private static final class Blocks implements AutoCloseable {
        private static final int BATCH = 64;

        private final PreparedStatement insert;
        private final long epoch;
        private final ByteArrayOutputStream leaves = new ByteArrayOutputStream(BLOCK * 81);
        private HashTree.Builder tree = new HashTree.Builder();
        private long block;

        Blocks(Connection db, long epoch) throws SQLException {
            this.epoch = epoch;
            insert = db.prepareStatement(
                    "insert into frame_block (walrus_epoch, block, leaves, root) values (?, ?, ?, ?)");
        }

        void add(FrameBlob blob) throws SQLException {
            leaves.writeBytes(blob.encode());
            tree.add(blob.leafHash());
            if (tree.count() == BLOCK) {
                flush();
            }
        }

        private void flush() throws SQLException {
            insert.setLong(1, epoch);
            insert.setLong(2, block);
            insert.setBytes(3, leaves.toByteArray());
            insert.setBytes(4, tree.root().toByteArray());
            insert.addBatch();
            block++;
            if (block % BATCH == 0) {
                insert.executeBatch();
            }
            leaves.reset();
            tree = new HashTree.Builder();
        }

        void finish() throws SQLException {
            if (tree.count() > 0) {
                flush();
            }
            insert.executeBatch();
        }

        @Override
        public void close() throws SQLException {
            insert.close();
        }
    }

    /** The committee of an epoch with what the chain says of its members now, in order; empty if it is not known. */
    public static List<FrameMember> members(Connection db, long epoch) throws SQLException {
        try (var select = db.prepareStatement("""
                select m.node_id, coalesce(m.public_key, n.public_key), n.network_public_key,
                  (select array_agg(s.shard order by s.shard) from shard_assignment s
                   where s.epoch = m.epoch and s.node_id = m.node_id)
                from committee_member m join storage_node n on n.node_id = m.node_id
                where m.epoch = ? order by m.position
                """)) {
            select.setLong(1, epoch);
            var members = new ArrayList<FrameMember>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var shards = row.getArray(4);
                    members.add(new FrameMember(
                            new SuiAddress(row.getBytes(1)),
                            Bytes.of(row.getBytes(2)),
                            Bytes.of(row.getBytes(3)),
                            shards == null ? List.of() : Arrays.asList((Integer[]) shards.getArray())));
                }
            }
            return members;
        }
    }

    /**
     * Blobs by their positions.
     *
     * @throws NoSuchElementException if the frame has no such position
     */
    public static Map<Long, FrameBlob> blobs(Connection db, long epoch, List<Long> positions) throws SQLException {
        var wanted = new TreeMap<Long, List<Long>>();
        positions.forEach(each ->
                wanted.computeIfAbsent(each / BLOCK, _ -> new ArrayList<>()).add(each));
        var found = new TreeMap<Long, FrameBlob>();
        try (var select = db.prepareStatement("select leaves from frame_block where walrus_epoch = ? and block = ?")) {
            for (var block : wanted.entrySet()) {
                select.setLong(1, epoch);
                select.setLong(2, block.getKey());
                try (ResultSet row = select.executeQuery()) {
                    List<FrameBlob> blobs = row.next() ? decode(row.getBytes(1)) : List.of();
                    for (long position : block.getValue()) {
                        int at = (int) (position % BLOCK);
                        if (at >= blobs.size()) {
                            throw new NoSuchElementException(
                                    "the frame of epoch %d has no blob at %d".formatted(epoch, position));
                        }
                        found.put(position, blobs.get(at));
                    }
                }
            }
        }
        return found;
    }

    /**
     * The paths from blobs to the root of their frame, see {@link HashTree#path}, for those positions that there are;
     * every block is read once.
     */
    public static Map<Long, List<Bytes>> paths(Connection db, long epoch, Collection<Long> positions)
            throws SQLException {
        Map<Integer, List<Long>> byBlock = positions.stream()
                .distinct()
                .collect(Collectors.groupingBy(each -> (int) (each / BLOCK), TreeMap::new, Collectors.toList()));
        List<Bytes> roots = roots(db, epoch);
        var paths = new TreeMap<Long, List<Bytes>>();
        try (var select = db.prepareStatement("select leaves from frame_block where walrus_epoch = ? and block = ?")) {
            for (var block : byBlock.entrySet()) {
                select.setLong(1, epoch);
                select.setLong(2, block.getKey());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        continue;
                    }
                    List<Bytes> leaves = decode(row.getBytes(1)).stream()
                            .map(FrameBlob::leafHash)
                            .toList();
                    // Blocks are whole powers of two, but for the last: their roots are nodes of the frame's tree.
                    List<Bytes> above = HashTree.path(roots, block.getKey());
                    for (long position : block.getValue()) {
                        int inBlock = (int) (position % BLOCK);
                        if (inBlock < leaves.size()) {
                            var path = new ArrayList<>(HashTree.path(leaves, inBlock));
                            path.addAll(above);
                            paths.put(position, path);
                        }
                    }
                }
            }
        }
        return paths;
    }

    private static List<Bytes> roots(Connection db, long epoch) throws SQLException {
        var roots = new ArrayList<Bytes>();
        try (var select = db.prepareStatement("select root from frame_block where walrus_epoch = ? order by block")) {
            select.setLong(1, epoch);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    roots.add(Bytes.of(row.getBytes(1)));
                }
            }
        }
        return roots;
    }

    private static List<FrameBlob> decode(byte[] leaves) {
        var in = new BcsReader(leaves);
        var blobs = new ArrayList<FrameBlob>();
        while (in.remaining() > 0) {
            blobs.add(FrameBlob.decode(in));
        }
        return blobs;
    }
}
