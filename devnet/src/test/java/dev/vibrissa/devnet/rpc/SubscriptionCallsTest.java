package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import dev.vibrissa.rpc.v2.EventFilter;
import dev.vibrissa.rpc.v2.EventLiteral;
import dev.vibrissa.rpc.v2.EventTerm;
import dev.vibrissa.rpc.v2.EventTypeFilter;
import dev.vibrissa.rpc.v2.GetServiceInfoRequest;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc;
import dev.vibrissa.rpc.v2.MoveCallFilter;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsRequest;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsResponse;
import dev.vibrissa.rpc.v2.SubscribeEventsRequest;
import dev.vibrissa.rpc.v2.SubscribeEventsResponse;
import dev.vibrissa.rpc.v2.SubscribeTransactionsRequest;
import dev.vibrissa.rpc.v2.SubscriptionServiceGrpc;
import dev.vibrissa.rpc.v2.TransactionFilter;
import dev.vibrissa.rpc.v2.TransactionLiteral;
import dev.vibrissa.rpc.v2.TransactionTerm;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscriptions over a real connection, whole and with every fault of the script. */
@Timeout(60)
class SubscriptionCallsTest {
    private static final long TIP = 1_020;

    private final RecordedChain chain = RecordedChain.blobLife(TIP);
    private @Nullable RunningServer started;

    @AfterEach
    void stop() throws Exception {
        server().close();
    }

    private RunningServer server() {
        return Objects.requireNonNull(started);
    }

    private SubscriptionServiceGrpc.SubscriptionServiceBlockingStub start(Endpoint endpoint) throws Exception {
        started = new RunningServer(chain, endpoint);
        return SubscriptionServiceGrpc.newBlockingStub(started.channel());
    }

    /** Subscribes to what the store has, and waits until the chain knows. */
    private Iterator<SubscribeCheckpointsResponse> follow(Endpoint endpoint) throws Exception {
        var frames = start(endpoint)
                .subscribeCheckpoints(SubscribeCheckpointsRequest.newBuilder()
                        .setReadMask(LedgerCallsTest.STORE_MASK)
                        .build());
        chain.awaitSubscriber();
        return frames;
    }

    private static Endpoint faulty(long checkpoint, StreamFault fault) {
        return Endpoint.of("recorded")
                .with((_, number) -> number == checkpoint ? Optional.of(fault) : Optional.empty());
    }

    private static List<Long> numbers(Iterator<SubscribeCheckpointsResponse> frames, int count) {
        var numbers = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            numbers.add(frames.next().getCheckpoint().getSequenceNumber());
        }
        return numbers;
    }

    @Test
    void sendsEveryCheckpointFromTheTipOnInOrder() throws Exception {
        var frames = follow(Endpoint.of("recorded"));

        chain.sealTo(TIP + 40);

        for (long number = TIP + 1; number <= TIP + 40; number++) {
            var frame = frames.next();
            assertThat(frame.getCursor()).isEqualTo(number);
            assertThat(frame.getCheckpoint().toByteArray())
                    .isEqualTo(chain.checkpoint(number).orElseThrow());
        }
    }

    @Test
    void endsASubscriberWhoFallsBehindAndKeepsTheOthers() throws Exception {
        var slow = follow(Endpoint.of("recorded").withMaxLag(5));
        var connection = server().client();
        try {
            var quick = SubscriptionServiceGrpc.newBlockingStub(connection)
                    .subscribeCheckpoints(SubscribeCheckpointsRequest.newBuilder()
                            .setReadMask(LedgerCallsTest.mask("sequence_number"))
                            .build());
            chain.awaitSubscriber();

            // A blocking client asks for one message at a time and the connection takes some more, but not all of
            // these.
            for (long number = TIP + 1; number <= 1_143; number++) {
                chain.seal();
                assertThat(quick.next().getCursor()).isEqualTo(number);
            }

            assertThatThrownBy(() -> slow.forEachRemaining(_ -> {}))
                    .satisfies(LedgerCallsTest.is(Status.Code.RESOURCE_EXHAUSTED, "too slow: checkpoint"));
        } finally {
            connection.shutdownNow();
        }
    }

    @Test
    void forgetsASubscriberWhoLeaves() throws Exception {
        started = RunningServer.of(chain);
        var connection = started.client();
        var frames = SubscriptionServiceGrpc.newBlockingStub(connection)
                .subscribeCheckpoints(SubscribeCheckpointsRequest.getDefaultInstance());
        chain.awaitSubscriber();
        chain.seal();
        assertThat(frames.next().getCursor()).isEqualTo(TIP + 1);

        connection.shutdownNow();

        assertThat(chain.awaitLeft()).isTrue();
        assertThat(chain.subscribers()).isZero();
    }

    @Test
    void tellsAFilteredSubscriberWhereItBeginsAndHowFarItGot() throws Exception {
        var literal = TransactionLiteral.newBuilder()
                .setMoveCall(MoveCallFilter.newBuilder().setFunction("0xfff::no::where"));
        var frames = start(Endpoint.of("recorded"))
                .subscribeCheckpoints(SubscribeCheckpointsRequest.newBuilder()
                        .setFilter(TransactionFilter.newBuilder()
                                .addTerms(TransactionTerm.newBuilder().addLiterals(literal)))
                        .build());

        assertThat(frames.next())
                .isEqualTo(
                        SubscribeCheckpointsResponse.newBuilder().setCursor(TIP).build());
        chain.seal();
        assertThat(frames.next())
                .isEqualTo(SubscribeCheckpointsResponse.newBuilder()
                        .setCursor(TIP + 1)
                        .build());
    }

    @Test
    void sendsEventsOfOneTypeWithTheirPlace() throws Exception {
        long last = TIP + 60;
        var certified = EventTypeFilter.newBuilder()
                .setEventType(
                        "0xfdc88f7d7cf30afab2f82e8380d11ee8f70efb90e863d1de8616fae1bb09ea77::events::BlobCertified");
        var frames = start(Endpoint.of("recorded"))
                .subscribeEvents(SubscribeEventsRequest.newBuilder()
                        .setReadMask(LedgerCallsTest.mask("event_type", "transaction_digest", "event_index"))
                        .setFilter(EventFilter.newBuilder()
                                .addTerms(EventTerm.newBuilder()
                                        .addLiterals(EventLiteral.newBuilder().setEventType(certified))))
                        .build());
        assertThat(frames.next().getWatermark().getCheckpoint()).isEqualTo(TIP);
        chain.sealTo(last);

        var seen = new ArrayList<String>();
        SubscribeEventsResponse frame;
        do {
            frame = frames.next();
            if (frame.hasEvent()) {
                assertThat(frame.getWatermark().getCheckpoint()).isBetween(TIP, last - 1);
                seen.add(frame.getEvent().getTransactionDigest() + "/"
                        + frame.getEvent().getEventIndex());
            }
        } while (frame.getWatermark().getCheckpoint() < last);

        var expected = LongStream.rangeClosed(TIP + 1, last)
                .mapToObj(
                        number -> StoredCheckpoint.read(chain.checkpoint(number).orElseThrow(), number))
                .flatMap(checkpoint -> checkpoint.transactions().stream())
                .flatMap(transaction -> java.util.stream.IntStream.range(
                                0, transaction.events().size())
                        .filter(i -> transaction.events().get(i).type().name().equals("BlobCertified"))
                        .mapToObj(i -> transaction.executed().digest() + "/" + i))
                .toList();
        assertThat(seen).isNotEmpty().isEqualTo(expected);
    }

    @Test
    void offersOnlyWholeCheckpointsWhereItHasNoQueries() throws Exception {
        var stub = start(Endpoint.of("recorded").withoutQueries());

        assertThatThrownBy(() -> stub.subscribeEvents(SubscribeEventsRequest.getDefaultInstance())
                        .hasNext())
                .satisfies(LedgerCallsTest.is(Status.Code.UNIMPLEMENTED, "SubscribeEvents"));
        assertThatThrownBy(() -> stub.subscribeTransactions(SubscribeTransactionsRequest.getDefaultInstance())
                        .hasNext())
                .satisfies(LedgerCallsTest.is(Status.Code.UNIMPLEMENTED, "SubscribeTransactions"));
        assertThatThrownBy(() -> stub.subscribeCheckpoints(SubscribeCheckpointsRequest.newBuilder()
                                .setFilter(TransactionFilter.getDefaultInstance())
                                .build())
                        .hasNext())
                .satisfies(LedgerCallsTest.is(Status.Code.UNIMPLEMENTED, "filter"));
    }

    @Test
    void leavesOneOut() throws Exception {
        var frames = follow(faulty(TIP + 2, new StreamFault.Gap()));
        chain.sealTo(TIP + 3);
        assertThat(numbers(frames, 2)).containsExactly(TIP + 1, TIP + 3);
    }

    @Test
    void sendsOneTwice() throws Exception {
        var frames = follow(faulty(TIP + 2, new StreamFault.Duplicate()));
        chain.sealTo(TIP + 3);
        assertThat(numbers(frames, 4)).containsExactly(TIP + 1, TIP + 2, TIP + 2, TIP + 3);
    }

    @Test
    void sendsOneTooLate() throws Exception {
        var frames = follow(faulty(TIP + 2, new StreamFault.Reorder()));
        chain.sealTo(TIP + 4);
        assertThat(numbers(frames, 4)).containsExactly(TIP + 1, TIP + 3, TIP + 2, TIP + 4);
    }

    @Test
    void stallsAndGoesOn() throws Exception {
        var pause = Duration.ofMillis(600);
        var frames = follow(faulty(TIP + 2, new StreamFault.Stall(pause)));
        chain.sealTo(TIP + 3);

        assertThat(numbers(frames, 1)).containsExactly(TIP + 1);
        long before = System.nanoTime();
        assertThat(numbers(frames, 2)).containsExactly(TIP + 2, TIP + 3);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(pause.dividedBy(2));
    }

    @Test
    void cutsTheStream() throws Exception {
        var frames = follow(faulty(TIP + 2, new StreamFault.Disconnect()));
        chain.sealTo(TIP + 3);

        assertThat(numbers(frames, 1)).containsExactly(TIP + 1);
        assertThatThrownBy(frames::next).satisfies(LedgerCallsTest.is(Status.Code.UNAVAILABLE, "the stream was cut"));
    }

    @Test
    void sendsMoreThanAnybodyTakes() throws Exception {
        var frames = follow(faulty(TIP + 2, new StreamFault.Oversized(RunningServer.MAX_MESSAGE_BYTES + 1)));
        chain.sealTo(TIP + 2);

        assertThat(numbers(frames, 1)).containsExactly(TIP + 1);
        assertThatThrownBy(frames::next)
                .satisfies(LedgerCallsTest.is(Status.Code.RESOURCE_EXHAUSTED, "exceeds maximum size"));
    }

    @Test
    void damagesACertificateAndNothingElse() throws Exception {
        var frames = follow(faulty(TIP + 2, new StreamFault.DamagedCertificate()));
        chain.sealTo(TIP + 3);

        assertThat(certified(frames.next())).isTrue();
        var damaged = frames.next();
        assertThat(certified(damaged)).isFalse();
        assertThat(decoded(damaged).digest()).isEqualTo(chain.decoded(TIP + 2).digest());
        assertThat(certified(frames.next())).isTrue();
    }

    private boolean certified(SubscribeCheckpointsResponse frame) {
        var checkpoint = decoded(frame);
        var epoch = chain.epochs().stream()
                .filter(each -> each.epoch() == checkpoint.summary().epoch())
                .findFirst()
                .orElseThrow();
        return new CommitteeVerifier(new Committee(epoch.epoch(), epoch.committeeMembers())).verify(checkpoint)
                instanceof CertificateCheck.Valid;
    }

    private static Checkpoint decoded(SubscribeCheckpointsResponse frame) {
        return CheckpointFile.read(frame.getCheckpoint().toByteArray(), "frame " + frame.getCursor());
    }

    @Test
    void faultsMeetOnlyTheSubscriberTheyAreMeantFor() throws Exception {
        var first = follow(Endpoint.of("recorded")
                .with((subscriber, _) ->
                        subscriber == 0 ? Optional.of(new StreamFault.Disconnect()) : Optional.empty()));
        var second = SubscriptionServiceGrpc.newBlockingStub(server().channel())
                .subscribeCheckpoints(SubscribeCheckpointsRequest.getDefaultInstance());
        chain.awaitSubscriber();
        chain.seal();

        assertThatThrownBy(first::next).satisfies(LedgerCallsTest.is(Status.Code.UNAVAILABLE, "cut"));
        assertThat(second.next().getCursor()).isEqualTo(TIP + 1);
    }

    @Test
    void isOutOfServiceForAWhile() throws Exception {
        var out = new AtomicBoolean();
        var frames = follow(Endpoint.of("recorded").with(new StreamFaults() {
            @Override
            public Optional<StreamFault> at(long subscriber, long checkpoint) {
                return Optional.empty();
            }

            @Override
            public boolean unavailable() {
                return out.get();
            }
        }));
        var ledger = LedgerServiceGrpc.newBlockingStub(server().channel());
        var info = GetServiceInfoRequest.getDefaultInstance();

        out.set(true);
        assertThatThrownBy(frames::next).satisfies(LedgerCallsTest.is(Status.Code.UNAVAILABLE, "out of service"));
        assertThatThrownBy(() -> ledger.getServiceInfo(info))
                .satisfies(LedgerCallsTest.is(Status.Code.UNAVAILABLE, "out of service"));
        assertThat(storeStatus()).isEqualTo(503);
        out.set(false);
        assertThat(storeStatus()).isEqualTo(200);
        assertThat(ledger.getServiceInfo(info).getCheckpointHeight()).isEqualTo(TIP);
    }

    private int storeStatus() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var file = HttpRequest.newBuilder(URI.create(server().url() + "/checkpoints/1000.binpb.zst"));
            return http.send(file.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
