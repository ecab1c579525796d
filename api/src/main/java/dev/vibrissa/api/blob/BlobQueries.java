package dev.vibrissa.api.blob;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.blob.BlobViews.BlobView;
import dev.vibrissa.api.blob.BlobViews.Objects;
import dev.vibrissa.api.blob.BlobViews.Quilt;
import dev.vibrissa.api.object.BlobObjects;
import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.Metadata;
import dev.vibrissa.protocol.walrus.status.BlobLife;
import dev.vibrissa.protocol.walrus.status.BlobState;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads one blob. */
final class BlobQueries {
    private static final String TYPE_ATTRIBUTE = "_walrusBlobType";
    private static final String QUILT = "quilt";
    private static final int OBJECTS_SHOWN = 5;

    private BlobQueries() {}

    static BlobView blob(Snapshot db, Moment moment, BlobId blobId) {
        var life = BlobFacts.fold(blobId, moment, BlobFacts.of(db, blobId, moment));
        long epoch = Math.max(moment.epoch(), life.epoch());
        var status = life.status(epoch);
        var ids = life.objects().stream()
                .map(object -> object.objectId())
                .sorted()
                .toList();
        var shown =
                BlobObjects.find(db, moment, ids.stream().limit(OBJECTS_SHOWN).toList());
        long alive = life.objects().stream()
                .filter(object -> life.isAlive(object, epoch))
                .count();
        var first = shown.stream().findFirst();
        return new BlobView(
                moment.asOf(),
                blobId,
                blobId.toDecimal().toString(),
                word(life.state(epoch)),
                life.denyListing().isPresent(),
                status.toJson(),
                why(status),
                orNull(life.registeredUntil(epoch)),
                orNull(life.certifiedUntil(epoch)),
                life.initialCertifiedEpoch(epoch).orElse(null),
                life.size().isPresent()
                        ? Long.toUnsignedString(life.size().getAsLong())
                        : first.map(object -> object.size()).orElse(null),
                first.map(object -> object.encodedSize()).orElse(null),
                first.map(object -> object.encodingType()).orElse(null),
                ids.isEmpty() ? null : quilt(db, moment, blobId).orElse(null),
                shown.stream().anyMatch(object -> object.eventBlob()),
                new Objects(ids.size(), alive, shown, link(blobId) + "/objects"),
                firstSeen(db, moment, blobId).orElse(null),
                links(blobId, life));
    }

    /** Our word for a state as JSON has it. */
    static String word(BlobState state) {
        return switch (state) {
            case REGISTERED -> "registered";
            case CERTIFIED -> "certified";
            case BURNED -> "burned";
            case EXPIRED -> "expired";
            case DELETED -> "deleted";
            case INVALID -> "invalid";
            case NEVER_SEEN -> "neverSeen";
        };
    }

    private static @Nullable String why(BlobStatus status) {
        return status instanceof BlobStatus.Nonexistent(var why)
                ? switch (why) {
                    case NEVER -> "never";
                    case EXPIRED -> "expired";
                    case DELETED -> "deleted";
                }
                : null;
    }

    private static Map<String, String> links(BlobId blobId, BlobLife life) {
        var links = new LinkedHashMap<String, String>();
        links.put("self", link(blobId));
        links.put("history", link(blobId) + "/history");
        if (!life.objects().isEmpty()) {
            links.put("objects", link(blobId) + "/objects");
        }
        links.put("evidence", link(blobId) + "/evidence");
        return links;
    }

    static String link(BlobId blobId) {
        return "/v1/blobs/" + blobId;
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }

    /** The last attributes of each object until then; attributes leave no events. */
    private static Optional<Quilt> quilt(Snapshot db, Moment moment, BlobId blobId) {
        record Written(SuiAddress objectId, Optional<byte[]> field) {}
        List<Written> latest = db.list(
                """
                select distinct on (f.inner_object_id) f.inner_object_id, f.object_bcs
                from blob_object o
                join object_change f on f.inner_object_id = o.object_id and f.type = ? and f.checkpoint <= ?
                where o.blob_id = ?
                order by f.inner_object_id, f.version desc
                """,
                row -> new Written(row.address("inner_object_id"), Optional.ofNullable(row.bytesOrNull("object_bcs"))),
                ObjectChanges.METADATA,
                moment.checkpoint(),
                blobId);
        return latest.stream()
                .filter(written -> written.field()
                        .flatMap(bcs -> ObjectChanges.contents(
                                bcs,
                                in -> Field.decode(in, BcsReader::bytes, Metadata::decode)
                                        .value()))
                        .filter(metadata -> QUILT.equals(metadata.metadata().get(TYPE_ATTRIBUTE)))
                        .isPresent())
                .findFirst()
                .map(written -> new Quilt(written.objectId(), TYPE_ATTRIBUTE, QUILT));
    }

    private static Optional<Occurrence> firstSeen(Snapshot db, Moment moment, BlobId blobId) {
        return db.first(
                """
                select f.checkpoint, t.digest, t.sender, c.checkpoint_at
                from (
                  (select checkpoint, tx_index from event where blob_id = ? and checkpoint <= ?
                    order by checkpoint, tx_index limit 1)
                  union all
                  (select checkpoint, tx_index from object_change where blob_id = ? and checkpoint <= ?
                    order by checkpoint, tx_index limit 1)) f
                join transaction t on t.checkpoint = f.checkpoint and t.tx_index = f.tx_index
                join checkpoint c on c.sequence_number = f.checkpoint
                order by f.checkpoint, f.tx_index
                limit 1
                """,
                row -> new Occurrence(
                        row.number("checkpoint"),
                        row.digest("digest"),
                        row.address("sender"),
                        row.instant("checkpoint_at")),
                blobId,
                moment.checkpoint(),
                blobId,
                moment.checkpoint());
    }
}
