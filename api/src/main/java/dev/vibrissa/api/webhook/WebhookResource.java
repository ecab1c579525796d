package dev.vibrissa.api.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.key.ApiKeys;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Transactions;
import dev.vibrissa.changes.webhook.Event;
import dev.vibrissa.changes.webhook.Webhooks;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Webhooks of the key that asks; of others it learns nothing. */
@Path("/v1/webhooks")
@Tag(name = "webhooks")
@Produces(MediaType.APPLICATION_JSON)
@SecurityScheme(securitySchemeName = "apiKey", type = SecuritySchemeType.HTTP, scheme = "bearer")
@SecurityRequirement(name = "apiKey")
@RunOnVirtualThread
class WebhookResource {
    private static final int MOST_URL = 2_000;
    private static final int MOST_EPOCHS = 1_000;
    private static final int MOST_DELIVERIES = 200;
    private static final double LEAST_DROP = 0.01;
    private static final ObjectReader WANTED = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(WebhookViews.Wanted.class);

    private final Transactions transactions;
    private final boolean plainHttp;

    WebhookResource(Transactions transactions, ApiConfig config) {
        this.transactions = transactions;
        this.plainHttp = config.webhookPlainHttp();
    }

    /** What somebody does with what is his. */
    private interface Work<T> {
        T with(Connection db, String keyId) throws SQLException;
    }

    private <T> T owned(@Nullable String authorization, Work<T> work) {
        return transactions.run(db -> {
            var holder = ApiKeys.holder(db, authorization);
            return work.with(
                    db,
                    holder.map(ApiKeys.Holder::id)
                            .orElseThrow(
                                    () -> ProblemException.unauthorized(
                                            "webhooks take an API key: Authorization: Bearer vib_…, as ./vibrissa api-key create makes it")));
        });
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createWebhook",
            summary = "Be told by HTTP",
            description =
                    "Deliveries are POST requests with the headers webhook-id, webhook-timestamp and webhook-signature"
                            + " of standardwebhooks.com, signed with the secret that is shown this once.")
    public WebhookViews.Created create(
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = WebhookViews.Wanted.class)))
                    String body) {
        Webhooks.Wanted read = read(wanted(body));
        return owned(
                authorization,
                (db, key) -> Webhooks.create(db, key, read)
                        .map(created -> new WebhookViews.Created(
                                WebhookViews.WebhookView.of(created.webhook()),
                                WebhookViews.Secret.text(created.secret())))
                        .orElseThrow(() -> ProblemException.tooMany(
                                "a key may have %d webhooks, and this one has".formatted(Webhooks.MOST))));
    }

    @GET
    @Operation(operationId = "webhooks", summary = "The webhooks of this key, or of another, for an administrator's")
    public WebhookViews.Listing list(
            @Parameter(description = "Those of this key instead; it takes an administrator's to see them.")
                    @RestQuery
                    @Nullable
                    String keyId,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return owned(authorization, (db, key) -> {
            if (keyId != null
                    && !keyId.equals(key)
                    && ApiKeys.holder(db, authorization)
                            .filter(ApiKeys.Holder::isAdmin)
                            .isEmpty()) {
                throw ProblemException.forbidden("the key %s sees no webhooks but its own".formatted(key));
            }
            return new WebhookViews.Listing(Webhooks.of(db, keyId == null ? key : keyId).stream()
                    .map(WebhookViews.WebhookView::of)
                    .toList());
        });
    }

    @DELETE
    @Path("/{webhookId}")
    @Operation(operationId = "deleteWebhook", summary = "Be told no longer; what waits to be delivered is dropped")
    public WebhookViews.Listing delete(
            @RestPath String webhookId,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return owned(authorization, (db, key) -> {
            if (!Webhooks.delete(db, key, webhookId)) {
                throw none(webhookId);
            }
            return new WebhookViews.Listing(Webhooks.of(db, key).stream()
                    .map(WebhookViews.WebhookView::of)
                    .toList());
        });
    }

    @POST
    @Path("/{webhookId}/secret")
    @Operation(
            operationId = "rotateWebhookSecret",
            summary = "A new secret; for a day deliveries are signed with the old one, too")
    public WebhookViews.Secret rotate(
            @RestPath String webhookId,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return owned(
                authorization,
                (db, key) -> Webhooks.rotate(db, key, webhookId)
                        .map(secret -> new WebhookViews.Secret(WebhookViews.Secret.text(secret)))
                        .orElseThrow(() -> none(webhookId)));
    }

    @GET
    @Path("/{webhookId}/deliveries")
    @Operation(operationId = "webhookDeliveries", summary = "What became of the last 200 deliveries, the newest first")
    public WebhookViews.Deliveries deliveries(
            @RestPath String webhookId,
            @Parameter(description = "Only those that are waiting, delivered or dead.", example = "dead")
                    @RestQuery
                    @Nullable
                    String state,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        String only = Input.optional(state, text -> Input.oneOf("state", text, List.of("waiting", "delivered", "dead")))
                .orElse(null);
        return owned(authorization, (db, key) -> {
            if (Webhooks.of(db, key).stream().noneMatch(each -> each.id().equals(webhookId))) {
                throw none(webhookId);
            }
            return new WebhookViews.Deliveries(Webhooks.deliveries(db, webhookId, only, MOST_DELIVERIES).stream()
                    .map(WebhookViews.DeliveryView::of)
                    .toList());
        });
    }

    @POST
    @Path("/{webhookId}/redelivery")
    @Operation(
            operationId = "redeliverWebhook",
            summary = "Try again what was given up: everything, or the delivery that is named, whatever became of it")
    public WebhookViews.Redelivered redeliver(
            @RestPath String webhookId,
            @Parameter(description = "Only this delivery.") @RestQuery @Nullable String deliveryId,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return owned(
                authorization,
                (db, key) -> new WebhookViews.Redelivered(
                        Webhooks.redeliver(db, key, webhookId, deliveryId).orElseThrow(() -> none(webhookId))));
    }

    @POST
    @Path("/{webhookId}/replay")
    @Operation(
            operationId = "replayWebhook",
            summary = "Be told again of everything after a change, under the ids that the deliveries had")
    public WebhookViews.Replayed replay(
            @RestPath String webhookId,
            @Parameter(description = "Id of the last change that needs no telling.", example = "0") @RestQuery @Nullable
                    String after,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        long from = Input.whole("after", Objects.requireNonNullElse(after, ""), 0, Long.MAX_VALUE / 2);
        return owned(authorization, (db, key) -> switch (Webhooks.replay(db, key, webhookId, from)) {
            case Webhooks.Replay.From(long begin) -> new WebhookViews.Replayed(Long.toString(begin));
            case Webhooks.Replay.NoLongerKept(long droppedTo) ->
                throw ProblemException.gone("changes up to %d are no longer kept".formatted(droppedTo));
            case Webhooks.Replay.NoSuchWebhook() -> throw none(webhookId);
        });
    }

    private static ProblemException none(String webhookId) {
        return ProblemException.notFound(
                "this key has no webhook '%s'".formatted(ProblemException.shortened(webhookId)));
    }

    private static WebhookViews.Wanted wanted(String body) {
        try {
            WebhookViews.Wanted wanted = WANTED.readValue(body);
            if (wanted != null) {
                return wanted;
            }
        } catch (JsonProcessingException e) {
            throw ProblemException.badInput("body", ProblemException.shortened(e.getOriginalMessage()));
        }
        throw ProblemException.badInput("body", "the body says what is wanted, as JSON");
    }

    private Webhooks.Wanted read(WebhookViews.Wanted wanted) {
        var words = new TreeSet<>(wanted.events() == null ? List.of() : wanted.events());
        var events = new ArrayList<Event>();
        for (String word : words) {
            events.add(Event.ofWord(Input.oneOf("events", word, Event.words())).orElseThrow());
        }
        if (events.isEmpty()) {
            throw ProblemException.badInput("events", "events are some of " + String.join(", ", Event.words()));
        }
        var blob = Input.optional(wanted.blobId(), text -> Input.blobId("blobId", text));
        var node = Input.optional(wanted.nodeId(), text -> Input.address("nodeId", text));
        var account = Input.optional(wanted.account(), text -> Input.address("account", text));
        var epochs = Optional.ofNullable(wanted.epochs());
        if (epochs.filter(each -> each < 1 || each > MOST_EPOCHS).isPresent()) {
            throw ProblemException.badInput(
                    "epochs", "epochs are 1 to %d, not %d".formatted(MOST_EPOCHS, epochs.get()));
        }
        if (events.contains(Event.EXPIRY) && (epochs.isEmpty() || blob.isEmpty() && account.isEmpty())) {
            throw ProblemException.badInput(
                    "events", "expiry takes epochs, and either blobId or account: whose blobs, and how long before");
        }
        double leastDrop = Objects.requireNonNullElse(wanted.leastDrop(), LEAST_DROP);
        if (!(leastDrop > 0 && leastDrop <= 1)) {
            throw ProblemException.badInput("leastDrop", "leastDrop is above 0 and at most 1, not " + leastDrop);
        }
        return new Webhooks.Wanted(
                url(Objects.requireNonNullElse(wanted.url(), "")),
                events,
                blob.map(BlobId::toString),
                node.map(SuiAddress::toString),
                account.map(SuiAddress::toString),
                epochs,
                leastDrop);
    }

    /** Where its name leads is looked at whenever something is delivered: today's answer binds nobody. */
    private String url(String text) {
        try {
            var uri = new URI(text);
            boolean known = "https".equals(uri.getScheme()) || plainHttp && "http".equals(uri.getScheme());
            if (known
                    && text.length() <= MOST_URL
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return text;
            }
        } catch (URISyntaxException _) {
            // Said below, in our own words.
        }
        throw ProblemException.badInput(
                "url",
                "url is https://HOST/… of at most %d characters, without user and fragment, not '%s'"
                        .formatted(MOST_URL, ProblemException.shortened(text)));
    }
}
