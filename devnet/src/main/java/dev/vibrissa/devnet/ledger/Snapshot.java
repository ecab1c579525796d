package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The live objects after one checkpoint, so that opening a ledger need not replay all checkpoints before; and beside it
 * the index of these checkpoints in pieces that are written once. All of it can be made again from the checkpoints.
 *
 * @param sequenceNumber of the last checkpoint that is in it
 * @param objects BCS of each
 */
record Snapshot(long sequenceNumber, List<Bytes> objects) {
    private static final String NAME = "live-objects.bcs.zst";
    private static final Pattern INDEX = Pattern.compile("index-(\\d+)\\.bcs\\.zst");

    static Snapshot of(long sequenceNumber, LiveObjects live) {
        return new Snapshot(
                sequenceNumber, live.all().stream().map(StoredObject::bcs).toList());
    }

    /** Index first: a snapshot that is there has its index. */
    void write(CheckpointFolder folder, List<ChainIndex.Entry> sinceLast) {
        String name = "index-%d.bcs.zst".formatted(sinceLast.getFirst().sequenceNumber());
        var index = new BcsWriter().list(sinceLast, (out, entry) -> entry.encode(out));
        folder.write(name, CheckpointFolder.compress(index.toByteArray()));
        var out = new BcsWriter().u64(sequenceNumber).list(objects, BcsWriter::bytes);
        folder.write(NAME, CheckpointFolder.compress(out.toByteArray()));
    }

    static Optional<Snapshot> read(CheckpointFolder folder) {
        return folder.read(NAME)
                .map(file -> BcsReader.decode(
                        CheckpointFolder.decompress(file),
                        in -> new Snapshot(in.u64(), in.list(each -> Bytes.of(each.bytes())))));
    }

    /** Removes what is there: it can be made again. */
    static void delete(CheckpointFolder folder) {
        folder.delete(NAME);
        folder.matching(INDEX)
                .values()
                .forEach(file -> folder.delete(file.getFileName().toString()));
    }

    /**
     * The entries of all checkpoints up to this snapshot.
     *
     * @throws IllegalStateException if some are missing
     */
    List<ChainIndex.Entry> readIndex(CheckpointFolder folder) {
        var entries = new ArrayList<ChainIndex.Entry>();
        for (Map.Entry<Long, Path> piece : folder.matching(INDEX).entrySet()) {
            if (piece.getKey() > sequenceNumber) {
                break; // of a snapshot that was not finished
            }
            if (piece.getKey() != entries.size()) {
                throw new IllegalStateException("%s begins where checkpoint %d is due"
                        .formatted(piece.getValue().getFileName(), entries.size()));
            }
            entries.addAll(folder.read(piece.getValue().getFileName().toString())
                    .map(CheckpointFolder::decompress)
                    .map(bytes -> BcsReader.decode(bytes, in -> in.list(ChainIndex.Entry::decode)))
                    .orElseThrow());
        }
        if (entries.size() != sequenceNumber + 1) {
            throw new IllegalStateException("an index of %d checkpoints beside a snapshot of checkpoint %d"
                    .formatted(entries.size(), sequenceNumber));
        }
        return entries;
    }
}
