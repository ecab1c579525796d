package dev.vibrissa.api.answer;

import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.quote.TokenPrices;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.sql.Snapshots;
import dev.vibrissa.api.time.At;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.api.time.Moments;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests from one snapshot each.
 *
 * <p>What is said about a past and verified checkpoint of a complete history never changes, so it may be kept for ever; what is
 * said about now must be asked again, and costs one small query as long as nothing new was indexed.
 */
@ApplicationScoped
public class Answers {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final int TAG_BYTES = 16;

    private final Snapshots snapshots;
    private final Moments moments;
    private final Quotes quotes;
    private final UriInfo uri;
    private final Request request;
    private final HttpHeaders headers;

    Answers(Snapshots snapshots, Moments moments, Quotes quotes, UriInfo uri, Request request, HttpHeaders headers) {
        this.snapshots = snapshots;
        this.moments = moments;
        this.quotes = quotes;
        this.uri = uri;
        this.request = request;
        this.headers = headers;
    }

    /** The answer about the state that the parameter {@code at} names. */
    public <T> RestResponse<T> at(@Nullable String at, BiFunction<Snapshot, Moment, T> answer) {
        return at(at, "", answer);
    }

    /**
     * The same, where the answer rests on something besides the chain.
     *
     * @param besides differs where that does; empty: it rests on the chain alone
     */
    public <T> RestResponse<T> at(@Nullable String at, String besides, BiFunction<Snapshot, Moment, T> answer) {
        var asked = At.parse(at);
        return snapshots.read(db -> answer(db, moments.resolve(db, asked), besides, answer));
    }

    /** The same, where that is in the database too, and is read from the state that the answer is. */
    public <T> RestResponse<T> at(
            @Nullable String at, Function<Snapshot, String> besides, BiFunction<Snapshot, Moment, T> answer) {
        var asked = At.parse(at);
        return snapshots.read(db -> answer(db, moments.resolve(db, asked), besides.apply(db), answer));
    }

    /** The answer about one thing, which is found by its keys. */
    public <T> RestResponse<T> one(@Nullable String at, BiFunction<Snapshot, Moment, T> answer) {
        var asked = At.parse(at);
        return snapshots.readByKey(db -> answer(db, moments.resolve(db, asked), "", answer));
    }

    /** The answer about now. */
    public <T> RestResponse<T> now(BiFunction<Snapshot, Moment, T> answer) {
        return at(null, answer);
    }

    private <T> RestResponse<T> answer(
            Snapshot db, Moment moment, String besides, BiFunction<Snapshot, Moment, T> answer) {
        var tag = tag(moment, besides);
        var unchanged = request.evaluatePreconditions(tag);
        RestResponse.ResponseBuilder<T> response = unchanged != null
                ? RestResponse.ResponseBuilder.notModified()
                : RestResponse.ResponseBuilder.ok(answer.apply(db, moment));
        return response.tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, besides.isEmpty() && isFinal(moment) ? FOR_EVER : "no-cache")
                .header(HttpHeaders.VARY, "Accept, Accept-Encoding, Origin")
                .build();
    }

    /**
     * What nobody vouches for yet may be vouched for later, a history that begins in the middle may be filled in, and
     * the next start of the server may bring another series of token prices.
     */
    private boolean isFinal(Moment moment) {
        return moment.past()
                && quotes.series().isEmpty()
                && !moment.isPartial()
                && !moment.asOf().verified().equals("unverified");
    }

    private EntityTag tag(Moment moment, String besides) {
        var parts = List.of(
                besides,
                moment.asOf().digest().toString(),
                moment.asOf().verified(), // a later certificate may vouch for earlier checkpoints
                moment.asOf().history() + moment.asOf().firstCheckpoint(), // history may be filled in behind
                moment.past() ? "past" : moment.revision(),
                quotes.series().map(TokenPrices::sha256).orElse(""),
                uri.getRequestUri().toString(),
                String.valueOf(headers.getHeaderString(HttpHeaders.ACCEPT)));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            // Weak: the same answer comes compressed and not, and of now the lag moves on although nothing else does.
            return new EntityTag(HexFormat.of().formatHex(Arrays.copyOf(hash, TAG_BYTES)), true);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
