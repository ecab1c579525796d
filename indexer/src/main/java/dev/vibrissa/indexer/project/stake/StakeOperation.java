package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did with stake.
 *
 * <p>No event tells, and calls may be hidden in contracts of others. But principal is never made or lost: what shrinks
 * while another position of the same node and activation appears was split, what ends while another grows was joined.
 * What is left over came in as new stake or was paid out. Calls that are seen decide where that would fit twice.
 */
sealed interface StakeOperation {
    SuiAddress objectId();

    /** New stake; the position may hold more, joined in the same transaction. */
    record Stake(SuiAddress objectId, Position position, long principal) implements StakeOperation {}

    /** A withdrawal was asked for. */
    record Request(SuiAddress objectId, Position position) implements StakeOperation {}

    /** Paid out. */
    record Withdraw(SuiAddress objectId, Position position, long principal) implements StakeOperation {}

    /** A part became a position of its own. */
    record Split(SuiAddress objectId, SuiAddress part, Position position) implements StakeOperation {}

    /** A position ended in another. */
    record Join(SuiAddress objectId, SuiAddress joined, Position position) implements StakeOperation {}

    /** Went to another holder. */
    record Move(SuiAddress objectId, Position before, Position after) implements StakeOperation {}

    /**
     * A position before and after a transaction.
     *
     * @param before null if it began
     * @param after null if it ended
     */
    record Change(
            SuiAddress objectId,
            @Nullable Position before,
            @Nullable Position after) {
        private long gained() {
            return (after == null ? 0 : after.principal()) - (before == null ? 0 : before.principal());
        }
    }

    /**
     * @param splits {@code staked_wal::split} is seen to be called
     * @param joins {@code staked_wal::join} is seen to be called
     */
    static List<StakeOperation> of(List<Change> changes, boolean splits, boolean joins) {
        return new Reading(changes, splits, joins).read();
    }

    /** Matches what shrank with what appeared, and what ended with what grew. */
    final class Reading {
        private final List<Change> changes;
        private final boolean splits;
        private final boolean joins;
        private final List<StakeOperation> operations = new ArrayList<>();
        /** Principal that a position gained, or lost if negative, and that is not explained yet. */
        private final SequencedMap<SuiAddress, Long> unexplained = new LinkedHashMap<>();

        private Reading(List<Change> changes, boolean splits, boolean joins) {
            this.changes = changes;
            this.splits = splits;
            this.joins = joins;
            changes.forEach(each -> unexplained.put(each.objectId(), each.gained()));
        }

        private List<StakeOperation> read() {
            for (Change each : changes) {
                if (each.before() != null && each.after() == null) {
                    joined(each.objectId(), each.before());
                }
            }
            for (Change each : changes) {
                if (each.before() == null && each.after() != null) {
                    began(each.objectId(), each.after());
                }
            }
            for (Change each : changes) {
                if (each.before() != null && each.after() == null && left(each.objectId()) != 0) {
                    operations.add(new StakeOperation.Withdraw(each.objectId(), each.before(), -left(each.objectId())));
                } else if (each.before() != null && each.after() != null) {
                    stayed(each.objectId(), each.before(), each.after());
                }
            }
            return List.copyOf(operations);
        }

        private long left(SuiAddress id) {
            return unexplained.getOrDefault(id, 0L);
        }

        private void joined(SuiAddress id, Position position) {
            long principal = -left(id);
            // One that grew by as much was joined with; one that began may as well be new stake.
            first(each -> each.after() != null
                            && each.before() != null
                            && each.after().isLike(position)
                            && left(each.objectId()) >= principal)
                    .or(() -> joins
                            ? first(each -> each.after() != null && each.after().isLike(position))
                            : Optional.empty())
                    .ifPresent(into -> {
                        explain(id, principal);
                        explain(into, -principal);
                        operations.add(new StakeOperation.Join(into, id, position));
                    });
        }

        private void began(SuiAddress id, Position position) {
            long principal = left(id);
            // Of one that ended something must be left to be paid out.
            var source = first(each -> each.after() != null
                            && each.before() != null
                            && (each.before().isLike(position) || each.after().isLike(position))
                            && -left(each.objectId()) >= principal)
                    .or(() -> splits
                            ? first(each -> each.after() == null
                                    && each.before() != null
                                    && each.before().isLike(position)
                                    && -left(each.objectId()) > principal)
                            : Optional.empty());
            if (source.isEmpty()) {
                operations.add(new StakeOperation.Stake(id, position, principal));
            } else {
                explain(source.get(), principal);
                operations.add(new StakeOperation.Split(source.get(), id, position));
            }
            explain(id, -principal);
        }

        private void stayed(SuiAddress id, Position before, Position after) {
            if (before.withdrawEpoch() == null && after.withdrawEpoch() != null) {
                operations.add(new StakeOperation.Request(id, after));
            }
            if (!before.isHeldLike(after)) {
                operations.add(new StakeOperation.Move(id, before, after));
            }
        }

        private Optional<SuiAddress> first(Predicate<Change> fits) {
            return changes.stream().filter(fits).map(Change::objectId).findFirst();
        }

        private void explain(SuiAddress id, long principal) {
            unexplained.merge(id, principal, Long::sum);
        }
    }
}
