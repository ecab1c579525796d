package dev.vibrissa.api.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Keys, for administrators: whoever has no key of theirs learns nothing. */
@Path("/v1/keys")
@Tag(name = "keys")
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = "apiKey")
@RunOnVirtualThread
class KeyResource {
    private static final int MOST_NAME = 200;
    private static final ObjectReader WANTED = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(Wanted.class);

    private final Transactions transactions;

    KeyResource(Transactions transactions) {
        this.transactions = transactions;
    }

    @Schema(name = "ApiKey", description = "A key, without its secret.")
    record KeyView(
            @Schema(examples = "0123456789ab") String keyId,
            @Schema(description = "Whose it is.") String name,
            boolean admin,
            Instant createdAt,

            @Schema(description = "From then on it opens nothing; null while it does.") @Nullable
            Instant revokedAt,

            @Schema(description = "Webhooks that were made with it.", examples = "2")
            int webhooks) {}

    @Schema(name = "ApiKeys")
    record Listing(List<KeyView> items) {}

    /** What a new key is to be. */
    @Schema(name = "ApiKeyWanted")
    record Wanted(
            @Schema(description = "Whose it is.", examples = "the archive") @Nullable
            String name,

            @Schema(description = "Whether it may do what this one may; false without it.") @Nullable
            Boolean admin) {}

    @Schema(name = "ApiKeyCreated")
    record Created(
            @Schema(examples = "0123456789ab") String keyId,

            @Schema(description = "The key itself, shown this once.")
            String key) {}

    private interface Work<T> {
        T with(Connection db) throws SQLException;
    }

    private <T> T administered(@Nullable String authorization, Work<T> work) {
        return transactions.run(db -> {
            var holder = ApiKeys.holder(db, authorization)
                    .orElseThrow(
                            () -> ProblemException.unauthorized(
                                    "keys take a key: Authorization: Bearer vib_…, as ./vibrissa api-key create --admin makes it"));
            if (!holder.isAdmin()) {
                throw ProblemException.forbidden("the key %s is no administrator's".formatted(holder.id()));
            }
            return work.with(db);
        });
    }

    @GET
    @Operation(operationId = "keys", summary = "All keys, the revoked ones too, without their secrets")
    public Listing list(
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return administered(authorization, KeyResource::listing);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createKey", summary = "Make a key; it is shown this once")
    public Created create(
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Wanted.class)))
                    String body) {
        Wanted wanted = wanted(body);
        String name = Objects.requireNonNullElse(wanted.name(), "").strip();
        if (name.isEmpty() || name.length() > MOST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.badInput(
                    "name", "name is 1 to %d characters that can be printed".formatted(MOST_NAME));
        }
        return administered(authorization, db -> {
            var made = ApiKeys.create(db, name, Boolean.TRUE.equals(wanted.admin()));
            return new Created(made.id(), made.text());
        });
    }

    @DELETE
    @Path("/{keyId}")
    @Operation(operationId = "revokeKey", summary = "The key opens nothing from now on; its webhooks are told nothing")
    public Listing revoke(
            @Parameter(description = "The part of a key that may be shown.", example = "0123456789ab") @RestPath
                    String keyId,
            @Parameter(hidden = true) @RestHeader(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return administered(authorization, db -> {
            if (!ApiKeys.revoke(db, keyId)) {
                throw ProblemException.notFound(
                        "no key that counts has the id '%s'".formatted(ProblemException.shortened(keyId)));
            }
            return listing(db);
        });
    }

    private static Listing listing(Connection db) throws SQLException {
        var webhooks = ApiKeys.webhooks(db);
        return new Listing(ApiKeys.list(db).stream()
                .map(key -> new KeyView(
                        key.id(),
                        key.name(),
                        key.isAdmin(),
                        key.createdAt(),
                        key.revokedAt().orElse(null),
                        webhooks.getOrDefault(key.id(), 0)))
                .toList());
    }

    private static Wanted wanted(String body) {
        try {
            Wanted wanted = WANTED.readValue(body);
            if (wanted != null) {
                return wanted;
            }
        } catch (JsonProcessingException e) {
            throw ProblemException.badInput("body", ProblemException.shortened(e.getOriginalMessage()));
        }
        throw ProblemException.badInput("body", "the body says what is wanted, as JSON");
    }
}
