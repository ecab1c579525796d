package dev.vibrissa.api.epoch;

import dev.vibrissa.api.epoch.EpochViews.FingerprintView;
import dev.vibrissa.api.epoch.EpochViews.FingerprintsAnswer;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import java.time.Duration;
import java.util.List;

/**
 * Hashes over what was certified before an epoch and still was when it began, as storage nodes publish them in their
 * metrics. That an object lived then is read off its row of now: what had ended can neither be extended nor deleted any
 * more, so neither its end nor its deletion moves across the epoch's start.
 */
final class Fingerprints {
    /** Rows that are in memory at a time. */
    private static final int CHUNK = 20_000;

    /** For all statements of an answer together; each has a limit of its own. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** Before every key. */
    private static final byte[] FIRST = new byte[0];

    /** Objects whose pool tells their end; an object of no pool has its own. */
    private static final String LIVED = """
            o.certified_epoch < ? and coalesce(o.end_epoch, p.end_epoch) > ? and (o.deleted_epoch is null or o.deleted_epoch >= ?)
            """;

    private Fingerprints() {}

    /**
     * @param startCheckpoint of the epoch
     * @throws ProblemException 404 if our history lacks what was before, 504 if there is more than can be read at once
     */
    static FingerprintsAnswer of(Snapshot db, Moment moment, long epoch, long startCheckpoint) {
        if (moment.isPartial()) {
            throw ProblemException.notIndexed(
                    "fingerprints are over all that was ever certified, and history is complete only from checkpoint %d on"
                            .formatted(moment.asOf().firstCheckpoint()));
        }
        long end = System.nanoTime() + DEADLINE.toNanos();
        var blobs = new Fingerprint(epoch);
        byte[] after = FIRST;
        while (true) {
            List<BlobId> chunk = db.list(
                    """
                    select distinct o.blob_id from blob_object o
                      left join storage_pool p on p.storage_pool_id = o.storage_pool_id
                      join blob b on b.blob_id = o.blob_id
                    where o.blob_id > ? and (b.invalid_checkpoint is null or b.invalid_checkpoint > ?) and
                    """ + LIVED + "order by o.blob_id limit ?",
                    row -> row.blobId("blob_id"),
                    after,
                    startCheckpoint,
                    epoch,
                    epoch,
                    epoch,
                    CHUNK);
            chunk.forEach(blobs::add);
            requireTime(end, blobs);
            if (chunk.size() < CHUNK) {
                break;
            }
            after = chunk.getLast().toByteArray();
        }
        return new FingerprintsAnswer(
                moment.asOf(),
                epoch,
                view(blobs),
                view(objects(db, epoch, "own", end)),
                view(objects(db, epoch, "pooled", end)));
    }

    private static Fingerprint objects(Snapshot db, long epoch, String kind, long end) {
        record Key(SuiAddress object, List<SuiAddress> pool) {}
        var hash = new Fingerprint(epoch);
        byte[] after = FIRST;
        while (true) {
            List<Key> chunk = db.list(
                    """
                    select o.object_id, o.storage_pool_id from blob_object o
                      left join storage_pool p on p.storage_pool_id = o.storage_pool_id
                    where o.object_id > ? and o.kind = ? and
                    """ + LIVED + "order by o.object_id limit ?",
                    row -> {
                        SuiAddress pool = row.addressOrNull("storage_pool_id");
                        return new Key(row.address("object_id"), pool == null ? List.of() : List.of(pool));
                    },
                    after,
                    kind,
                    epoch,
                    epoch,
                    epoch,
                    CHUNK);
            for (Key each : chunk) {
                if (each.pool().isEmpty()) {
                    hash.add(each.object());
                } else {
                    hash.add(new Id32<?>[] {each.object(), each.pool().getFirst()});
                }
            }
            requireTime(end, hash);
            if (chunk.size() < CHUNK) {
                return hash;
            }
            after = chunk.getLast().object().toByteArray();
        }
    }

    private static void requireTime(long end, Fingerprint hash) {
        if (System.nanoTime() - end > 0) {
            throw ProblemException.tookTooLong(
                    "after %d s %d entries of a table were read, and there are more than one request may read"
                            .formatted(DEADLINE.toSeconds(), hash.entries()));
        }
    }

    private static FingerprintView view(Fingerprint hash) {
        return new FingerprintView(hash.toString(), Long.toString(hash.value()), hash.entries());
    }
}
