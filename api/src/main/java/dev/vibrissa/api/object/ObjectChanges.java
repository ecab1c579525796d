package dev.vibrissa.api.object;

import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads versions of objects, as transactions left them. */
public final class ObjectChanges {
    /** The type of a storage pool's state, as {@code object_change.type} names it. */
    public static final String STORAGE_POOL_INNER = "Field<storage_pool::StoragePoolInnerV1>";

    /** The type of a blob's attributes, as {@code object_change.type} names it. */
    public static final String METADATA = "Field<metadata::Metadata>";

    /** The type of a dynamic field that somebody put a Blob into. */
    static final String BLOB_FIELD = "Field<blob::Blob>";

    private ObjectChanges() {}

    /**
     * One version of an object, or its end.
     *
     * @param change the word of {@code object_change.change}
     * @param inner the Blob in a SharedBlob or dynamic field, the parent of any other dynamic field
     * @param object empty where there is no object any more
     */
    public record Change(
            SuiAddress objectId,
            long version,
            String change,
            long checkpoint,
            int txIndex,
            Digest tx,
            @Nullable SuiAddress sender,
            Instant timestamp,
            String type,
            String ownerKind,
            @Nullable SuiAddress owner,
            @Nullable SuiAddress inner,
            Optional<byte[]> object) {

        public boolean exists() {
            return object.isPresent();
        }

        /** The Move struct, read by {@code layout}; empty where the object is gone or no Move object. */
        public <T> Optional<T> read(Function<BcsReader, T> layout) {
            return object.flatMap(bcs -> contents(bcs, layout));
        }
    }

    /** The Move struct in an object's BCS; empty if it is no Move object. */
    public static <T> Optional<T> contents(byte[] objectBcs, Function<BcsReader, T> layout) {
        return BcsReader.decode(objectBcs, SuiObject::decode).data() instanceof SuiObject.Move move
                ? Optional.of(BcsReader.decode(move.contents().toByteArray(), layout))
                : Optional.empty();
    }

    /**
     * All changes up to {@code checkpoint}, in chain order, of the objects {@code ids}, of dynamic fields under them,
     * and of SharedBlobs and dynamic fields around them.
     */
    public static List<Change> around(Snapshot db, Collection<SuiAddress> ids, long checkpoint) {
        // One by one, which "offset 0" has the planner keep to: a plan for any list would pass over all checkpoints
        // while these are few.
        return db.list("""
                with asked as (select distinct unnest(?) as id)
                select o.*, t.digest, t.sender, c.checkpoint_at
                from (
                  select each.* from asked
                    cross join lateral (select * from object_change where object_id = asked.id and checkpoint <= ? offset 0) each
                  union all
                  select each.* from asked
                    cross join lateral (select * from object_change where inner_object_id = asked.id and checkpoint <= ? offset 0) each) o
                join transaction t on t.checkpoint = o.checkpoint and t.tx_index = o.tx_index
                join checkpoint c on c.sequence_number = o.checkpoint
                order by o.checkpoint, o.tx_index, o.version, o.object_id
                """, ObjectChanges::read, ids, checkpoint, checkpoint);
    }

    /** The last change of an object up to {@code checkpoint}. */
    static Optional<Change> last(Snapshot db, SuiAddress id, long checkpoint) {
        return db.first("""
                select o.*, t.digest, t.sender, c.checkpoint_at
                from object_change o
                join transaction t on t.checkpoint = o.checkpoint and t.tx_index = o.tx_index
                join checkpoint c on c.sequence_number = o.checkpoint
                where o.object_id = ? and o.checkpoint <= ?
                order by o.version desc
                limit 1
                """, ObjectChanges::read, id, checkpoint);
    }

    private static Change read(Row row) throws SQLException {
        return new Change(
                row.address("object_id"),
                row.number("version"),
                row.text("change"),
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.digest("digest"),
                row.addressOrNull("sender"),
                row.instant("checkpoint_at"),
                row.text("type"),
                row.text("owner_kind"),
                row.addressOrNull("owner"),
                row.addressOrNull("inner_object_id"),
                Optional.ofNullable(row.bytesOrNull("object_bcs")));
    }
}
