package dev.vibrissa.indexer.source;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for one checkpoint, round after round, until somebody has it or everybody said that he has not. Who said so is
 * asked again less and less often while others rest. Used by one thread.
 */
final class Search {
    private static final Backoff ASK_AGAIN = new Backoff(CheckpointSource.POLL_PAUSE, Duration.ofSeconds(30));
    private static final Duration SHORTEST_REST = Duration.ofMillis(10);

    private final Members members;
    private final long sequenceNumber;
    private final Ticker ticker;
    private final Map<Member, Settled> settled = new HashMap<>();

    /** Who answered, and has it not. */
    private record Settled(Answer answer, int times, long askAgainAt) {}

    Search(Members members, long sequenceNumber, Ticker ticker) {
        this.members = members;
        this.sequenceNumber = sequenceNumber;
        this.ticker = ticker;
    }

    /**
     * Asks one after the other of those that do not rest.
     *
     * @param everybody even where somebody says that it is not there yet
     */
    Optional<RawCheckpoint> round(Room room, boolean everybody) throws InterruptedException {
        for (Member member : members.byHealth()) {
            if (!everybody && isNotYet() && sequenceNumber > members.newestTip()) {
                break; // at the tip one word is enough, most of the time
            }
            if (!isDue(member)) {
                continue;
            }
            var answer = member.ask(sequenceNumber, room);
            switch (answer) {
                case Answer.Found(RawCheckpoint found) -> {
                    return Optional.of(found);
                }
                case Answer.NotYet _, Answer.Pruned _, Answer.Refused _ -> settle(member, answer);
                case Answer.Unavailable _ -> settled.remove(member);
            }
            room.giveBack();
        }
        return Optional.empty();
    }

    private boolean isDue(Member member) {
        Settled before = settled.get(member);
        return members.lie(member, sequenceNumber).isEmpty()
                && !member.health().isResting()
                && (before == null || ticker.nanos() - before.askAgainAt() >= 0);
    }

    private void settle(Member member, Answer answer) {
        Settled before = settled.get(member);
        int times = before == null ? 1 : before.times() + 1;
        long askAgainAt = ticker.nanos() + ASK_AGAIN.after(times).toNanos();
        settled.put(member, new Settled(answer, times, askAgainAt));
    }

    private boolean isSettled(Member member) {
        return settled.containsKey(member)
                || members.lie(member, sequenceNumber).isPresent();
    }

    /** Whether somebody expects it. */
    boolean isNotYet() {
        return settled.values().stream().anyMatch(each -> each.answer() instanceof Answer.NotYet);
    }

    /** Whether nobody is left who might have it: each lied, lacks it, or is of no use at all. */
    boolean isOver() {
        return members.all().stream().allMatch(this::isSettled);
    }

    /** Until one of those who are left has rested. */
    Duration pause() {
        return members.all().stream()
                .filter(each -> !isSettled(each))
                .map(each -> each.health().untilRested())
                .min(Comparator.naturalOrder())
                .filter(rest -> rest.compareTo(SHORTEST_REST) > 0)
                .orElse(SHORTEST_REST);
    }

    /** Why it was in vain. */
    SourceException fault() {
        var reasons = new ArrayList<String>();
        boolean isPruned = true;
        for (Member member : members.all()) {
            var lie = members.lie(member, sequenceNumber);
            Settled answer = settled.get(member);
            isPruned &= lie.isEmpty() && answer != null && answer.answer() instanceof Answer.Pruned;
            lie.map(each -> String.valueOf(each.getMessage()))
                    .or(() -> Optional.ofNullable(answer).flatMap(Search::reason))
                    .ifPresent(reasons::add);
        }
        String message = "nobody has checkpoint %d: %s".formatted(sequenceNumber, String.join("; ", reasons));
        return isPruned ? new PrunedCheckpointException(message) : new SourceException(message);
    }

    private static Optional<String> reason(Settled settled) {
        return switch (settled.answer()) {
            case Answer.Pruned(String reason) -> Optional.of(reason);
            case Answer.Refused(String reason) -> Optional.of(reason);
            case Answer.Found _, Answer.NotYet _, Answer.Unavailable _ -> Optional.empty();
        };
    }
}
