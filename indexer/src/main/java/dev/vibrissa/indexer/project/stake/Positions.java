package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The positions that a batch touches, and their new versions. */
final class Positions {
    static final String TYPE = "staked_wal::StakedWal";
    static final String FIELD_TYPE = "Field<staked_wal::StakedWal>";

    private final Map<SuiAddress, Position> current;
    private final TableRows versions = new TableRows(
            "stake_position",
            "object_id",
            "checkpoint",
            "tx_index",
            "tx_digest",
            "replaced_checkpoint",
            "holder",
            "owner",
            "held_inside",
            "node_id",
            "principal",
            "activation_epoch",
            "withdraw_epoch");

    private Positions(Map<SuiAddress, Position> current) {
        this.current = current;
    }

    static Positions load(Connection db, Collection<SuiAddress> ids) throws SQLException {
        var current = new HashMap<SuiAddress, Position>();
        try (PreparedStatement select = db.prepareStatement(
                "select * from stake_position where object_id = any(?) and replaced_checkpoint is null and holder <> 'gone'")) {
            select.setArray(1, Columns.byteas(db, ids));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    current.put(new SuiAddress(row.getBytes("object_id")), read(row));
                }
            }
        }
        return new Positions(current);
    }

    private static Position read(ResultSet row) throws SQLException {
        return new Position(
                row.getString("holder"),
                Columns.address(row, "owner"),
                Columns.address(row, "held_inside"),
                new SuiAddress(row.getBytes("node_id")),
                row.getBigDecimal("principal").longValue(),
                row.getLong("activation_epoch"),
                row.getObject("withdraw_epoch", Long.class));
    }

    /** Takes in what was reported to exist. */
    List<StakeOperation> reported(Place at, ObjectFact fact) {
        return staked(fact)
                .map(staked -> {
                    var position = after(fact, staked);
                    put(at, staked.id(), position);
                    return List.<StakeOperation>of(new StakeOperation.Observe(staked.id(), position));
                })
                .orElse(List.of());
    }

    /** Positions that existed before the transaction, and that nothing told of so far. */
    List<StakeOperation> observed(List<ObjectFact> facts) {
        var observed = new ArrayList<StakeOperation>();
        for (ObjectFact fact : facts) {
            if (fact.type().equals(TYPE) && fact.change() != Change.UNWRAPPED && !current.containsKey(fact.id())) {
                var before = before(fact);
                if (before != null) {
                    observed.add(new StakeOperation.Observe(fact.id(), before));
                }
            }
        }
        return observed;
    }

    /** Takes in what a transaction did, and tells it. */
    List<StakeOperation.Change> follow(Place at, List<ObjectFact> facts) {
        var changes = new LinkedHashMap<SuiAddress, StakeOperation.Change>();
        for (ObjectFact fact : facts) {
            if (fact.type().equals(TYPE) || fact.type().isEmpty() && current.containsKey(fact.id())) {
                var before = before(fact);
                var after = after(fact, before);
                if (before != null || after != null) {
                    changes.put(fact.id(), new StakeOperation.Change(fact.id(), before, after));
                }
            }
        }
        // Inside a dynamic field a position can still be read.
        for (ObjectFact fact : facts) {
            if (fact.type().equals(FIELD_TYPE) && fact.change().exists()) {
                staked(fact).ifPresent(staked -> {
                    var known = changes.get(staked.id());
                    var before = known == null ? current.get(staked.id()) : known.before();
                    changes.put(staked.id(), new StakeOperation.Change(staked.id(), before, after(fact, staked)));
                });
            }
        }
        changes.values().forEach(change -> {
            if (change.after() != null) {
                put(at, change.objectId(), change.after());
            } else if (change.before() != null) {
                version(at, change.objectId(), change.before().held("gone", null, null));
                current.remove(change.objectId());
            }
        });
        return List.copyOf(changes.values());
    }

    private @Nullable Position before(ObjectFact fact) {
        var known = current.get(fact.id());
        if (known != null) {
            return known;
        }
        if (fact.change() == Change.UNWRAPPED) {
            // It went into another object in the transaction that made it, which nothing shows.
            return staked(fact)
                    .map(staked ->
                            Position.of(staked, fact.after().orElseThrow()).held("wrapped", null, null))
                    .orElse(null);
        }
        return fact.before()
                .flatMap(state -> state.value()
                        .filter(StakedWal.class::isInstance)
                        .map(staked -> Position.of((StakedWal) staked, state)))
                .orElse(null);
    }

    private static @Nullable Position after(ObjectFact fact, @Nullable Position before) {
        return switch (fact.change()) {
            case WRAPPED ->
                before == null
                        ? null
                        : before.held("wrapped", null, fact.heldInside().orElse(null));
            case DELETED, FLEETING -> null;
            case CREATED, MUTATED, UNWRAPPED, OBSERVED ->
                staked(fact).map(staked -> after(fact, staked)).orElse(before);
        };
    }

    private static Position after(ObjectFact fact, StakedWal staked) {
        var position = Position.of(staked, fact.after().orElseThrow());
        return fact.id().equals(staked.id()) ? position : position.held("object", null, fact.id());
    }

    private static Optional<StakedWal> staked(ObjectFact fact) {
        return fact.after()
                .flatMap(ObjectState::value)
                .filter(StakedWal.class::isInstance)
                .map(StakedWal.class::cast);
    }

    private void put(Place at, SuiAddress id, Position position) {
        version(at, id, position);
        current.put(id, position);
    }

    private void version(Place at, SuiAddress id, Position position) {
        versions.version(
                id,
                at,
                position.holder(),
                position.owner(),
                position.heldInside(),
                position.nodeId(),
                Columns.unsigned(position.principal()),
                position.activationEpoch(),
                position.withdrawEpoch());
    }

    void write(Connection db) throws SQLException {
        versions.write(db);
    }

    /** The positions that facts may be about: a stray end of one is known by its id alone. */
    static List<SuiAddress> among(List<ObjectFact> facts) {
        var ids = new ArrayList<SuiAddress>();
        for (ObjectFact fact : facts) {
            if (fact.type().equals(TYPE) || fact.type().isEmpty() && fact.change() == Change.DELETED) {
                ids.add(fact.id());
            } else if (fact.type().equals(FIELD_TYPE)) {
                staked(fact).ifPresent(staked -> ids.add(staked.id()));
            }
        }
        return ids;
    }
}
