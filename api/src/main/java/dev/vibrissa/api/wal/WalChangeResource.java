package dev.vibrissa.api.wal;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/wal-changes")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WalChangeResource {
    private final Answers answers;

    WalChangeResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "walChanges", summary = "WAL that addresses had more or less after each transaction")
    public RestResponse<Page<WalChangeView>> list(
            UriInfo uri,
            @Parameter(description = "Only those of this address.") @RestQuery @Nullable String address,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = Input.optional(address, text -> Input.address("address", text)).orElse(null);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        list(db, moment, of, page),
                        item -> List.of(
                                Long.toString(item.checkpoint()),
                                Integer.toString(item.txIndex()),
                                PageRequest.hex(item.address()))));
    }

    private static List<WalChangeView> list(
            Snapshot db, Moment moment, @Nullable SuiAddress address, PageRequest page) {
        return db.list(
                """
                select w.*, c.checkpoint_at from wal_change w
                cross join lateral (select checkpoint_at from checkpoint where sequence_number = w.checkpoint limit 1) c
                where (?::bytea is null or w.address = ?)
                  and w.checkpoint <= ? and (w.checkpoint, w.tx_index, w.address) > (?, ?, ?)
                order by w.checkpoint, w.tx_index, w.address
                limit ?
                """,
                row -> new WalChangeView(
                        row.number("checkpoint"),
                        row.instant("checkpoint_at"),
                        row.digest("tx_digest"),
                        row.integer("tx_index"),
                        row.address("address"),
                        row.amount("amount")),
                address == null ? null : address.toByteArray(),
                address == null ? null : address.toByteArray(),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterBytes(2),
                page.fetch());
    }
}
