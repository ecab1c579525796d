package dev.vibrissa.api.expiry;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.expiry.ExpiryView.Ending;
import dev.vibrissa.api.expiry.ExpiryView.Expiring;
import dev.vibrissa.api.expiry.ExpiryView.OwnersEnding;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/expiry")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ExpiryResource {
    private static final int MOST_LARGEST = 50;

    /** Holders of what ended in an interval, from one to the next by the index, as {@code holder}: behind a place, until an epoch. */
    private static final String HOLDERS = """
            with recursive holder as (
              (select end_epoch, owner_kind, owner from ending_of_owner_history
                where (end_epoch, owner_kind, owner) > (?, ?, ?) and end_epoch <= ?
                order by end_epoch, owner_kind, owner limit 1)
              union all
              select n.* from holder h
              cross join lateral (
                select n.end_epoch, n.owner_kind, n.owner from ending_of_owner_history n
                where (n.end_epoch, n.owner_kind, n.owner) > (h.end_epoch, h.owner_kind, h.owner) and n.end_epoch <= ?
                order by n.end_epoch, n.owner_kind, n.owner limit 1) n)
            """;

    /** What each of them had at a checkpoint. */
    private static final String HELD_THEN = """
            select h.end_epoch, h.owner_kind as holder_kind, h.owner as holder, was.objects, was.bytes
            from holder h
            cross join lateral (
              select t.objects, t.bytes from ending_of_owner_history t
              where t.end_epoch = h.end_epoch and t.owner_kind = h.owner_kind and t.owner = h.owner and t.checkpoint <= ?
              order by t.checkpoint desc limit 1) was
            where was.objects > 0
            """;

    /**
     * All that some holders have that ends in an interval: of those that are among the largest of an epoch, for more than that
     * no index tells. Each of these lists is short, and so is what it leads to. A pool ends once, and pools are few.
     */
    private static final String LARGEST_NOW = """
            with candidate as (
              select each.holder_kind, each.holder from ending
              cross join lateral (
                select o.owner_kind as holder_kind, o.owner as holder from ending_of_owner o
                where o.end_epoch = ending.end_epoch and o.objects > 0 order by o.bytes desc limit ?) each
              where ending.end_epoch between ? and ?
              union
              (select 'pool', storage_pool_id from storage_pool p join pool_content c using (storage_pool_id)
                where p.end_epoch between ? and ? and c.objects > 0 order by c.bytes desc limit ?)),
            ends as (
              select each.end_epoch, candidate.holder_kind, candidate.holder, each.objects, each.bytes from candidate
              cross join lateral (
                select o.end_epoch, o.objects, o.bytes from ending_of_owner o
                  where o.owner = candidate.holder and o.owner_kind = candidate.holder_kind
                    and o.end_epoch between ? and ? and o.objects > 0
                union all
                select p.end_epoch, c.objects, c.bytes from storage_pool p join pool_content c using (storage_pool_id)
                  where candidate.holder_kind = 'pool' and p.storage_pool_id = candidate.holder
                    and p.end_epoch between ? and ? and c.objects > 0) each)
            """;

    /**
     * The same for a past checkpoint: of those that were among the largest where its day began or ended, which for a day that is
     * not over yet is now.
     */
    private static final String LARGEST_THEN = """
            , day as (
              select (select max(checkpoint) from ending_day where checkpoint <= ?) as begun,
                (select min(checkpoint) from ending_day where checkpoint > ?) as over),
            candidate as (
              select l.owner_kind, l.owner from day join ending_largest l on l.checkpoint in (day.begun, day.over)
              where l.end_epoch between ? and ?
              union
              select each.owner_kind, each.owner from ending
              cross join lateral (
                select o.owner_kind, o.owner from ending_of_owner o
                where o.end_epoch = ending.end_epoch order by o.bytes desc, o.owner_kind, o.owner limit %d) each
              where ending.end_epoch between ? and ? and (select over from day) is null),
            ends as (
              select e.epoch as end_epoch, h.owner_kind as holder_kind, h.owner as holder, was.objects, was.bytes
              from end_epoch e cross join candidate h
              cross join lateral (
                select t.objects, t.bytes from ending_of_owner_history t
                where t.end_epoch = e.epoch and t.owner_kind = h.owner_kind and t.owner = h.owner and t.checkpoint <= ?
                order by t.checkpoint desc limit 1) was
              where e.epoch <= ? and was.objects > 0
              union all
              select end_epoch, 'pool', storage_pool_id, objects, bytes from (%s) pool
              where end_epoch between ? and ?)
            """.formatted(MOST_LARGEST, EndingHistory.POOLS);

    /** Rows of the holders that have most, in the order of the list. */
    private static final String OF_LARGEST = """
            select end_epoch, holder_kind, nullif(holder, ''::bytea) as holder, objects, bytes
            from (
              select *, dense_rank() over (order by held desc, holder_kind, holder) as place
              from (select *, sum(bytes) over (partition by holder_kind, holder) as held from ends) each) placed
            where place <= ? and (end_epoch, holder_kind, holder) > (?, ?, ?)
            order by end_epoch, holder_kind, placed.holder limit ?
            """;

    /** Nothing can be paid for further ahead on mainnet. */
    private static final long USUAL_EPOCHS = 53;

    private final Answers answers;

    ExpiryResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "expiry", summary = "Objects alive, counted by the epoch at whose start they end")
    public RestResponse<ExpiryView> calendar(@RestQuery @Nullable String at) {
        return answers.at(at, (db, moment) -> new ExpiryView(moment.asOf(), endings(db, moment)));
    }

    @GET
    @Path("{epoch}")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "expiring", summary = "Objects alive that end at the start of an epoch, by object id")
    public RestResponse<Page<Expiring>> expiring(
            UriInfo uri,
            @RestPath String epoch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        long endEpoch = Input.epoch("epoch", epoch);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        expiring(db, moment, endEpoch, page),
                        object -> List.of(PageRequest.hex(object.objectId()))));
    }

    @GET
    @Path("owners")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "expiryByOwner",
            summary = "Objects alive, counted by the epoch at whose start they end and by who holds them",
            description = "From the running epoch on, for 53 epochs, unless others are asked for.")
    public RestResponse<Page<OwnersEnding>> owners(
            UriInfo uri,
            @Parameter(description = "First end epoch; the one after the running one without it.", example = "3")
                    @RestQuery
                    @Nullable
                    String fromEpoch,
            @Parameter(description = "Last end epoch, included; 52 after the first without it.", example = "9")
                    @RestQuery
                    @Nullable
                    String toEpoch,
            @Parameter(
                            description =
                                    "Only so many holders, 1 to 50: those with most bytes that end in these epochs, of all"
                                            + " that are among as many with most in one of them; of a past moment, of"
                                            + " all that were among 50 where its day (UTC) began or ended.",
                            example = "20")
                    @RestQuery
                    @Nullable
                    String largest,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var from = Input.optional(fromEpoch, text -> Input.epoch("fromEpoch", text));
        var to = Input.optional(toEpoch, text -> Input.epoch("toEpoch", text));
        var most = Input.optional(largest, text -> Input.whole("largest", text, 1, MOST_LARGEST));
        var page = PageRequest.of(uri, limit, cursor, 3);
        Function<Snapshot, String> besides = db -> most.isPresent() ? tip(db) : "";
        return answers.at(at, besides, (db, moment) -> {
            long first = from.orElse(moment.epoch() + 1);
            return page.page(
                    moment,
                    owners(db, moment, first, to.orElse(first + USUAL_EPOCHS - 1), most, page),
                    each -> List.of(
                            Long.toString(each.endEpoch()),
                            each.holderKind(),
                            each.holder() == null ? "" : PageRequest.hex(each.holder())));
        });
    }

    /** While a day is not over, who is looked at as of a moment of it depends on who has most now. */
    private static String tip(Snapshot db) {
        return db.one(
                "select coalesce(max(last_checkpoint), 0) as tip from watermark",
                row -> Long.toString(row.number("tip")));
    }

    private static List<OwnersEnding> owners(
            Snapshot db, Moment moment, long from, long to, Optional<Long> largest, PageRequest page) {
        long first = Math.max(from, moment.epoch() + 1); // what ended before is not alive
        if (moment.past()) {
            EndingHistory.require(db, moment);
            return largest.isPresent()
                    ? largestThen(db, moment, first, to, largest.get(), page)
                    : ownersThen(db, moment, Place.of(page, first), to, page.fetch());
        }
        return largest.isPresent()
                ? largestNow(db, first, to, largest.get(), page)
                : ownersNow(db, Place.of(page, first), to, page.fetch());
    }

    /** Behind which a page begins; an index is entered there, and not at epochs long gone. */
    private record Place(long endEpoch, String holderKind, byte[] holder) {
        static Place of(PageRequest page, long first) {
            long epoch = page.afterNumber(0, first);
            return epoch < first
                    ? new Place(first, "", new byte[0])
                    : new Place(epoch, page.afterText(1), page.afterBytes(2));
        }
    }

    private static List<OwnersEnding> ownersNow(Snapshot db, Place after, long to, int fetch) {
        return db.list(
                """
                select end_epoch, holder_kind, nullif(holder, ''::bytea) as holder, objects, bytes from (
                  (select end_epoch, owner_kind as holder_kind, owner as holder, objects, bytes from ending_of_owner
                    where (end_epoch, owner_kind, owner) > (?, ?, ?) and end_epoch <= ? and objects > 0
                    order by end_epoch, owner_kind, owner limit ?)
                  union all
                  (select p.end_epoch, 'pool', p.storage_pool_id, c.objects, c.bytes
                    from storage_pool p join pool_content c using (storage_pool_id)
                    where p.end_epoch >= ? and (p.end_epoch, 'pool', p.storage_pool_id) > (?, ?, ?) and p.end_epoch <= ?
                      and c.objects > 0
                    order by p.end_epoch, p.storage_pool_id limit ?)) each
                order by end_epoch, holder_kind, each.holder limit ?
                """,
                ExpiryResource::ofOwner,
                after.endEpoch(),
                after.holderKind(),
                after.holder(),
                to,
                fetch,
                after.endEpoch(),
                after.endEpoch(),
                after.holderKind(),
                after.holder(),
                to,
                fetch,
                fetch);
    }

    private static List<OwnersEnding> largestNow(Snapshot db, long from, long to, long largest, PageRequest page) {
        var after = Place.of(page, from);
        return db.list(
                LARGEST_NOW + OF_LARGEST,
                ExpiryResource::ofOwner,
                largest,
                from,
                to,
                from,
                to,
                largest,
                from,
                to,
                from,
                to,
                largest,
                after.endEpoch(),
                after.holderKind(),
                after.holder(),
                page.fetch());
    }

    private static List<OwnersEnding> ownersThen(Snapshot db, Moment moment, Place after, long to, int fetch) {
        long checkpoint = moment.checkpoint();
        // The recursion stops once the page is full: it runs no further than what is taken from it.
        return db.list(
                HOLDERS + """
                        select end_epoch, holder_kind, nullif(holder, ''::bytea) as holder, objects, bytes from (
                          (%s limit ?)
                          union all
                          (select end_epoch, 'pool', storage_pool_id, objects, bytes from (%s) pool
                            where (end_epoch, 'pool', storage_pool_id) > (?, ?, ?) and end_epoch <= ?)) each
                        order by end_epoch, holder_kind, each.holder limit ?
                        """.formatted(HELD_THEN, EndingHistory.POOLS),
                ExpiryResource::ofOwner,
                after.endEpoch(),
                after.holderKind(),
                after.holder(),
                to,
                to,
                checkpoint,
                fetch,
                checkpoint,
                moment.epoch(),
                moment.epoch(),
                checkpoint,
                after.endEpoch(),
                after.holderKind(),
                after.holder(),
                to,
                fetch);
    }

    private static List<OwnersEnding> largestThen(
            Snapshot db, Moment moment, long from, long to, long largest, PageRequest page) {
        long checkpoint = moment.checkpoint();
        var after = Place.of(page, from);
        return db.list(
                EndingHistory.END_EPOCHS + LARGEST_THEN + OF_LARGEST,
                ExpiryResource::ofOwner,
                from - 1,
                checkpoint,
                checkpoint,
                from,
                to,
                from,
                to,
                checkpoint,
                to,
                checkpoint,
                moment.epoch(),
                moment.epoch(),
                checkpoint,
                from,
                to,
                largest,
                after.endEpoch(),
                after.holderKind(),
                after.holder(),
                page.fetch());
    }

    private static OwnersEnding ofOwner(Row row) throws SQLException {
        return new OwnersEnding(
                row.number("end_epoch"),
                row.text("holder_kind"),
                row.addressOrNull("holder"),
                row.number("objects"),
                row.amount("bytes"));
    }

    private static List<Ending> endings(Snapshot db, Moment moment) {
        return moment.past() ? endingsThen(db, moment) : endingsNow(db, moment);
    }

    private static List<Ending> endingsNow(Snapshot db, Moment moment) {
        return db.list("""
                select end_epoch, sum(objects)::bigint as objects, sum(bytes) as bytes
                from (
                  select end_epoch, objects, bytes from ending
                  union all
                  select p.end_epoch, c.objects, c.bytes from pool_content c join storage_pool p using (storage_pool_id)) each
                where end_epoch > ? and objects > 0
                group by end_epoch order by end_epoch
                """, ExpiryResource::ending, moment.epoch());
    }

    private static Ending ending(Row row) throws SQLException {
        return new Ending(
                row.number("end_epoch"),
                row.number("objects"),
                row.amount("bytes"),
                "/v1/expiry/" + row.number("end_epoch"));
    }

    private static List<Ending> endingsThen(Snapshot db, Moment moment) {
        EndingHistory.require(db, moment);
        long checkpoint = moment.checkpoint();
        return db.list(
                EndingHistory.END_EPOCHS + """
                        select end_epoch, sum(objects)::bigint as objects, sum(bytes) as bytes
                        from (
                          select e.epoch as end_epoch, was.objects, was.bytes
                          from end_epoch e
                          cross join lateral (
                            select h.objects, h.bytes from ending_history h
                            where h.end_epoch = e.epoch and h.checkpoint <= ? order by h.checkpoint desc limit 1) was
                          union all
                          select end_epoch, objects, bytes from (%s) pool) each
                        where objects > 0
                        group by end_epoch order by end_epoch
                        """.formatted(EndingHistory.POOLS),
                ExpiryResource::ending,
                moment.epoch(),
                checkpoint,
                checkpoint,
                moment.epoch(),
                moment.epoch(),
                checkpoint);
    }

    private static List<Expiring> expiring(Snapshot db, Moment moment, long endEpoch, PageRequest page) {
        if (endEpoch <= moment.epoch()) {
            return List.of(); // what ended before is not alive
        }
        return moment.past() ? expiringThen(db, moment, endEpoch, page) : expiringNow(db, endEpoch, page);
    }

    private static List<Expiring> expiringNow(Snapshot db, long endEpoch, PageRequest page) {
        byte[] after = page.afterBytes(0);
        return db.list(
                """
                select * from (
                  (select object_id, blob_id, kind, storage_pool_id, size, end_epoch from blob_object
                    where end_epoch = ? and deleted_checkpoint is null and kind = 'own' and object_id > ?
                    order by object_id limit ?)
                  union all
                  select o.object_id, o.blob_id, o.kind, o.storage_pool_id, o.size, p.end_epoch
                  from storage_pool p
                  cross join lateral (
                    select * from blob_object o
                    where o.storage_pool_id = p.storage_pool_id and o.deleted_checkpoint is null and o.object_id > ?
                    order by o.object_id limit ?) o
                  where p.end_epoch = ?) each
                order by object_id limit ?
                """,
                ExpiryResource::expiring,
                endEpoch,
                after,
                page.fetch(),
                after,
                page.fetch(),
                endEpoch,
                page.fetch());
    }

    /** By terms, for an object that was extended or deleted since is not found by its row. */
    private static List<Expiring> expiringThen(Snapshot db, Moment moment, long endEpoch, PageRequest page) {
        long checkpoint = moment.checkpoint();
        byte[] after = page.afterBytes(0);
        return db.list(
                """
                select * from (
                  (select o.object_id, o.blob_id, o.kind, o.storage_pool_id, o.size, t.end_epoch
                    from blob_term t join blob_object o using (object_id)
                    where t.end_epoch = ? and t.object_id > ? and t.checkpoint <= ?
                      and (o.deleted_checkpoint is null or o.deleted_checkpoint > ?)
                      and not exists (
                        select from blob_term l
                        where l.object_id = t.object_id and l.checkpoint <= ?
                          and (l.checkpoint, l.tx_index, l.walrus_ordinal) > (t.checkpoint, t.tx_index, t.walrus_ordinal))
                    order by t.object_id limit ?)
                  union all
                  select o.object_id, o.blob_id, o.kind, o.storage_pool_id, o.size, pool.end_epoch
                  from (%s) pool
                  cross join lateral (
                    select * from blob_object o
                    where o.storage_pool_id = pool.storage_pool_id and o.object_id > ?
                      and coalesce(o.registered_checkpoint, 0) <= ?
                      and (o.deleted_checkpoint is null or o.deleted_checkpoint > ?)
                    order by o.object_id limit ?) o
                  where pool.end_epoch = ?) each
                order by object_id limit ?
                """.formatted(EndingHistory.POOL_ENDS),
                ExpiryResource::expiring,
                endEpoch,
                after,
                checkpoint,
                checkpoint,
                checkpoint,
                page.fetch(),
                checkpoint,
                moment.epoch(),
                moment.epoch(),
                after,
                checkpoint,
                checkpoint,
                page.fetch(),
                endEpoch,
                page.fetch());
    }

    private static Expiring expiring(Row row) throws SQLException {
        return new Expiring(
                row.address("object_id"),
                row.blobId("blob_id"),
                row.text("kind"),
                row.addressOrNull("storage_pool_id"),
                row.number("end_epoch"),
                row.amountOrNull("size"));
    }
}
