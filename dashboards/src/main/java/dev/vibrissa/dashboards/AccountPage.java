package dev.vibrissa.dashboards;

import dev.vibrissa.api.address.AddressResource;
import dev.vibrissa.api.stake.AddressStakeResource;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What an address holds, pays and stakes, and its account of a period. */
@Path("/addresses")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class AccountPage {
    private static final String ROWS = "100";
    private static final List<String> TABS = List.of("blobs", "payments", "stakes", "statement");

    private final Pages pages;
    private final AddressResource addresses;
    private final AddressStakeResource stakes;
    private final Template account;

    AccountPage(Pages pages, AddressResource addresses, AddressStakeResource stakes, Template account) {
        this.pages = pages;
        this.addresses = addresses;
        this.stakes = stakes;
        this.account = account;
    }

    @GET
    @Path("{address}")
    @Operation(hidden = true)
    public RestResponse<String> account(
            UriInfo uri,
            @RestPath String address,
            @RestQuery @Nullable String tab,
            @RestQuery @Nullable String fromEpoch,
            @RestQuery @Nullable String toEpoch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String cursor) {
        return pages.show("Blobs", () -> {
            String shown = tab != null && TABS.contains(tab) ? tab : TABS.getFirst();
            String asOf = Pages.moment(at);
            String next = Pages.given(cursor);
            var answer = pages.answer(addresses.figures(address, asOf));
            var rows = pages.part(() -> switch (shown) {
                case "payments" -> addresses.payments(uri, address, asOf, ROWS, next);
                case "stakes" -> stakes.stakes(uri, address, asOf, ROWS, next);
                case "statement" ->
                    stakes.statement(uri, address, asOf, Pages.given(fromEpoch), Pages.given(toEpoch), ROWS, next);
                default -> addresses.blobs(uri, address, asOf, ROWS, next);
            });
            var frame = pages.frame("Blobs", answer, rows);
            return account.data("frame", frame)
                    .data("answer", answer)
                    .data("rows", rows)
                    .data("tab", shown)
                    .data("tabs", TABS)
                    .data("at", asOf == null ? "" : asOf)
                    .data("fromEpoch", fromEpoch == null ? "" : fromEpoch)
                    .data("toEpoch", toEpoch == null ? "" : toEpoch)
                    .data("next", rows.has("next") ? frame.view().next(rows.text("next")) : "");
        });
    }
}
