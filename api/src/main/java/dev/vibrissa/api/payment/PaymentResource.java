package dev.vibrissa.api.payment;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.quote.Quotes;
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

@Path("/v1/payments")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PaymentResource {
    private final Answers answers;
    private final Quotes quotes;

    PaymentResource(Answers answers, Quotes quotes) {
        this.answers = answers;
        this.quotes = quotes;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "payments", summary = "Purchases, fees and subsidies in chain order")
    public RestResponse<Page<PaymentView>> payments(
            UriInfo uri,
            @Parameter(description = "Only payments of this kind.", example = "write") @RestQuery @Nullable String what,
            @Parameter(description = "Only what users paid, or only subsidies.", example = "user") @RestQuery @Nullable
                    String source,
            @Parameter(description = "Only those paid while this Walrus epoch ran.", example = "1") @RestQuery @Nullable
                    String epoch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var filter = new PaymentQueries.Filter(
                Input.optional(what, text -> Input.oneOf("what", text, PaymentQueries.KINDS))
                        .orElse(null),
                Input.optional(source, text -> Input.oneOf("source", text, List.of("user", "subsidy")))
                        .orElse(null),
                Input.optional(epoch, text -> Input.epoch("epoch", text)).orElse(null),
                null);
        var page = PageRequest.of(uri, limit, cursor, 3);
        return answers.at(at, (db, moment) -> PaymentQueries.page(db, moment, filter, page, quotes));
    }

    @GET
    @Path("transactions")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "inflows",
            summary = "What each transaction brought into the accounts of epochs, with its residuals")
    public RestResponse<Page<InflowView>> transactions(
            UriInfo uri,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var page = PageRequest.of(uri, limit, cursor, 2);
        return answers.at(
                at,
                (db, moment) -> page.page(
                        moment,
                        PaymentQueries.inflows(db, moment, page),
                        item -> List.of(Long.toString(item.checkpoint()), Integer.toString(item.txIndex()))));
    }
}
