package dev.vibrissa.api.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.audit.AuditStream;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshots;
import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.Topic;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Tells what is new: each listener is written to by a thread of its own, which costs nothing, and reads nothing twice. */
@Path("/v1/stream")
@Tag(name = "stream")
@Singleton
class StreamResource {
    /** Something is said at least so often, for who is between us to leave the line open. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** So often it is looked whether the server stops, or the listener was too slow. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Duration MOST_SENDING = Duration.ofSeconds(30);

    private static final Set<String> TOPICS = Stream.concat(
                    Stream.of(Filter.AUDIT), Stream.of(Topic.values()).map(Topic::word))
            .collect(Collectors.toCollection(TreeSet::new));

    private final Snapshots snapshots;
    private final Feed feed;
    private final ObjectMapper mapper;

    StreamResource(Snapshots snapshots, Feed feed, ObjectMapper mapper) {
        this.snapshots = snapshots;
        this.feed = feed;
        this.mapper = mapper;
    }

    /** What is listened to, and where each source goes on. */
    private record Listened(List<Source> sources, Map<String, Long> positions, Optional<String> gap) {}

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RunOnVirtualThread
    @Operation(
            operationId = "stream",
            summary = "What is new, as it comes: audits, blobs, operators, scores, prices, governance",
            description =
                    "Of audits the events frame, round, failure and contradiction: the first names the epoch, root,"
                            + " seed height and signature, as soon as it is signed; the others are lines of the log. Of the"
                            + " other topics one event, named like its topic, for each change. From now on, or after the"
                            + " event that Last-Event-ID names, without a gap, over all topics. Where that is no longer kept,"
                            + " an event gap comes first and says from which change on it goes on. Who reads so slowly that"
                            + " too much waits is told so by an event cut, and hung up on; Last-Event-ID leads back.")
    @APIResponse(
            responseCode = "200",
            description = "Events, until either side hangs up",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    public void stream(
            @Parameter(description = "Ed25519 key of the audit log in hex; the leading one without it.")
                    @RestQuery
                    @Nullable
                    String prover,
            @Parameter(
                            description = "Sequence of the first entry of the audit log; from now on without it.",
                            example = "0")
                    @RestQuery
                    @Nullable
                    String from,
            @Parameter(
                            description = "Any of audit, blob, operator, score, price, governance, with commas between;"
                                    + " audit without it.",
                            example = "operator,price")
                    @RestQuery
                    @Nullable
                    String topics,
            @Parameter(description = "Only what is about this blob; any notation of a blob id.") @RestQuery @Nullable
                    String blob,
            @Parameter(description = "Only what is about this storage node: 0x and up to 64 hex digits.")
                    @RestQuery
                    @Nullable
                    String node,
            @Parameter(description = "Only what this address sent, or holds or held: 0x and up to 64 hex digits.")
                    @RestQuery
                    @Nullable
                    String account,
            @Parameter(description = "Id of the last event that was heard.") @RestHeader("Last-Event-ID") @Nullable
                    String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws InterruptedException {
        var filter = new Filter(
                Input.optional(topics, StreamResource::topics).orElse(Set.of(Filter.AUDIT)),
                Input.optional(blob, text -> Input.blobId("blob", text)).map(BlobId::toString),
                Input.optional(node, text -> Input.address("node", text)).map(SuiAddress::toString),
                Input.optional(account, text -> Input.address("account", text)).map(SuiAddress::toString));
        Listened listened = begin(filter, prover, from, lastEventId);
        try (sink) {
            try (var listening = feed.listen(listened.sources(), filter)) {
                new Telling(sink, sse, filter, listened).tell(listening);
            }
        } catch (ListenerGoneException _) {
            // Nobody is there to be told; who comes back says where to go on.
        }
    }

    private static Set<String> topics(String text) {
        var topics = new TreeSet<String>();
        for (String each : text.split(",", -1)) {
            topics.add(Input.oneOf("topics", each.strip(), List.copyOf(TOPICS)));
        }
        return topics;
    }

    private Listened begin(
            Filter filter, @Nullable String prover, @Nullable String from, @Nullable String lastEventId) {
        Optional<Place> heard = Input.optional(lastEventId, StreamResource::place);
        String of = Input.optional(prover, AuditStream::prover).orElse(null);
        Optional<Long> first = Input.optional(from, text -> Input.whole("from", text, 0, Long.MAX_VALUE / 2));
        return snapshots.read(db -> {
            var sources = new ArrayList<Source>();
            var positions = new HashMap<String, Long>();
            Optional<String> gap = Optional.empty();
            if (filter.topics().contains(Filter.AUDIT)) {
                Optional<Place.Entry> entry = heard.flatMap(Place::log);
                if (entry.isPresent()) {
                    sources.add(new LogSource(entry.get().prover(), mapper));
                    positions.put(entry.get().prover(), entry.get().sequence() + 1);
                } else {
                    AuditStream.Position end = AuditStream.end(db, of);
                    sources.add(new LogSource(end.prover(), mapper));
                    positions.put(end.prover(), first.orElse(end.next()));
                }
            }
            if (filter.topics().stream().anyMatch(each -> !each.equals(Filter.AUDIT))) {
                Outbox.Range range = ChangeSource.range(db);
                long after = range.last();
                OptionalLong asked = heard.map(Place::change).orElse(OptionalLong.empty());
                if (asked.isPresent()) {
                    after = Math.clamp(asked.getAsLong(), range.droppedTo(), range.last());
                    if (after != asked.getAsLong()) {
                        gap = Optional.of("{\"after\":\"%d\",\"asked\":\"%d\",\"reason\":\"%s\"}"
                                .formatted(
                                        after,
                                        asked.getAsLong(),
                                        asked.getAsLong() < after
                                                ? "changes are no longer kept"
                                                : "there is no such change: an older state was restored"));
                    }
                }
                sources.add(new ChangeSource());
                positions.put(ChangeSource.NAME, after);
            }
            return new Listened(sources, positions, gap);
        });
    }

    private static Place place(String id) {
        Place place = Place.ofId(id);
        if (place == null) {
            throw ProblemException.badInput(
                    "Last-Event-ID",
                    "'%s' is no id of an event of this stream".formatted(ProblemException.shortened(id)));
        }
        return place;
    }

    /** One listener who is told. */
    private final class Telling {
        private final SseEventSink sink;
        private final Sse sse;
        private final Filter filter;
        private final Listened listened;
        private final Map<String, Long> positions;

        Telling(SseEventSink sink, Sse sse, Filter filter, Listened listened) {
            this.sink = sink;
            this.sse = sse;
            this.filter = filter;
            this.listened = listened;
            this.positions = new HashMap<>(listened.positions());
        }

        void tell(Feed.Listening listening) throws ListenerGoneException, InterruptedException {
            send(sse.newEventBuilder().comment("listening").build());
            if (listened.gap().isPresent()) {
                send(event("gap", listened.gap().get()));
            }
            for (Source each : listened.sources()) {
                catchUp(each, listening);
            }
            long quietSince = System.nanoTime();
            while (!sink.isClosed() && !feed.isStopped()) {
                if (listening.isOverrun()) {
                    send(event("cut", "{\"reason\":\"events came faster than they were read\"}"));
                    return;
                }
                StreamEvent next = listening.next(LOOK_EVERY);
                if (next != null) {
                    tell(next);
                    quietSince = System.nanoTime();
                } else if (System.nanoTime() - quietSince > HEARTBEAT.toNanos()) {
                    send(sse.newEventBuilder().comment("nothing new").build());
                    quietSince = System.nanoTime();
                }
            }
        }

        /** What came before the feed hands events to us. They begin to wait meanwhile: a long way back may take two turns. */
        private void catchUp(Source source, Feed.Listening listening)
                throws ListenerGoneException, InterruptedException {
            long until = listening.from(source);
            for (long position = position(source.name()); position < until; position = position(source.name())) {
                long from = position;
                Source.Batch batch = snapshots.read(db -> source.after(db, from));
                for (StreamEvent each : batch.events()) {
                    if (each.next() <= until && filter.passes(each)) {
                        tell(each);
                    }
                }
                if (batch.next() == position) {
                    return;
                }
                positions.put(source.name(), Math.min(batch.next(), until));
            }
        }

        private long position(String source) {
            return positions.getOrDefault(source, 0L);
        }

        private void tell(StreamEvent event) throws ListenerGoneException, InterruptedException {
            if (event.next() <= position(event.source())) {
                return; // heard already
            }
            positions.put(event.source(), event.next());
            send(event(event.name(), event.json()));
        }

        private OutboundSseEvent event(String name, String json) {
            var event = sse.newEventBuilder().name(name);
            String id = place().id();
            return (id.isEmpty() ? event : event.id(id))
                    .mediaType(MediaType.TEXT_PLAIN_TYPE) // JSON already
                    .data(json)
                    .build();
        }

        private Place place() {
            Optional<Place.Entry> log = Optional.empty();
            OptionalLong change = OptionalLong.empty();
            for (var each : positions.entrySet()) {
                if (each.getKey().equals(ChangeSource.NAME)) {
                    change = OptionalLong.of(each.getValue());
                } else if (each.getValue() > 0) {
                    log = Optional.of(new Place.Entry(each.getKey(), each.getValue() - 1));
                }
            }
            return new Place(log, change);
        }

        /** One after the other: who reads slowly is told slowly. */
        private void send(OutboundSseEvent event) throws ListenerGoneException, InterruptedException {
            try {
                sink.send(event).toCompletableFuture().get(MOST_SENDING.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException | IllegalStateException e) {
                throw new ListenerGoneException(e);
            }
        }
    }

    /** The connection is closed, or nothing is read from it. */
    private static final class ListenerGoneException extends Exception {
        ListenerGoneException(Throwable cause) {
            super("the listener is gone", cause);
        }
    }
}
