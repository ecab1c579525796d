package dev.vibrissa.verifier.probe;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.node.Blame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Judges a probe by its answers: a pure function, the heart of the method.
 *
 * <p>In this order: a proof outweighs everything else that was said. What only the chain can explain is not the node's.
 * Wrong bytes count at once, for no network makes them under the node's key. A refusal counts when the node has been asked
 * as often as the method says and said nothing else. Silence never counts by one observer's word.
 */
public final class Judge {
    /** What the method allows. */
    public record Limits(int attempts, Duration slowBase, long slowBytesPerSecond) {
        /** How long a reader would wait for so many bytes. */
        Duration allowed(long bytes) {
            return slowBase.plusMillis(bytes * 1000 / slowBytesPerSecond);
        }
    }

    private final Limits limits;

    public Judge(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param member whose draw it is; answers may also be of the shard's owner in the epoch before
     * @param answers in the order in which they were asked for
     */
    public Verdict judge(SuiAddress member, List<Answer> answers, Circumstances circumstances) {
        List<Answer> own =
                answers.stream().filter(each -> each.nodeId().equals(member)).toList();
        Optional<Answer> proof =
                own.stream().filter(each -> each.said() == Said.PROVEN).findFirst();
        if (proof.isPresent()) {
            return served(own.getFirst(), proof.get());
        }
        if (circumstances.gone()) {
            return new Verdict.Inconclusive("the blob was deleted or called invalid meanwhile", Blame.CHAIN);
        }
        Optional<Answer> wrong = own.stream()
                .filter(each -> each.said() == Said.FALSE)
                .max((one, other) -> Boolean.compare(one.pinned(), other.pinned()));
        if (wrong.isPresent()) {
            return new Verdict.Corrupt(wrong.get().detail(), wrong.get().pinned() ? Blame.NODE : Blame.NODE_OR_NETWORK);
        }
        if (own.isEmpty()) {
            return new Verdict.Inconclusive("not asked", Blame.PROBER);
        }
        return unserved(own, circumstances);
    }

    /** Whether an outage of our own network would change the verdict, so that it waits until there is known to be none. */
    public boolean hangsOnOwnNetwork(SuiAddress member, List<Answer> answers, Circumstances circumstances) {
        return !judge(member, answers, circumstances.withOwnOutage(true))
                .equals(judge(member, answers, circumstances.withOwnOutage(false)));
    }

    /** A reader waits from the first question on: who drops that and answers the next has had the time between. */
    private Verdict served(Answer first, Answer proof) {
        Duration latency = Duration.between(first.askedAt(), proof.askedAt())
                .plus(proof.timing().total());
        Duration allowed = limits.allowed(proof.timing().bodyBytes());
        return latency.compareTo(allowed) > 0 ? new Verdict.Slow(latency, allowed) : new Verdict.Served(latency);
    }

    /** By the last answer, unless an earlier one explains more. */
    private Verdict unserved(List<Answer> own, Circumstances circumstances) {
        for (Answer answer : own) {
            switch (answer.said()) {
                case BLOCKED -> {
                    return new Verdict.RefusedByPolicy();
                }
                case IMPOSSIBLE -> {
                    return new Verdict.Inconclusive(answer.detail(), Blame.CLIENT);
                }
                case PROVEN,
                        NOT_FOUND,
                        MISSING_SLIVERS,
                        OTHER_VIEW,
                        BUSY,
                        REFUSED,
                        FALSE,
                        NEIGHBOUR_EPOCH,
                        OTHER_IDENTITY,
                        UNUSABLE_RECORD,
                        SILENT,
                        UNASKED -> {}
            }
        }
        Answer last = own.getLast();
        int attempts = own.size();
        return switch (last.said()) {
            case NOT_FOUND, MISSING_SLIVERS, OTHER_VIEW, NEIGHBOUR_EPOCH ->
                circumstances.shardsMoving() ? new Verdict.EpochSkew(last.detail()) : missing(own, last);
            case UNUSABLE_RECORD -> new Verdict.Unreachable(last.said(), attempts, Blame.NODE);
            case OTHER_IDENTITY -> ours(circumstances).orElseGet(() -> new Verdict.WrongIdentity(last.detail()));
            case BUSY, REFUSED, SILENT ->
                ours(circumstances)
                        .orElseGet(() -> new Verdict.Unreachable(last.said(), attempts, Blame.NODE_OR_NETWORK));
            case UNASKED -> new Verdict.Inconclusive(last.detail(), Blame.PROBER);
            case BLOCKED, IMPOSSIBLE, PROVEN, FALSE ->
                throw new IllegalStateException("%s was judged before".formatted(last.said()));
        };
    }

    /**
     * Counts against the node only if it was asked often enough, and said so itself at the end, and more than once: one busy
     * answer between does not take its word back.
     */
    private Verdict missing(List<Answer> own, Answer last) {
        long itsWord = own.stream()
                .filter(each -> each.pinned()
                        && switch (each.said()) {
                            case NOT_FOUND, MISSING_SLIVERS, OTHER_VIEW, NEIGHBOUR_EPOCH -> true;
                            case PROVEN,
                                    BLOCKED,
                                    BUSY,
                                    REFUSED,
                                    FALSE,
                                    IMPOSSIBLE,
                                    OTHER_IDENTITY,
                                    UNUSABLE_RECORD,
                                    SILENT,
                                    UNASKED -> false;
                        })
                .count();
        boolean contained = own.size() >= limits.attempts() && itsWord >= Math.min(2, limits.attempts());
        return new Verdict.Missing(
                last.said(), own.size(), last.pinned() && contained ? Blame.NODE : Blame.NODE_OR_NETWORK);
    }

    private static Optional<Verdict> ours(Circumstances circumstances) {
        return circumstances.ownOutage()
                ? Optional.of(new Verdict.Inconclusive("our own network was out", Blame.PROBER))
                : Optional.empty();
    }
}
