package dev.vibrissa.api.limit;

import dev.vibrissa.api.deadline.Streams;
import dev.vibrissa.api.key.ApiKeys;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.problem.ProblemWriter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Counts each request before anything is done for it, and turns away what is too much. */
@ApplicationScoped
class Doorkeeper {
    /** After the filter for CORS (300): preflights are not counted, and scripts can read that they were turned away. */
    private static final int AFTER_CORS = 200;

    /** Files that every page loads, and what only operators ask for. */
    private static final List<String> NOT_COUNTED = List.of("/assets/", "/q/");

    private static final InetAddress THIS_MACHINE = InetAddress.ofLiteral("127.0.0.1");

    private final AddressRanges exempt;
    private final ClientAddresses addresses;
    private final KeyRing keys;
    private final Quotas quotas;
    private final Seats streams;
    private final Seats underWay;
    private final ProblemWriter problems;
    private final Vertx vertx;
    private final Counter refusedRequests;
    private final Counter refusedStreams;
    private final MeterRegistry registry;
    private final List<Gauge> gauges;

    Doorkeeper(
            LimitConfig config,
            KeyRing keys,
            Quotas quotas,
            ProblemWriter problems,
            Vertx vertx,
            MeterRegistry registry) {
        this.exempt = AddressRanges.of("vibrissa.api.limit.exempt", config.exempt());
        this.addresses =
                new ClientAddresses(AddressRanges.of("vibrissa.api.limit.trusted-proxies", config.trustedProxies()));
        this.keys = keys;
        this.quotas = quotas;
        this.streams = new Seats(client -> switch (client) {
            case Client.Exempt _ -> Integer.MAX_VALUE;
            case Client.Anonymous _ -> config.anonymousStreams();
            case Client.Keyed _ -> config.keyStreams();
        });
        this.underWay = new Seats(client -> switch (client) {
            case Client.Exempt _ -> Integer.MAX_VALUE;
            case Client.Anonymous _ -> config.anonymousAtOnce();
            case Client.Keyed _ -> config.keyAtOnce();
        });
        this.problems = problems;
        this.vertx = vertx;
        this.refusedRequests = refused(registry, "requests");
        this.refusedStreams = refused(registry, "streams");
        this.registry = registry;
        this.gauges = List.of(underWay(registry, "requests", underWay), underWay(registry, "streams", streams));
    }

    private static Gauge underWay(MeterRegistry registry, String what, Seats seats) {
        return Gauge.builder("vibrissa.api.under.way", seats, Seats::taken)
                .description("What is being answered to all clients at this moment")
                .tag("what", what)
                .strongReference(true)
                .register(registry);
    }

    /** The registry may outlive us, and would go on asking. */
    @PreDestroy
    void unbind() {
        gauges.forEach(registry::remove);
    }

    private static Counter refused(MeterRegistry registry, String what) {
        return Counter.builder("vibrissa.api.refused")
                .description("What clients asked for beyond their limits")
                .tag("what", what)
                .register(registry);
    }

    void register(@Observes Filters filters) {
        filters.register(this::meet, AFTER_CORS);
    }

    private void meet(RoutingContext request) {
        if (NOT_COUNTED.stream().anyMatch(request.normalizedPath()::startsWith)) {
            request.next();
            return;
        }
        Optional<ApiKeys.Hash> key = ApiKeys.sent(request.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (key.isEmpty()) {
            admit(request, anonymous(request));
            return;
        }
        var holder = keys.holder(key.get());
        if (holder.isDone()) {
            admit(request, client(request, holder.join()));
            return;
        }
        // Nothing of the body may be lost meanwhile, and what follows is the event loop's.
        request.request().pause();
        var loop = vertx.getOrCreateContext();
        holder.thenAccept(known -> loop.runOnContext(_ -> {
            request.request().resume();
            admit(request, client(request, known));
        }));
    }

    private Client client(RoutingContext request, Optional<ApiKeys.Holder> holder) {
        return holder.<Client>map(known -> known.isAdmin() ? new Client.Exempt() : new Client.Keyed(known.id()))
                .orElseGet(() -> anonymous(request));
    }

    private Client anonymous(RoutingContext request) {
        var peer = request.request().remoteAddress();
        // A socket of this machine has a path instead of an address.
        var address =
                peer == null || peer.hostAddress() == null ? THIS_MACHINE : InetAddress.ofLiteral(peer.hostAddress());
        var client = addresses.of(address, request.request().headers().getAll("X-Forwarded-For"));
        return exempt.contain(client) ? new Client.Exempt() : Client.Anonymous.at(client);
    }

    private void admit(RoutingContext request, Client client) {
        var standing = quotas.spend(client);
        if (standing.isPresent()) {
            var headers = request.response().headers();
            headers.set("RateLimit-Policy", standing.get().policyHeader());
            headers.set("RateLimit", standing.get().header());
            // What others may keep for ever says nothing of him who asked first.
            request.addHeadersEndHandler(_ -> {
                if (headers.contains(HttpHeaders.CACHE_CONTROL, "immutable", true)) {
                    headers.remove("RateLimit-Policy").remove("RateLimit");
                }
            });
            if (standing.get().isExhausted()) {
                refusedRequests.increment();
                problems.end(request, tooOften(standing.get()), standing.get().retrySeconds());
                return;
            }
        }
        boolean isStream = Streams.isStream(request);
        var seats = isStream ? streams : underWay;
        var seat = seats.take(client);
        if (seat.isEmpty()) {
            (isStream ? refusedStreams : refusedRequests).increment();
            problems.end(
                    request,
                    ProblemException.tooMany("%d %s, as many as one client may have"
                            .formatted(
                                    seats.most(client), isStream ? "streams are open" : "requests are being answered")),
                    isStream ? Quotas.WINDOW.toSeconds() : 1);
            return;
        }
        request.addEndHandler(_ -> seat.get().giveBack());
        if (request.response().closed()) { // before there was somebody to be told of it
            seat.get().giveBack();
            return;
        }
        request.next();
    }

    private static ProblemException tooOften(Quotas.Standing standing) {
        return ProblemException.tooOften("%d requests a minute are answered %s, and more came; the next one in %d s"
                .formatted(
                        standing.quota(),
                        standing.policy().equals("key") ? "to a key" : "to an address without a key",
                        standing.retrySeconds()));
    }
}
