package dev.vibrissa.api.webhook;

import dev.vibrissa.changes.webhook.Event;
import dev.vibrissa.changes.webhook.Webhook;
import dev.vibrissa.changes.webhook.Webhooks;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is said of webhooks, and how they are asked for. */
final class WebhookViews {
    private WebhookViews() {}

    @Schema(name = "Webhook")
    record WebhookView(
            @Schema(examples = "wh_0123456789abcdef01234567")
            String webhookId,

            @Schema(examples = "https://example.com/hook") String url,

            @Schema(description = "What it is told of.") List<String> events,

            @Schema(description = "Of what is about blobs, only this one.") @Nullable
            String blobId,

            @Schema(description = "Of what is about nodes, only this one.") @Nullable
            String nodeId,

            @Schema(description = "Of what is about blobs, only those that this address sent, holds or held.") @Nullable
            String account,

            @Schema(description = "Of expiry: so many epochs before the end.", examples = "2") @Nullable
            Integer epochs,

            @Schema(description = "Of score_drop: the least fall of the bound that ranks.", examples = "0.01")
            double leastDrop,

            @Schema(description = "Changes up to here were looked at.", examples = "4711")
            String after,

            @Schema(description = "After a failure: nothing is tried before.", examples = "2026-11-22T07:00:20Z")
            @Nullable
            String pausedUntil,

            @Schema(description = "What the last attempt came to, while it pauses.", examples = "status 500") @Nullable
            String pauseReason,

            @Schema(description = "Attempts in a row that failed, while it pauses.", examples = "2")
            int failures,

            @Schema(examples = "2026-11-22T07:00:00Z") String createdAt) {
        static WebhookView of(Webhook webhook) {
            return new WebhookView(
                    webhook.id(),
                    webhook.url(),
                    webhook.events().stream().map(Event::word).toList(),
                    webhook.blobId().orElse(null),
                    webhook.nodeId().orElse(null),
                    webhook.account().orElse(null),
                    webhook.epochs().orElse(null),
                    webhook.leastDrop(),
                    Long.toString(webhook.after()),
                    webhook.pause().map(each -> each.until().toString()).orElse(null),
                    webhook.pause().map(Webhook.Pause::reason).orElse(null),
                    webhook.pause().map(Webhook.Pause::failures).orElse(0),
                    webhook.createdAt().toString());
        }
    }

    @Schema(name = "WebhookListing")
    record Listing(List<WebhookView> items) {}

    @Schema(name = "WebhookCreated")
    record Created(
            WebhookView webhook,

            @Schema(
                    description = "What deliveries are signed with; shown this once.",
                    examples = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")
            String secret) {}

    @Schema(name = "WebhookSecret")
    record Secret(String secret) {
        static String text(byte[] secret) {
            return "whsec_" + Base64.getEncoder().encodeToString(secret);
        }
    }

    @Schema(name = "WebhookDelivery")
    record DeliveryView(
            @Schema(description = "The header webhook-id.") String deliveryId,

            @Schema(description = "The change that it tells of.")
            String changeId,

            String event,

            @Schema(enumeration = {"waiting", "delivered", "dead"})
            String state,

            int attempts,

            @Schema(description = "The next attempt, while it waits.") @Nullable
            String dueAt,

            @Schema(description = "What the last attempt came to.") @Nullable
            String said,

            String updatedAt) {
        static DeliveryView of(Webhooks.Delivery delivery) {
            return new DeliveryView(
                    delivery.id(),
                    Long.toString(delivery.changeId()),
                    delivery.event(),
                    delivery.state(),
                    delivery.attempts(),
                    delivery.dueAt().map(Object::toString).orElse(null),
                    delivery.said().orElse(null),
                    delivery.updatedAt().toString());
        }
    }

    @Schema(name = "WebhookDeliveryListing")
    record Deliveries(List<DeliveryView> items) {}

    @Schema(name = "WebhookReplay")
    record Replayed(
            @Schema(description = "Deliveries begin with the change after this one.")
            String after) {}

    @Schema(name = "WebhookRedelivery")
    record Redelivered(
            @Schema(description = "So many are tried again.")
            int deliveries) {}

    /** What is asked for; what is not said has a default. */
    @Schema(name = "WebhookWanted")
    record Wanted(
            @Schema(examples = "https://example.com/hook", required = true) @Nullable
            String url,

            @Schema(
                    description =
                            "Any of expiry, score_drop, commission_raise, price_change, slashing_vote, node_leaving;"
                                    + " or all of a topic: blob, operator, score, price, governance.",
                    required = true)
            @Nullable
            List<String> events,

            @Nullable String blobId,
            @Nullable String nodeId,
            @Nullable String account,
            @Nullable Integer epochs,
            @Nullable Double leastDrop) {}
}
