package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.Calls;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.project.money.EpochChange;
import dev.vibrissa.indexer.project.money.Slashing;
import dev.vibrissa.indexer.project.stake.OperatorActs.Acts;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochParametersSelected;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Pools, positions, rates and what operators do with them. */
public final class StakeProjection {
    private static final Set<String> TYPES = Set.of(
            Pools.TYPE,
            Pools.LOCK_TYPE,
            Pools.METADATA_TYPE,
            Pools.RATE_TYPE,
            Caps.TYPE,
            Positions.TYPE,
            Positions.FIELD_TYPE,
            VotingEnds.TYPE);

    private final Connection db;
    private final Pools pools;
    private final Caps caps;
    private final Positions positions;
    private final Rates rates;
    private final Operations operations;
    private final OperatorActs acts = new OperatorActs();
    private final VotingEnds votingEnds;
    private final StakeReconciliation reconciliation = new StakeReconciliation();

    private StakeProjection(Connection db, List<SuiAddress> touched) throws SQLException {
        this.db = db;
        this.pools = Pools.load(db);
        this.caps = Caps.load(db);
        this.positions = Positions.load(db, touched);
        this.rates = new Rates(db);
        this.operations = new Operations(rates);
        this.votingEnds = new VotingEnds(db);
    }

    /** Folds checkpoints in order, in the caller's transaction. */
    public static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        Participation.count(db, batch);
        var touched = new ArrayList<SuiAddress>();
        boolean concerned = false;
        for (CheckpointFacts each : batch) {
            touched.addAll(Positions.among(each.reported()));
            concerned |= !each.reported().isEmpty();
            for (TransactionFacts transaction : each.transactions()) {
                touched.addAll(Positions.among(transaction.objects()));
                concerned |= concerns(transaction);
            }
        }
        if (!concerned && touched.isEmpty()) {
            return;
        }
        var projection = new StakeProjection(db, touched);
        for (CheckpointFacts each : batch) {
            projection.reported(Place.before(each), each.reported());
            for (TransactionFacts transaction : each.transactions()) {
                var at = Place.of(each, transaction);
                if (transaction.error().isEmpty()) {
                    projection.happened(at, transaction, each.packagesAfter());
                } else {
                    // Nothing happened, but positions that were taken as inputs have a new version.
                    projection.operations.observed(at, projection.positions.observed(transaction.objects()));
                    projection.positions.follow(at, transaction.objects());
                }
            }
        }
        projection.write();
    }

    private static boolean concerns(TransactionFacts transaction) {
        return transaction.objects().stream().anyMatch(object -> TYPES.contains(object.type()))
                || transaction.calls().stream().anyMatch(call -> call.startsWith("staking::"))
                || transaction.events().stream()
                        .anyMatch(event -> event.event().orElse(null) instanceof EpochChangeStart);
    }

    private void reported(Place at, List<ObjectFact> facts) throws SQLException {
        pools.follow(at, facts);
        for (ObjectFact fact : facts) {
            operations.observed(at, positions.reported(at, fact));
            follow(at, fact);
        }
    }

    private void follow(Place at, ObjectFact fact) {
        switch (fact.type()) {
            case Pools.RATE_TYPE -> {
                if (fact.change() == Change.CREATED || fact.change() == Change.OBSERVED) {
                    pools.parent(fact).ifPresent(node -> rates.follow(at, node, fact));
                }
            }
            case Caps.TYPE -> caps.follow(at, fact);
            case VotingEnds.TYPE -> votingEnds.follow(fact);
            default -> {}
        }
    }

    private void happened(Place at, TransactionFacts transaction, PackageChain packages) throws SQLException {
        var turns = pools.follow(at, transaction.objects());
        transaction.objects().forEach(fact -> follow(at, fact));
        var start = transaction.events().stream()
                .flatMap(event -> event.event().stream())
                .filter(EpochChangeStart.class::isInstance)
                .map(event -> ((EpochChangeStart) event).epoch())
                .findFirst();
        boolean epochTurns = start.isPresent();
        if (epochTurns) {
            var change = EpochChange.of(transaction, start.get());
            reconciliation.turned(at, start.get(), turns, rates);
            reconciliation.rewarded(at, change, caps);
        }

        var calls = Calls.of(transaction, packages);
        var done = positions.observed(transaction.objects());
        var changes = positions.follow(at, transaction.objects());
        done.addAll(StakeOperation.of(changes, StakeOperation.Told.of(calls, transaction.objects())));
        operations.follow(at, done, changes, turns, pools.epoch(), epochTurns);

        acts.follow(
                new Acts(at, turns, Slashing.of(transaction, packages).burned().keySet(), epochTurns),
                calls,
                pools,
                caps);
        for (EventFact event : transaction.events()) {
            if (event.event().orElse(null) instanceof EpochParametersSelected(long nextEpoch)) {
                votingEnds.ended(at, nextEpoch, staking(transaction));
            }
        }
    }

    private static Optional<StakingInner> staking(TransactionFacts transaction) {
        return transaction.objects().stream()
                .flatMap(object -> object.after().flatMap(ObjectState::value).stream())
                .filter(StakingInner.class::isInstance)
                .map(StakingInner.class::cast)
                .findFirst();
    }

    private void write() throws SQLException {
        pools.write(db);
        caps.write(db);
        positions.write(db);
        rates.write();
        operations.write(db);
        acts.write(db);
        votingEnds.write();
        reconciliation.write(db);
    }
}
