package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.ChainReader.Position;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionEffects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Where things are: checkpoints and transactions by digest, versions of objects. Safe for use by several threads.
 *
 * <p>What is recent is in memory. The rest lies in files, each of the checkpoints between two snapshots and written once; in
 * memory stay 32-bit hashes of what a file names, which is enough to open, nearly always, only the file that is asked for.
 */
final class ChainIndex {
    private static final Pattern PIECE = Pattern.compile("index-(\\d+)\\.bcs\\.zst");

    /** A version of an object that a checkpoint wrote. */
    record Version(SuiAddress id, long number) {
        static Version decode(BcsReader in) {
            return new Version(SuiAddress.decode(in), in.u64());
        }

        void encode(BcsWriter out) {
            id.encode(out);
            out.u64(number);
        }
    }

    /** What one checkpoint adds. */
    record Entry(long sequenceNumber, Digest digest, List<Digest> transactions, List<Version> written) {
        static Entry decode(BcsReader in) {
            return new Entry(in.u64(), Digest.decode(in), in.list(33, Digest::decode), in.list(40, Version::decode));
        }

        void encode(BcsWriter out) {
            digest.encodeWithLength(out.u64(sequenceNumber));
            out.list(transactions, (each, transaction) -> transaction.encodeWithLength(each))
                    .list(written, (each, version) -> version.encode(each));
        }
    }

    /** A file, by the number of its first checkpoint. */
    private record Piece(long first, int[] hashes) {
        static Piece of(List<Entry> entries) {
            int[] hashes = entries.stream()
                    .flatMapToInt(entry -> IntStream.concat(
                            IntStream.of(entry.digest.hashCode()),
                            IntStream.concat(
                                    entry.transactions.stream().mapToInt(Digest::hashCode),
                                    entry.written.stream().mapToInt(Version::hashCode))))
                    .sorted()
                    .toArray();
            return new Piece(entries.getFirst().sequenceNumber, hashes);
        }

        boolean mayName(Object key) {
            return Arrays.binarySearch(hashes, key.hashCode()) >= 0;
        }
    }

    private final CheckpointFolder folder;
    private final Map<Digest, Long> checkpoints = new ConcurrentHashMap<>();
    private final Map<Digest, Position> transactions = new ConcurrentHashMap<>();
    private final Map<Version, Long> versions = new ConcurrentHashMap<>();
    private final List<Piece> pieces = new CopyOnWriteArrayList<>();

    ChainIndex(CheckpointFolder folder) {
        this.folder = folder;
    }

    static Entry entry(long sequenceNumber, Digest digest, List<TransactionEffects> effects) {
        var written = new ArrayList<Version>();
        for (TransactionEffects each : effects) {
            for (ChangedObject change : each.changedObjects()) {
                switch (change.out()) {
                    case OutputState.Written _ -> written.add(new Version(change.id(), each.lamportVersion()));
                    case OutputState.PackageWritten(long version, Digest _) ->
                        written.add(new Version(change.id(), version));
                    case OutputState.Absent _, OutputState.AccumulatorWritten _ -> {}
                }
            }
        }
        return new Entry(
                sequenceNumber,
                digest,
                effects.stream().map(TransactionEffects::transactionDigest).toList(),
                List.copyOf(written));
    }

    void add(Entry entry) {
        checkpoints.put(entry.digest, entry.sequenceNumber);
        for (int i = 0; i < entry.transactions.size(); i++) {
            transactions.put(entry.transactions.get(i), new Position(entry.sequenceNumber, i));
        }
        for (Version version : entry.written) {
            versions.put(version, entry.sequenceNumber);
        }
    }

    /** Moves entries from memory to a file. */
    void store(List<Entry> entries) {
        var out = new BcsWriter().list(entries, (each, entry) -> entry.encode(each));
        folder.write(name(entries.getFirst().sequenceNumber), CheckpointFolder.compress(out.toByteArray()));
        pieces.add(Piece.of(entries)); // before it goes from memory: it can be found all the time
        for (Entry entry : entries) {
            checkpoints.remove(entry.digest);
            entry.transactions.forEach(transactions::remove);
            entry.written.forEach(versions::remove);
        }
    }

    /**
     * Finds the files of all checkpoints up to {@code last}.
     *
     * @throws IllegalStateException if they are not exactly those
     */
    void restore(long last) {
        var found = new ArrayList<Piece>();
        long next = 0;
        for (long first : folder.matching(PIECE).keySet()) {
            if (first > last) {
                break; // of a snapshot that was not finished
            }
            List<Entry> entries = read(first);
            if (first != next || entries.isEmpty()) {
                throw new IllegalStateException("%s of %d checkpoints begins where checkpoint %d is due"
                        .formatted(name(first), entries.size(), next));
            }
            found.add(Piece.of(entries));
            next += entries.size();
        }
        if (next != last + 1) {
            throw new IllegalStateException(
                    "an index of %d checkpoints beside a snapshot of checkpoint %d".formatted(next, last));
        }
        pieces.addAll(found);
    }

    /** Removes all files: they can be made again. */
    static void delete(CheckpointFolder folder) {
        folder.matching(PIECE)
                .values()
                .forEach(file -> folder.delete(file.getFileName().toString()));
    }

    private static String name(long first) {
        return "index-%d.bcs.zst".formatted(first);
    }

    private List<Entry> read(long first) {
        return folder.read(name(first))
                .map(CheckpointFolder::decompress)
                .map(bytes -> BcsReader.decode(bytes, in -> in.list(Entry::decode)))
                .orElseThrow(() -> new IllegalStateException("%s is gone".formatted(name(first))));
    }

    private Optional<Entry> stored(Object key, Predicate<Entry> names) {
        for (Piece piece : pieces.reversed()) {
            if (piece.mayName(key)) {
                var entry = read(piece.first).stream().filter(names).findFirst();
                if (entry.isPresent()) {
                    return entry;
                }
            }
        }
        return Optional.empty();
    }

    Optional<Long> checkpoint(Digest digest) {
        return Optional.ofNullable(checkpoints.get(digest))
                .or(() -> stored(digest, entry -> entry.digest.equals(digest)).map(Entry::sequenceNumber));
    }

    Optional<Position> transaction(Digest digest) {
        return Optional.ofNullable(transactions.get(digest))
                .or(() -> stored(digest, entry -> entry.transactions.contains(digest))
                        .map(entry -> new Position(entry.sequenceNumber, entry.transactions.indexOf(digest))));
    }

    /** The checkpoint that wrote this version. */
    Optional<Long> written(SuiAddress id, long number) {
        var version = new Version(id, number);
        return Optional.ofNullable(versions.get(version))
                .or(() -> stored(version, entry -> entry.written.contains(version))
                        .map(Entry::sequenceNumber));
    }
}
