package dev.vibrissa.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.api.key.ApiKeys;
import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.changes.webhook.Event;
import dev.vibrissa.changes.webhook.Webhooks;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.verifier.node.AddressPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deliveries to receivers of all kinds, over real sockets. */
@Timeout(60)
class WebhookSenderTest {
    private static final String NODE = "0x" + "ab".repeat(32);
    private static final String OTHER = "0x" + "cd".repeat(32);
    private static final AddressPolicy HERE = AddressPolicy.publicOnly().allowing("127.0.0.1/32");

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    @AutoClose
    private final Receiver receiver = new Receiver();

    private String key = "";

    WebhookSenderTest() throws Exception {}

    @BeforeEach
    void key() throws Exception {
        try (var db = database.connect()) {
            key = ApiKeys.create(db, "test").id();
        }
    }

    @Test
    void whoAskedForRaisesIsToldOfThoseOfItsNodeAloneAndSigned() throws Exception {
        var created = webhook("/fine", List.of(Event.COMMISSION_RAISE), Optional.of(NODE));
        tell(commission(NODE, 500, 600), commission(NODE, 600, 500), commission(OTHER, 500, 600));
        send(HERE, "delivered", 1);
        Receiver.Delivery got = receiver.at("/fine").getFirst();
        assertThat(receiver.at("/fine")).hasSize(1);
        assertThat(got.body())
                .startsWith("{\"type\":\"commission_raise\",\"timestamp\":\"")
                .contains(NODE);
        assertThat(got.headers().get("webhook-signature")).isEqualTo(signature(created.secret(), got));

        byte[] rotated;
        try (var db = database.connect()) {
            rotated = Webhooks.rotate(db, key, created.webhook().id()).orElseThrow();
        }
        tell(commission(NODE, 600, 700));
        send(HERE, "delivered", 2);
        Receiver.Delivery then = receiver.at("/fine").getLast();
        assertThat(then.headers().get("webhook-signature"))
                .isEqualTo(signature(rotated, then) + " " + signature(created.secret(), then));
        assertThat(then.headers().get("webhook-id")).isNotEqualTo(got.headers().get("webhook-id"));
    }

    @Test
    void whatFailsIsTriedAgainUnderTheSameIdUntilItIsTakenOrDead() throws Exception {
        webhook("/third-time", List.of(Event.PRICE_CHANGE), Optional.empty());
        webhook("/elsewhere", List.of(Event.PRICE_CHANGE), Optional.empty());
        var gone = webhook("/gone", List.of(Event.PRICE_CHANGE), Optional.empty());
        tell(price());
        send(HERE, "dead", 2);
        send(HERE, "delivered", 1);
        assertThat(receiver.at("/third-time")).hasSize(3);
        assertThat(receiver.at("/third-time").stream()
                        .map(each -> each.headers().get("webhook-id"))
                        .distinct())
                .hasSize(1);
        assertThat(receiver.at("/elsewhere")).hasSize(4);
        assertThat(receiver.at("/there")).isEmpty();
        assertThat(receiver.at("/gone")).hasSize(1);

        try (var db = database.connect()) {
            assertThat(Webhooks.redeliver(db, key, gone.webhook().id(), null)).contains(1);
        }
        send(HERE, "dead", 2);
        assertThat(receiver.at("/gone")).hasSize(2);
    }

    @Test
    void whoStallsOrTalksWithoutEndKeepsNobodyWaiting() throws Exception {
        webhook("/stalls", List.of(Event.PRICE), Optional.empty());
        webhook("/talks", List.of(Event.PRICE), Optional.empty());
        webhook("/fine", List.of(Event.PRICE), Optional.empty());
        tell(price());
        send(HERE, "delivered", 1);
        send(HERE, "dead", 2);
        assertThat(said("/stalls")).contains("timeout");
        assertThat(receiver.at("/fine")).hasSize(1);
    }

    /** However much waits for it: what comes later would overtake what came before, as fast as it is refused. */
    @Test
    void whoFailsIsLeftAloneForAWhile() throws Exception {
        webhook("/broken", List.of(Event.PRICE), Optional.empty());
        tell(price(), price(), price());
        var sender = sender(HERE, Duration.ofHours(1));
        try (var turn = sender.take().orElseThrow()) {
            turn.step();
        }
        try (var turn = sender.take().orElseThrow()) {
            assertThat(turn.step()).isFalse();
        }
        assertThat(receiver.at("/broken")).hasSize(1);
        try (var db = database.connect()) {
            assertThat(Webhooks.of(db, key).getFirst().pause()).hasValueSatisfying(pause -> {
                assertThat(pause.reason()).isEqualTo("status 500");
                assertThat(pause.failures()).isEqualTo(1);
                assertThat(pause.until()).isAfter(Instant.now().plus(Duration.ofMinutes(40)));
            });
        }
    }

    @Test
    void whatAReceiverSendsInsteadOfAStatusIsMadeFitToBeKept() throws Exception {
        webhook("/garbled", List.of(Event.PRICE), Optional.empty());
        tell(price());
        send(HERE, "dead", 1);
        assertThat(receiver.at("/garbled")).hasSize(4);
        assertThat(said("/garbled")).contains("Unexpected status line: HT P/1.1");
    }

    @Test
    void whatCannotBeWrittenDownIsNotSentAgainAtOnce() throws Exception {
        webhook("/fine", List.of(Event.PRICE), Optional.empty());
        tell(price());
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute("alter table webhook_delivery add check (state <> 'delivered')");
        }
        var sender = sender(HERE);
        try (var turn = sender.take().orElseThrow()) {
            assertThat(turn.step()).isTrue();
        }
        try (var turn = sender.take().orElseThrow()) {
            assertThat(turn.step()).isFalse();
        }
        assertThat(receiver.at("/fine")).hasSize(1);
    }

    /** The backlog of those who stall is older, and they have more webhooks than there are lanes. */
    @Test
    void aKeyWhoseWebhooksAllStallKeepsNoOtherWaiting() throws Exception {
        for (int i = 0; i < Webhooks.MOST; i++) {
            webhook("/stalls", List.of(Event.PRICE), Optional.empty());
        }
        tell(price(), price());
        try (var db = database.connect()) {
            key = ApiKeys.create(db, "other").id();
        }
        webhook("/fine", List.of(Event.PRICE), Optional.empty());
        tell(price());
        try (var turn = sender(HERE, Duration.ofHours(1)).take().orElseThrow()) {
            turn.step();
            while (receiver.at("/fine").isEmpty()) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(receiver.at("/stalls")).hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void whatNobodyTakesDoesNotPileUp() throws Exception {
        webhook("/broken", List.of(Event.PRICE), Optional.empty());
        Change[] many = new Change[1_800];
        Arrays.fill(many, price());
        tell(many);
        var sender = sender(HERE, Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            try (var turn = sender.take().orElseThrow()) {
                turn.step();
            }
        }
        assertThat(TableRows.of(database.database(), "select count(*) from webhook_delivery"))
                .containsExactly("1000");
    }

    @Test
    void whatIsNoLongerKeptIsToldAsAGap() throws Exception {
        webhook("/fine", List.of(Event.PRICE), Optional.empty());
        tell(price(), price());
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute("update change set told_at = told_at - interval '8 days'");
        }
        tell(price());
        send(HERE, "delivered", 2);
        assertThat(receiver.at("/fine"))
                .extracting(Receiver.Delivery::body)
                .satisfiesExactly(
                        gap -> assertThat(gap)
                                .startsWith("{\"type\":\"gap\",")
                                .endsWith("\"data\":{\"after\":\"0\",\"to\":\"2\"}}"),
                        price -> assertThat(price).startsWith("{\"type\":\"price\","));
        assertThat(TableRows.of(database.database(), "select lost from webhook"))
                .containsExactly("2");
    }

    @Test
    void whatOnlyANewerProgramKnowsOrNobodyCanReadIsPassedOverAndCounted() throws Exception {
        webhook("/fine", List.of(Event.PRICE), Optional.empty());
        tell(price(), price());
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute("update change set kind = 'price_guessed', body = '\\xa03807' where id = 1");
            statement.execute("update change set body = '\\xffffffff' where id = 2");
        }
        tell(price());
        send(HERE, "delivered", 1);
        assertThat(receiver.at("/fine")).hasSize(1);
        assertThat(TableRows.of(database.database(), "select lost from webhook"))
                .containsExactly("2");
    }

    @Test
    void privateAddressesAreNotConnectedTo() throws Exception {
        webhook("/fine", List.of(Event.PRICE_CHANGE), Optional.empty());
        tell(price());
        send(AddressPolicy.publicOnly(), "dead", 1);
        assertThat(said("/fine")).contains("127.0.0.1 lies in 127.0.0.0/8 (loopback)");
        assertThat(receiver.deliveries).isEmpty();
    }

    @Test
    void whatWasToldIsToldAgainFromWhereSomebodySays() throws Exception {
        var created = webhook("/fine", List.of(Event.OPERATOR), Optional.empty());
        tell(commission(NODE, 1, 2), commission(OTHER, 1, 2));
        send(HERE, "delivered", 2);
        try (var db = database.connect()) {
            assertThat(Webhooks.replay(db, key, created.webhook().id(), 1)).isEqualTo(new Webhooks.Replay.From(1));
        }
        send(HERE, "delivered", 2);
        assertThat(receiver.at("/fine")).hasSize(3);
        assertThat(receiver.at("/fine").get(2).headers().get("webhook-id"))
                .isEqualTo(receiver.at("/fine").get(1).headers().get("webhook-id"));
    }

    @Test
    void whatEndsSoonIsToldWhenAnEpochBegins() throws Exception {
        byte[] owner = new byte[32];
        Arrays.fill(owner, (byte) 0xab);
        try (var db = database.connect();
                var insert = db.prepareStatement("""
                        insert into blob_object (object_id, blob_id, kind, deletable, origin, end_epoch, event_blob, owner_kind, owner)
                        values (?, ?, 'own', false, 'registered', ?, false, 'address', ?)
                        """)) {
            for (int end = 9; end <= 11; end++) {
                byte[] id = new byte[32];
                id[0] = (byte) end;
                insert.setBytes(1, id);
                insert.setBytes(2, id);
                insert.setInt(3, end);
                insert.setBytes(4, owner);
                insert.executeUpdate();
            }
            Webhooks.create(
                    db,
                    key,
                    new Webhooks.Wanted(
                            receiver.url("/fine"),
                            List.of(Event.EXPIRY),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(NODE),
                            Optional.of(2),
                            0.01));
        }
        var began = Change.newBuilder();
        began.getEpochBeganBuilder().setEpoch(8);
        tell(began.build());
        send(HERE, "delivered", 1);
        assertThat(receiver.at("/fine"))
                .singleElement()
                .satisfies(each -> assertThat(each.body()).contains("\"epoch\":8,\"endEpoch\":10", "0x0a00"));
    }

    @Test
    void oneSendsAtATime() throws Exception {
        var sender = sender(HERE);
        try (var _ = sender.take().orElseThrow()) {
            assertThat(sender(HERE).take()).isEmpty();
        }
        sender.take().orElseThrow().close();
    }

    private Webhooks.Created webhook(String path, List<Event> events, Optional<String> node) throws Exception {
        try (var db = database.connect()) {
            return Webhooks.create(
                            db,
                            key,
                            new Webhooks.Wanted(
                                    receiver.url(path),
                                    events,
                                    Optional.empty(),
                                    node,
                                    Optional.empty(),
                                    Optional.empty(),
                                    0.01))
                    .orElseThrow();
        }
    }

    private void tell(Change... changes) throws Exception {
        try (var db = database.connect()) {
            db.setAutoCommit(false);
            Outbox.append(db, List.of(changes));
            db.commit();
        }
    }

    private static Change commission(String node, int before, int rate) {
        var change = Change.newBuilder();
        change.getCommissionAnnouncedBuilder()
                .setNodeId(node)
                .setRateBefore(before)
                .setRate(rate);
        return change.build();
    }

    private static Change price() {
        var change = Change.newBuilder();
        change.getPriceChangedBuilder().setEpoch(7).setStoragePrice(5).setStoragePriceBefore(4);
        return change.build();
    }

    private WebhookSender sender(AddressPolicy addresses) {
        return sender(addresses, Duration.ofMillis(1));
    }

    private WebhookSender sender(AddressPolicy addresses, Duration firstPause) {
        return new WebhookSender(
                database.database(),
                new WebhookSender.Settings(
                        firstPause,
                        firstPause.multipliedBy(10),
                        4,
                        Duration.ofMillis(700),
                        addresses,
                        Duration.ofDays(1)),
                Clock.systemUTC(),
                new Random(1));
    }

    /** Sends until so many deliveries are in a state. */
    private void send(AddressPolicy addresses, String state, int count) throws Exception {
        try (var turn = sender(addresses).take().orElseThrow()) {
            while (!TableRows.of(
                            database.database(),
                            "select count(*) from webhook_delivery where state = '%s'".formatted(state))
                    .equals(List.of(Integer.toString(count)))) {
                turn.step();
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private String said(String path) throws Exception {
        return TableRows.of(
                        database.database(),
                        "select d.said from webhook_delivery d join webhook using (webhook_id) where url = '%s'"
                                .formatted(receiver.url(path)))
                .getFirst();
    }

    /** By the book, not by the sender's code. */
    private static String signature(byte[] secret, Receiver.Delivery delivery) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        String signed = delivery.headers().get("webhook-id") + "."
                + delivery.headers().get("webhook-timestamp") + "." + delivery.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }
}
