package dev.vibrissa.changes.webhook;

import dev.vibrissa.changes.Subject;
import dev.vibrissa.changes.Told;
import dev.vibrissa.changes.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who wants to be told.
 *
 * @param epochs of expiry: so many epochs before the end
 * @param leastDrop of score_drop, a share between 0 and 1
 * @param after the last change that was looked at
 * @param pause after a failure; empty while somebody answers there
 */
public record Webhook(
        String id,
        String keyId,
        String url,
        List<Event> events,
        Optional<String> blobId,
        Optional<String> nodeId,
        Optional<String> account,
        Optional<Integer> epochs,
        double leastDrop,
        long after,
        Optional<Pause> pause,
        Instant createdAt) {

    /**
     * Nothing is tried before {@code until}.
     *
     * @param failures in a row, whatever was to be delivered
     * @param reason what the last attempt came to
     */
    public record Pause(Instant until, int failures, String reason) {}

    /** The events that a change is for this webhook. */
    List<Event> of(Told told) {
        if (!isAbout(told.subject())) {
            return List.of();
        }
        return events.stream().filter(each -> each.is(told, leastDrop)).toList();
    }

    /** A filter narrows what has such a thing: prices have no node. */
    private boolean isAbout(Subject subject) {
        return nodeId.map(each -> subject.nodes().isEmpty() || subject.nodes().contains(each))
                        .orElse(true)
                && blobId.map(each -> subject.blobId().isEmpty()
                                || subject.blobId().get().equals(each))
                        .orElse(true)
                && account.map(each -> subject.topic() != Topic.BLOB
                                || subject.accounts().contains(each))
                        .orElse(true);
    }
}
