package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.object.NodeMetadata;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All pools as they stand, which are few, and their new versions. */
final class Pools {
    static final String TYPE = "staking_pool::StakingPool";
    static final String LOCK_TYPE = "Field<staking_pool::NewEpochCommissionBlockedForCollection, u64>";
    static final String METADATA_TYPE = "Field<node_metadata::NodeMetadata>";
    static final String RATE_TYPE = "Field<pool_exchange_rate::PoolExchangeRate>";

    private final Map<SuiAddress, PoolState> states = new HashMap<>();
    private final Map<SuiAddress, Profile> profiles = new HashMap<>();
    /** Node ids by the parents of their dynamic fields. */
    private final Map<SuiAddress, SuiAddress> byParent = new HashMap<>();

    private final TableRows operators = new TableRows(
            "operator",
            "node_id",
            "checkpoint",
            "tx_index",
            "registered_tx",
            "name",
            "exchange_rates_id",
            "extra_fields_id",
            "metadata_id");
    private final TableRows newProfiles = new TableRows("operator_profile", Profile.COLUMNS);
    private final TableRows newStates = new TableRows("pool_state", PoolState.COLUMNS);

    /**
     * What a transaction made of a pool.
     *
     * @param before null where it began, or was not known before our history
     */
    record Turn(SuiAddress nodeId, @Nullable PoolState before, PoolState after) {}

    static Pools load(Connection db) throws SQLException {
        var pools = new Pools();
        try (PreparedStatement select = db.prepareStatement("select * from operator");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var node = new SuiAddress(row.getBytes("node_id"));
                for (String parent : List.of("exchange_rates_id", "extra_fields_id", "metadata_id")) {
                    pools.byParent.put(new SuiAddress(row.getBytes(parent)), node);
                }
            }
        }
        try (PreparedStatement select =
                        db.prepareStatement("select * from operator_profile where replaced_checkpoint is null");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                pools.profiles.put(new SuiAddress(row.getBytes("node_id")), Profile.read(row));
            }
        }
        try (PreparedStatement select =
                        db.prepareStatement("select * from pool_state where replaced_checkpoint is null");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                pools.states.put(new SuiAddress(row.getBytes("node_id")), PoolState.read(row));
            }
        }
        return pools;
    }

    /** Takes in what a transaction did, and tells it pool by pool. */
    List<Turn> follow(Place at, List<ObjectFact> facts) {
        var turns = new LinkedHashMap<SuiAddress, Turn>();
        for (ObjectFact fact : facts) {
            if (value(fact) instanceof StakingPool pool) {
                if (!profiles.containsKey(pool.id())) {
                    register(at, fact, pool);
                }
                var known = states.get(pool.id());
                var before = known == null ? found(fact) : known;
                // The bag holds the locked amount and nothing else: if it is empty, nothing is locked.
                Long locked = isNothingLocked(pool) ? (Long) 0L : before == null ? null : before.commissionLocked();
                turn(turns, pool.id(), before, PoolState.of(pool, locked));
                profile(at, pool.id(), Profile.of(pool, profiles.get(pool.id())));
            }
        }
        for (ObjectFact fact : facts) {
            switch (fact.type()) {
                case LOCK_TYPE -> locked(fact, turns);
                case METADATA_TYPE -> described(at, fact);
                default -> {}
            }
        }
        turns.values().forEach(turn -> {
            states.put(turn.nodeId(), turn.after());
            newStates.version(turn.nodeId(), at, turn.after().values());
        });
        return List.copyOf(turns.values());
    }

    private static boolean isNothingLocked(StakingPool pool) {
        return pool.extraFields().size() == 0;
    }

    private static void turn(
            Map<SuiAddress, Turn> turns, SuiAddress node, @Nullable PoolState before, PoolState after) {
        turns.put(node, new Turn(node, before, after));
    }

    /** Of a pool that our history shows first as an input. */
    private static @Nullable PoolState found(ObjectFact fact) {
        return fact.before()
                .flatMap(ObjectState::value)
                .filter(StakingPool.class::isInstance)
                .map(StakingPool.class::cast)
                .map(pool -> PoolState.of(pool, isNothingLocked(pool) ? 0L : null))
                .orElse(null);
    }

    private void register(Place at, ObjectFact fact, StakingPool pool) {
        operators.add(
                pool.id(),
                at.checkpoint(),
                at.transactionIndex(),
                fact.change() == Change.CREATED ? at.transaction() : null,
                pool.nodeInfo().name(),
                pool.exchangeRates().id(),
                pool.extraFields().id(),
                pool.nodeInfo().metadata());
        byParent.put(pool.exchangeRates().id(), pool.id());
        byParent.put(pool.extraFields().id(), pool.id());
        byParent.put(pool.nodeInfo().metadata(), pool.id());
    }

    private void profile(Place at, SuiAddress node, Profile profile) {
        if (!profile.equals(profiles.put(node, profile))) {
            newProfiles.version(node, at, profile.values());
        }
    }

    private void described(Place at, ObjectFact fact) {
        var node = parent(fact);
        var profile = node.map(profiles::get);
        if (profile.isPresent() && value(fact) instanceof NodeMetadata metadata) {
            profile(at, node.get(), profile.get().with(metadata));
        }
    }

    private void locked(ObjectFact fact, Map<SuiAddress, Turn> turns) {
        var node = parent(fact);
        if (node.isEmpty() || fact.after().isEmpty()) {
            return;
        }
        long amount = locked(fact.after().get());
        var turn = turns.get(node.get());
        var state = turn == null ? states.get(node.get()) : turn.after();
        if (state != null) {
            turn(turns, node.get(), turn == null ? state : turn.before(), state.withLocked(amount));
        }
    }

    /** A field with a plain number as its value: the number comes last. */
    private static long locked(ObjectState field) {
        var contents = ((SuiObject.Move) SuiObject.decode(field.bcs().reader()).data()).contents();
        return contents.slice(contents.length() - Long.BYTES, Long.BYTES)
                .reader()
                .u64();
    }

    /** The node under whose pool a dynamic field lies. */
    Optional<SuiAddress> parent(ObjectFact fact) {
        return fact.lastState()
                .map(ObjectState::owner)
                .filter(Owner.ObjectOwner.class::isInstance)
                .flatMap(owner -> Optional.ofNullable(byParent.get(((Owner.ObjectOwner) owner).object())));
    }

    private static @Nullable Object value(ObjectFact fact) {
        return fact.after().flatMap(ObjectState::value).orElse(null);
    }

    /** A pool as it stands, with its node. */
    record Standing(SuiAddress nodeId, PoolState state) {}

    Optional<Standing> state(SuiAddress node) {
        return Optional.ofNullable(states.get(node)).map(state -> new Standing(node, state));
    }

    /** The Walrus epoch that the pools were last brought up to. */
    long epoch() {
        return states.values().stream().mapToLong(PoolState::latestEpoch).max().orElse(0);
    }

    void write(Connection db) throws SQLException {
        operators.write(db);
        newProfiles.write(db);
        newStates.write(db);
    }
}
