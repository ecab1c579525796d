package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.Calls;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did with stake.
 *
 * <p>No event tells, and calls may be hidden in contracts of others. But principal is never made or lost: what shrinks
 * while another position of the same node and activation appears was split, what ends while another grows was joined.
 * What is left over came in as new stake or was paid out. Calls that are seen decide where that would fit twice. A part
 * that is made and used up within the transaction leaves no object: only what others lost and gained tells of it.
 */
sealed interface StakeOperation {
    SuiAddress objectId();

    /** Seen for the first time: it is older than our history. What else the transaction did with it comes after. */
    record Observe(SuiAddress objectId, Position position) implements StakeOperation {}

    /** New stake; the position may hold more, joined in the same transaction. */
    record Stake(SuiAddress objectId, Position position, long principal) implements StakeOperation {}

    /** A withdrawal was asked for. */
    record Request(SuiAddress objectId, Position position) implements StakeOperation {}

    /** Paid out, wholly or in part. */
    record Withdraw(SuiAddress objectId, Position position, long principal) implements StakeOperation {}

    /**
     * A part became a position of its own.
     *
     * @param part or the position that the part went into at once; null if it went unseen into another object
     */
    record Split(SuiAddress objectId, @Nullable SuiAddress part, Position position) implements StakeOperation {}

    /**
     * A position ended in another.
     *
     * @param joined or the position that a part of was joined
     */
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
     * What the calls tell, as far as the transaction makes them itself and not another contract.
     *
     * @param withdrawn what {@code staking::withdraw_stake} took
     * @param joined what {@code staked_wal::join} took, and what it grew
     * @param parts what {@code staked_wal::split} took from where
     * @param splits that is called, with whatever arguments
     * @param joins so is the other
     * @param withdraws so is {@code staking::withdraw_stake}
     * @param hidden objects that were made and put into others at once: of what type, nothing shows
     */
    record Told(
            Set<SuiAddress> withdrawn,
            Map<SuiAddress, SuiAddress> joined,
            List<Part> parts,
            boolean splits,
            boolean joins,
            boolean withdraws,
            Set<SuiAddress> hidden) {
        static final Told NOTHING = new Told(Set.of(), Map.of(), List.of(), false, false, false, Set.of());

        static Told of(Calls calls, List<ObjectFact> objects) {
            var withdrawn = new HashSet<SuiAddress>();
            var withdrawals = calls.to("staking", "withdraw_stake");
            for (var call : withdrawals) {
                calls.object(call, 1).ifPresent(withdrawn::add);
            }
            var joined = new HashMap<SuiAddress, SuiAddress>();
            var joins = calls.to("staked_wal", "join");
            for (var call : joins) {
                calls.object(call, 1)
                        .ifPresent(taken -> calls.object(call, 0).ifPresent(grown -> joined.put(taken, grown)));
            }
            var parts = new ArrayList<Part>();
            var splits = calls.to("staked_wal", "split");
            for (var call : splits) {
                calls.object(call, 0)
                        .ifPresent(from -> calls.value(call, 1, BcsReader::u64)
                                .ifPresent(amount -> parts.add(new Part(from, amount))));
            }
            var hidden = objects.stream()
                    .filter(object -> object.change() == CheckpointFacts.Change.FLEETING)
                    .map(ObjectFact::id)
                    .collect(Collectors.toSet());
            return new Told(
                    withdrawn, joined, parts, !splits.isEmpty(), !joins.isEmpty(), !withdrawals.isEmpty(), hidden);
        }
    }

    record Part(SuiAddress from, long principal) {}

    static List<StakeOperation> of(List<Change> changes, Told told) {
        return new Reading(changes, told).read();
    }

    /** Matches what shrank with what appeared, and what ended with what grew. */
    final class Reading {
        private final List<Change> changes;
        private final Told told;
        private final List<Part> parts;
        private final List<StakeOperation> operations = new ArrayList<>();
        /** Principal that a position gained, or lost if negative, and that is not explained yet. */
        private final SequencedMap<SuiAddress, Long> unexplained = new LinkedHashMap<>();

        private Reading(List<Change> changes, Told told) {
            this.changes = changes;
            this.told = told;
            this.parts = new ArrayList<>(told.parts());
            changes.forEach(each -> unexplained.put(each.objectId(), each.gained()));
        }

        private List<StakeOperation> read() {
            for (Change each : changes) {
                if (each.before() != null
                        && each.after() == null
                        && !told.withdrawn().contains(each.objectId())) {
                    joined(each.objectId(), each.before());
                }
            }
            for (Change each : changes) {
                if (each.before() == null && each.after() != null) {
                    began(each.objectId(), each.after());
                }
            }
            for (Change from : changes) {
                for (Change into : changes) {
                    passed(from, into);
                }
            }
            for (Change each : changes) {
                rest(each);
                if (each.before() != null && each.after() != null) {
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
            toldTarget(id)
                    .or(() -> first(each -> each.after() != null
                            && each.before() != null
                            && each.after().isLike(position)
                            && left(each.objectId()) >= principal))
                    .or(() -> told.joins()
                            ? first(each -> each.after() != null && each.after().isLike(position))
                            : Optional.empty())
                    .ifPresent(into -> {
                        explain(id, principal);
                        explain(into, -principal);
                        operations.add(new StakeOperation.Join(into, id, position));
                    });
        }

        private Optional<SuiAddress> toldTarget(SuiAddress id) {
            return Optional.ofNullable(told.joined().get(id)).filter(unexplained::containsKey);
        }

        private Optional<SuiAddress> toldSource(long principal) {
            var part = parts.stream()
                    .filter(each -> each.principal() == principal && unexplained.containsKey(each.from()))
                    .findFirst();
            part.ifPresent(parts::remove);
            return part.map(Part::from);
        }

        private void began(SuiAddress id, Position position) {
            long principal = left(id);
            if (principal <= 0) {
                return; // all of it was joined
            }
            // Of one that ended something must be left to be paid out.
            var source = toldSource(principal)
                    .or(() -> first(each -> each.after() != null
                            && each.before() != null
                            && (each.before().isLike(position) || each.after().isLike(position))
                            && -left(each.objectId()) >= principal))
                    .or(() -> told.splits()
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

        /** A part that was split off one and joined with another of its kind in the same transaction. */
        private void passed(Change from, Change into) {
            long principal = Math.min(-left(from.objectId()), left(into.objectId()));
            if (principal <= 0
                    || from.before() == null
                    || from.after() == null
                    || into.before() == null
                    || into.after() == null
                    || !(from.before().isLike(into.before()) || from.after().isLike(into.after()))) {
                return;
            }
            var part = from.before().withPrincipal(principal);
            operations.add(new StakeOperation.Split(from.objectId(), into.objectId(), part));
            operations.add(new StakeOperation.Join(into.objectId(), from.objectId(), part));
            explain(from.objectId(), principal);
            explain(into.objectId(), -principal);
        }

        /** What no other position explains. */
        private void rest(Change change) {
            var id = change.objectId();
            long left = left(id);
            var before = change.before() == null ? change.after() : change.before();
            var after = change.after() == null ? change.before() : change.after();
            if (left == 0 || before == null || after == null) {
                return;
            }
            if (change.before() != null
                    && change.after() != null
                    && before.holder().equals("wrapped")) {
                return; // inside the other object it changed unseen, and before
            }
            if (left > 0) {
                operations.add(new StakeOperation.Stake(id, after, left));
            } else if (change.before() != null
                    && change.after() != null
                    && !told.withdraws()
                    && !told.hidden().isEmpty()) {
                SuiAddress part =
                        told.hidden().size() == 1 ? told.hidden().iterator().next() : null;
                operations.add(new StakeOperation.Split(
                        id, part, before.withPrincipal(-left).held("wrapped", null, null)));
            } else {
                operations.add(new StakeOperation.Withdraw(id, before, -left));
            }
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
