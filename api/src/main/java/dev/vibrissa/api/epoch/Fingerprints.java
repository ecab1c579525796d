package dev.vibrissa.api.epoch;

import dev.vibrissa.api.epoch.EpochViews.FingerprintView;
import dev.vibrissa.api.epoch.EpochViews.FingerprintsAnswer;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;

/**
 * Hashes over what was certified before an epoch and still was when it began, as storage nodes publish them in their
 * metrics. An indexer makes them when an epoch has begun.
 */
final class Fingerprints {
    private Fingerprints() {}

    /** @throws ProblemException 404 if our history lacks what was before, or they are not made yet */
    static FingerprintsAnswer of(Snapshot db, Moment moment, long epoch) {
        if (moment.isPartial()) {
            throw ProblemException.notIndexed(
                    "fingerprints are over all that was ever certified, and history is complete only from checkpoint %d on"
                            .formatted(moment.asOf().firstCheckpoint()));
        }
        return new FingerprintsAnswer(
                moment.asOf(),
                epoch,
                view(db, epoch, "blobs"),
                view(db, epoch, "objects"),
                view(db, epoch, "pooled_objects"));
    }

    private static FingerprintView view(Snapshot db, long epoch, String what) {
        return db.first(
                        "select hash, entries from epoch_fingerprint where epoch = ? and what = ?",
                        row -> {
                            long hash = row.number("hash");
                            return new FingerprintView(
                                    "%016x".formatted(hash), Long.toString(hash), row.number("entries"));
                        },
                        epoch,
                        what)
                .orElseThrow(() -> ProblemException.notIndexed(
                        "the fingerprints of epoch %d are not made yet: an indexer at work does so within minutes, of many millions of objects within the hour"
                                .formatted(epoch)));
    }
}
