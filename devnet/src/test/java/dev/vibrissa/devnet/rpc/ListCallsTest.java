package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.rpc.v2.AffectedObjectFilter;
import dev.vibrissa.rpc.v2.EmitModuleFilter;
import dev.vibrissa.rpc.v2.EventFilter;
import dev.vibrissa.rpc.v2.EventLiteral;
import dev.vibrissa.rpc.v2.EventTerm;
import dev.vibrissa.rpc.v2.EventTypeFilter;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc.LedgerServiceBlockingStub;
import dev.vibrissa.rpc.v2.ListCheckpointsRequest;
import dev.vibrissa.rpc.v2.ListEventsRequest;
import dev.vibrissa.rpc.v2.ListEventsResponse;
import dev.vibrissa.rpc.v2.ListTransactionsRequest;
import dev.vibrissa.rpc.v2.MoveCallFilter;
import dev.vibrissa.rpc.v2.QueryEnd.Reason;
import dev.vibrissa.rpc.v2.QueryOptions;
import dev.vibrissa.rpc.v2.QueryOptions.Ordering;
import dev.vibrissa.rpc.v2.SenderFilter;
import dev.vibrissa.rpc.v2.TransactionFilter;
import dev.vibrissa.rpc.v2.TransactionLiteral;
import dev.vibrissa.rpc.v2.TransactionTerm;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists over a real connection, compared with a walk through the files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListCallsTest {
    private static final long FIRST = 1_000;
    private static final long TIP = 1_143;
    private static final String WALRUS = "0xfdc88f7d7cf30afab2f82e8380d11ee8f70efb90e863d1de8616fae1bb09ea77";
    private static final String CALLED = "0x98da433aa0139512c210597b1c5e3df6cd121d8d77f8652691bb66fadfc8aa1b";

    private final RecordedChain chain = RecordedChain.blobLife(TIP);
    private RunningServer server;
    private LedgerServiceBlockingStub ledger;

    @BeforeAll
    void start() throws Exception {
        server = RunningServer.of(chain);
        ledger = LedgerServiceGrpc.newBlockingStub(server.channel());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    private List<StoredCheckpoint.Transaction> transactions() {
        return LongStream.rangeClosed(FIRST, TIP)
                .mapToObj(
                        number -> StoredCheckpoint.read(chain.checkpoint(number).orElseThrow(), number))
                .flatMap(checkpoint -> checkpoint.transactions().stream())
                .toList();
    }

    private List<String> digestsOf(Predicate<StoredCheckpoint.Transaction> predicate) {
        return transactions().stream()
                .filter(predicate)
                .map(transaction -> transaction.executed().digest().toString())
                .toList();
    }

    private List<String> listed(TransactionLiteral... literals) {
        var term = TransactionTerm.newBuilder().addAllLiterals(List.of(literals));
        var request = ListTransactionsRequest.newBuilder()
                .setFilter(TransactionFilter.newBuilder().addTerms(term))
                .setOptions(QueryOptions.newBuilder().setLimit(1_000));
        var digests = new ArrayList<String>();
        ledger.listTransactions(request.build()).forEachRemaining(frame -> {
            if (frame.hasTransaction()) {
                digests.add(frame.getTransaction().getDigest());
            }
        });
        return digests;
    }

    private static TransactionLiteral moveCall(String path) {
        return TransactionLiteral.newBuilder()
                .setMoveCall(MoveCallFilter.newBuilder().setFunction(path))
                .build();
    }

    private static boolean calls(StoredCheckpoint.Transaction transaction, String function) {
        return transaction.data().orElseThrow().kind() instanceof TransactionKind.Programmable program
                && program.commands().stream()
                        .anyMatch(command -> command instanceof Command.MoveCall call
                                && call.packageId().toString().equals(CALLED)
                                && (call.module() + "::" + call.function()).equals(function));
    }

    @Test
    void findsTransactionsByWhatTheyCall() {
        assertThat(listed(moveCall(CALLED + "::system::certify_blob")))
                .isNotEmpty()
                .isEqualTo(digestsOf(transaction -> calls(transaction, "system::certify_blob")));
    }

    @Test
    void findsTransactionsByLessThanAWholePath() {
        assertThat(listed(moveCall(CALLED)))
                .containsAll(listed(moveCall(CALLED + "::system")))
                .hasSizeGreaterThan(listed(moveCall(CALLED + "::system")).size());
    }

    @Test
    void findsTransactionsBySenderAndNotByCall() {
        var sender = transactions().getLast().data().orElseThrow().sender();
        var literal = TransactionLiteral.newBuilder()
                .setSender(SenderFilter.newBuilder().setAddress(sender.toString()))
                .build();
        var notCertifying = moveCall(CALLED + "::system::certify_blob").toBuilder()
                .setNegated(true)
                .build();

        assertThat(listed(literal, notCertifying))
                .isNotEmpty()
                .isEqualTo(digestsOf(
                        transaction -> transaction.data().orElseThrow().sender().equals(sender)
                                && !calls(transaction, "system::certify_blob")));
    }

    @Test
    void findsTransactionsByTheObjectTheyChanged() {
        var id = transactions()
                .get(40)
                .effects()
                .orElseThrow()
                .changedObjects()
                .getLast()
                .id();

        assertThat(listed(TransactionLiteral.newBuilder()
                        .setAffectedObject(AffectedObjectFilter.newBuilder().setObjectId(id.toString()))
                        .build()))
                .isNotEmpty()
                .isEqualTo(digestsOf(transaction -> transaction.effects().orElseThrow().changedObjects().stream()
                        .anyMatch(change -> change.id().equals(id))));
    }

    @Test
    void anyTermWillDo() {
        var request = ListTransactionsRequest.newBuilder()
                .setFilter(TransactionFilter.newBuilder()
                        .addTerms(TransactionTerm.newBuilder().addLiterals(moveCall(CALLED + "::system::certify_blob")))
                        .addTerms(
                                TransactionTerm.newBuilder().addLiterals(moveCall(CALLED + "::system::register_blob"))))
                .setOptions(QueryOptions.newBuilder().setLimit(1_000))
                .build();

        assertThat(ImmutableList.copyOf(ledger.listTransactions(request)).stream()
                        .filter(frame -> frame.hasTransaction())
                        .count())
                .isEqualTo(digestsOf(transaction -> calls(transaction, "system::certify_blob")
                                || calls(transaction, "system::register_blob"))
                        .size());
    }

    private static EventFilter eventType(String type) {
        return EventFilter.newBuilder()
                .addTerms(EventTerm.newBuilder()
                        .addLiterals(EventLiteral.newBuilder()
                                .setEventType(EventTypeFilter.newBuilder().setEventType(type))))
                .build();
    }

    private List<String> eventsNamed(Predicate<String> name) {
        return transactions().stream()
                .flatMap(transaction -> IntStream.range(0, transaction.events().size())
                        .filter(i ->
                                name.test(transaction.events().get(i).type().name()))
                        .mapToObj(i -> transaction.executed().digest() + "/" + i))
                .toList();
    }

    private static List<String> places(List<ListEventsResponse> frames) {
        return frames.stream()
                .filter(ListEventsResponse::hasEvent)
                .map(frame -> frame.getEvent().getTransactionDigest() + "/"
                        + frame.getEvent().getEventIndex())
                .toList();
    }

    private static ListEventsRequest.Builder certified() {
        return ListEventsRequest.newBuilder()
                .setReadMask(LedgerCallsTest.mask("transaction_digest", "event_index", "checkpoint"))
                .setFilter(eventType(WALRUS + "::events::BlobCertified"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Ordering.class,
            names = {"ASCENDING", "DESCENDING"})
    void pagesThroughAllEventsByCursor(Ordering ordering) {
        var all = new ArrayList<String>();
        Optional<ByteString> cursor = Optional.empty();
        Reason reason;
        do {
            var options = QueryOptions.newBuilder().setLimit(3).setOrdering(ordering);
            cursor.ifPresent(ordering == Ordering.ASCENDING ? options::setAfter : options::setBefore);
            var page = ImmutableList.copyOf(
                    ledger.listEvents(certified().setOptions(options).build()));
            all.addAll(places(page));
            cursor = Optional.of(page.getLast().getWatermark().getCursor());
            reason = page.getLast().getEnd().getReason();
            assertThat(page.stream().filter(ListEventsResponse::hasEnd)).hasSize(1);
        } while (reason == Reason.ITEM_LIMIT);

        var expected = eventsNamed("BlobCertified"::equals);
        assertThat(all).isEqualTo(ordering == Ordering.ASCENDING ? expected : expected.reversed());
        assertThat(reason).isEqualTo(ordering == Ordering.ASCENDING ? Reason.LEDGER_TIP : Reason.CHECKPOINT_BOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Ordering.class,
            names = {"ASCENDING", "DESCENDING"})
    void staysBetweenTwoCursors(Ordering ordering) {
        var all = ImmutableList.copyOf(ledger.listEvents(certified().build())).stream()
                .filter(ListEventsResponse::hasEvent)
                .toList();
        var options = QueryOptions.newBuilder()
                .setAfter(all.get(2).getWatermark().getCursor())
                .setBefore(all.get(6).getWatermark().getCursor())
                .setOrdering(ordering);

        var between = ImmutableList.copyOf(
                ledger.listEvents(certified().setOptions(options).build()));

        var expected = places(all.subList(3, 6));
        assertThat(places(between)).isEqualTo(ordering == Ordering.ASCENDING ? expected : expected.reversed());
        assertThat(between.getLast().getEnd().getReason()).isEqualTo(Reason.CURSOR_BOUND);
        // The bound lies inside of a checkpoint, of which the rest was not looked at.
        assertThat(between.getLast().getWatermark().getCursor())
                .isEqualTo(all.get(ordering == Ordering.ASCENDING ? 6 : 2)
                        .getWatermark()
                        .getCursor());
        long bound = all.get(ordering == Ordering.ASCENDING ? 6 : 2).getEvent().getCheckpoint();
        assertThat(between.getLast().getWatermark().getCheckpoint()).isNotEqualTo(bound);
    }

    @Test
    void promisesOnlyCheckpointsThatAreDone() {
        var frames = ImmutableList.copyOf(ledger.listEvents(certified()
                .setOptions(QueryOptions.newBuilder().setLimit(1_000))
                .build()));

        for (var frame : frames.subList(0, frames.size() - 1)) {
            if (frame.hasEvent() && frame.getWatermark().hasCheckpoint()) {
                assertThat(frame.getWatermark().getCheckpoint())
                        .isLessThan(frame.getEvent().getCheckpoint());
            }
        }
        assertThat(frames.getLast().hasEvent()).isFalse();
        assertThat(frames.getLast().getWatermark().getCheckpoint()).isEqualTo(TIP);
    }

    @Test
    void tellsOfItsProgressWhereNothingMatches() {
        var frames = ImmutableList.copyOf(ledger.listEvents(
                ListEventsRequest.newBuilder().setFilter(eventType("0x404")).build()));

        assertThat(frames).hasSize(2);
        assertThat(frames.getFirst().getWatermark().getCheckpoint()).isEqualTo(FIRST + 99);
        assertThat(frames.getLast().getEnd().getReason()).isEqualTo(Reason.LEDGER_TIP);
    }

    @Test
    void findsEventsByWhoWasCalledAndNotByType() {
        var filter = EventFilter.newBuilder()
                .addTerms(EventTerm.newBuilder()
                        .addLiterals(EventLiteral.newBuilder()
                                .setEmitModule(EmitModuleFilter.newBuilder().setModule(CALLED + "::system")))
                        .addLiterals(EventLiteral.newBuilder()
                                .setNegated(true)
                                .setEventType(EventTypeFilter.newBuilder()
                                        .setEventType(WALRUS + "::events::BlobCertified"))));
        var frames = ImmutableList.copyOf(ledger.listEvents(ListEventsRequest.newBuilder()
                .setReadMask(LedgerCallsTest.mask("event_type", "module"))
                .setFilter(filter)
                .build()));

        assertThat(frames.stream().filter(ListEventsResponse::hasEvent))
                .isNotEmpty()
                .allSatisfy(frame -> {
                    assertThat(frame.getEvent().getModule()).isEqualTo("system");
                    assertThat(frame.getEvent().getEventType()).doesNotEndWith("::BlobCertified");
                });
    }

    @Test
    void listsCheckpointsBetweenTwo() {
        var frames = ImmutableList.copyOf(ledger.listCheckpoints(ListCheckpointsRequest.newBuilder()
                .setStartCheckpoint(1_010)
                .setEndCheckpoint(1_013)
                .build()));

        assertThat(frames.stream()
                        .filter(frame -> frame.hasCheckpoint())
                        .map(frame -> frame.getCheckpoint().getSequenceNumber()))
                .containsExactly(1_010L, 1_011L, 1_012L);
        assertThat(frames.getLast().getEnd().getReason()).isEqualTo(Reason.CHECKPOINT_BOUND);
        assertThat(frames.getLast().getWatermark().getCheckpoint()).isEqualTo(1_012);
    }

    @Test
    void refusesToSkipWhatIsNotKept() {
        assertThatThrownBy(() -> ledger.listCheckpoints(ListCheckpointsRequest.newBuilder()
                                .setStartCheckpoint(999)
                                .build())
                        .hasNext())
                .satisfies(LedgerCallsTest.is(Status.Code.OUT_OF_RANGE, "checkpoint 1000, the first that is kept"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "walrus", "0x1::", "0x1::a::b::c", "0x1::a::B<u64"})
    void refusesWhatIsNoEventType(String type) {
        assertThatThrownBy(() -> ledger.listEvents(ListEventsRequest.newBuilder()
                                .setFilter(eventType(type))
                                .build())
                        .hasNext())
                .satisfies(LedgerCallsTest.is(Status.Code.INVALID_ARGUMENT, "event_type"));
    }

    @Test
    void refusesAFilterThatSaysNothing() {
        assertThatThrownBy(() -> ledger.listEvents(ListEventsRequest.newBuilder()
                                .setFilter(EventFilter.getDefaultInstance())
                                .build())
                        .hasNext())
                .satisfies(LedgerCallsTest.is(Status.Code.INVALID_ARGUMENT, "without terms"));
    }

    @Test
    void hasNoListsWhereItHasNoQueries() throws Exception {
        try (var plain = new RunningServer(chain, Endpoint.of("recorded").withoutQueries())) {
            var stub = LedgerServiceGrpc.newBlockingStub(plain.channel());

            assertThatThrownBy(() -> stub.listEvents(ListEventsRequest.getDefaultInstance())
                            .hasNext())
                    .satisfies(LedgerCallsTest.is(Status.Code.UNIMPLEMENTED, "ListEvents"));
        }
    }
}
