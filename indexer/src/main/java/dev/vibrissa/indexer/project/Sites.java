package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.write.BinaryCopy;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Site;
import dev.vibrissa.protocol.walrus.object.SiteResource;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walrus Sites as they come and go, and the blobs that their files are: versions as they are written, and a count of all
 * when an epoch is over.
 */
final class Sites {
    private static final String SITE = "site::Site";
    private static final String RESOURCE = "Field<site::Resource>";

    private final Connection db;
    private final Map<SuiAddress, Sight> seen = new LinkedHashMap<>();
    private final Map<SuiAddress, Deed> burned = new LinkedHashMap<>();
    private final List<File> files = new ArrayList<>();

    /** @param created it came to be there */
    private record Sight(Deed deed, boolean created) {}

    /** @param resource empty where the file is gone, or can no longer be read */
    private record File(
            Deed deed, ObjectFact fact, @Nullable SuiAddress site, Optional<SiteResource> resource) {}

    Sites(Connection db) {
        this.db = db;
    }

    void changed(Deed deed) {
        var objects = deed.transaction().objects();
        objects.forEach(object -> site(deed, object)); // before the files, which show their site only as found
        objects.stream().filter(object -> object.type().equals(RESOURCE)).forEach(object -> file(deed, object));
    }

    private void site(Deed deed, ObjectFact object) {
        if (Deed.after(object, Site.class).isPresent()
                || Deed.before(object, Site.class).isPresent()) {
            seen.putIfAbsent(object.id(), new Sight(deed, object.change() == Change.CREATED));
        }
        // One that was taken out of another object and burned leaves no type: whether it is a site, the table knows.
        if (object.change() == Change.DELETED
                && (object.type().equals(SITE) || object.type().isEmpty())) {
            burned.putIfAbsent(object.id(), deed);
        }
    }

    private void file(Deed deed, ObjectFact object) {
        var site = BlobProjection.parent(object);
        var resource = site == null ? Optional.<SiteResource>empty() : Deed.after(object, SiteResource.class);
        if (site != null && resource.isPresent()) {
            seen.putIfAbsent(site, new Sight(deed, false));
        }
        files.add(new File(deed, object, resource.isPresent() ? site : null, resource));
    }

    /** Counts an epoch that is over, from the tables: {@code registration} has to be complete until then. */
    void ended(long epoch, long endCheckpoint) throws SQLException {
        store();
        Rows.update(db, """
                insert into site_epoch (epoch, end_checkpoint, created, burned, living, resources, blobs, bytes, quilts, broken)
                select ?, ?, c.*
                from site_count(coalesce((select max(end_checkpoint) from site_epoch), -1), ?) c
                """, epoch, endCheckpoint, endCheckpoint);
    }

    void store() throws SQLException {
        if (!seen.isEmpty()) {
            Rows.update(
                    db,
                    """
                    insert into site (site_id, first_checkpoint, first_tx, created)
                    select * from unnest(?::bytea[], ?::bigint[], ?::bytea[], ?::boolean[])
                    on conflict (site_id) do nothing
                    """,
                    Rows.byteas(db, seen.keySet()),
                    array("bigint", seen, each -> each.deed().checkpoint()),
                    digests(seen, Sight::deed),
                    array("boolean", seen, Sight::created));
        }
        if (!burned.isEmpty()) {
            Rows.update(
                    db,
                    """
                    update site s set burned_checkpoint = b.checkpoint, burned_tx = b.tx
                    from unnest(?::bytea[], ?::bigint[], ?::bytea[]) b (site_id, checkpoint, tx)
                    where s.site_id = b.site_id and s.burned_checkpoint is null
                    """,
                    Rows.byteas(db, burned.keySet()),
                    array("bigint", burned, Deed::checkpoint),
                    digests(burned, deed -> deed));
        }
        storeFiles();
        seen.clear();
        burned.clear();
        files.clear();
    }

    private <T> Array array(String type, Map<SuiAddress, T> from, Function<T, Object> of) throws SQLException {
        return db.createArrayOf(type, from.values().stream().map(of).toArray());
    }

    private <T> Array digests(Map<SuiAddress, T> from, Function<T, Deed> deed) throws SQLException {
        return Rows.byteas(
                db,
                from.values().stream()
                        .map(each -> deed.apply(each).transaction().digest())
                        .toList());
    }

    private void storeFiles() throws SQLException {
        if (files.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(
                db,
                "site_resource",
                "resource_id, version, checkpoint, tx_digest, site_id, path, blob_id, quilt_patch")) {
            for (File file : files) {
                copy.row()
                        .bytea(file.fact().id().toByteArray())
                        .bigint(file.fact().version())
                        .bigint(file.deed().checkpoint())
                        .bytea(file.deed().digest())
                        .bytea(Rows.bytes(file.site()))
                        .text(file.resource()
                                .map(SiteResource::path)
                                .map(Rows::text)
                                .orElse(null))
                        .bytea(Rows.bytes(
                                file.resource().map(SiteResource::blobId).orElse(null)))
                        .bytea(file.resource()
                                .flatMap(SiteResource::quiltPatch)
                                .map(Bytes::toByteArray)
                                .orElse(null));
            }
            copy.finish();
        }
    }
}
