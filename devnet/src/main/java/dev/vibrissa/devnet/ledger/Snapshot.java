package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * The live objects after one checkpoint, so that opening a ledger need not replay all checkpoints before. Can be made again
 * from the checkpoints.
 *
 * @param sequenceNumber of the last checkpoint that is in it
 * @param objects BCS of each
 */
record Snapshot(long sequenceNumber, List<Bytes> objects) {
    private static final String NAME = "live-objects.bcs.zst";

    static Snapshot of(long sequenceNumber, LiveObjects live) {
        return new Snapshot(
                sequenceNumber, live.all().stream().map(StoredObject::bcs).toList());
    }

    void write(CheckpointFolder folder) {
        var out = new BcsWriter().u64(sequenceNumber).list(objects, BcsWriter::bytes);
        folder.write(NAME, CheckpointFolder.compress(out.toByteArray()));
    }

    static Optional<Snapshot> read(CheckpointFolder folder) {
        return folder.read(NAME)
                .map(file -> BcsReader.decode(
                        CheckpointFolder.decompress(file),
                        in -> new Snapshot(in.u64(), in.list(each -> Bytes.of(each.bytes())))));
    }

    static void delete(CheckpointFolder folder) {
        folder.delete(NAME);
    }
}
