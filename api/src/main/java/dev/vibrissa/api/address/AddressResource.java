package dev.vibrissa.api.address;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.object.BlobObject;
import dev.vibrissa.api.object.BlobObjects;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.payment.PaymentQueries;
import dev.vibrissa.api.payment.PaymentView;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/addresses")
@Tag(name = "blobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AddressResource {
    private final Answers answers;
    private final Quotes quotes;

    AddressResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Path("{address}")
    @Operation(operationId = "address", summary = "What an address holds, paid and staked, in figures")
    public RestResponse<AddressFigures> figures(@RestPath String address, @RestQuery @Nullable String at) {
        var whose = Input.address("address", address);
        return answers.one(at, (db, moment) -> AddressFigures.read(db, moment, whose, quotes));
    }

    @GET
    @Path("{address}/blobs")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "addressBlobs",
            summary = "Blob objects that an address holds itself, expired ones too, by object id")
    public RestResponse<Page<BlobObject>> blobs(
            UriInfo uri,
            @RestPath String address,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var owner = Input.address("address", address);
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        BlobObjects.find(db, moment, held(db, moment, owner, page)),
                        object -> List.of(PageRequest.hex(object.objectId()))));
    }

    @GET
    @Path("{address}/payments")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "addressPayments", summary = "What an address, or a SharedBlob, paid for storage")
    public RestResponse<Page<PaymentView>> payments(
            UriInfo uri,
            @RestPath String address,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var payer = Input.address("address", address);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(at, (db, moment) -> PaymentQueries.by(db, moment, payer, page, quotes));
    }

    private static List<SuiAddress> held(Snapshot db, Moment moment, SuiAddress owner, PageRequest page) {
        return moment.past() ? heldThen(db, moment, owner, page) : heldNow(db, owner, page);
    }

    private static List<SuiAddress> heldNow(Snapshot db, SuiAddress owner, PageRequest page) {
        return db.list("""
                select object_id from blob_object
                where owner = ? and owner_kind = 'address' and object_id > ?
                order by object_id
                limit ?
                """, row -> row.address("object_id"), owner, page.afterBytes(0), page.fetch());
    }

    /**
     * Held is what the last change until then gave to the address. Candidates are read off the index alone, in the order of the
     * page: of an address with very many objects a plan that sorted them would read them all.
     */
    private static List<SuiAddress> heldThen(Snapshot db, Moment moment, SuiAddress owner, PageRequest page) {
        return db.list(
                """
                select h.object_id
                from (
                  select distinct o.object_id from public.object_change o
                  where o.owner = ? and o.owner_kind = 'address' and o.type = 'blob::Blob' and o.object_id > ?
                  order by o.object_id) h
                cross join lateral (
                  select l.owner_kind, l.owner from object_change l
                  where l.object_id = h.object_id and l.checkpoint <= ?
                  order by l.version desc limit 1) was
                where was.owner = ? and was.owner_kind = 'address'
                order by h.object_id limit ?
                """,
                row -> row.address("object_id"),
                owner,
                page.afterBytes(0),
                moment.checkpoint(),
                owner,
                page.fetch());
    }
}
