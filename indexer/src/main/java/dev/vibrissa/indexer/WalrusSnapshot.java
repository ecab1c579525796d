package dev.vibrissa.indexer;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.StoredObject;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The state of Walrus as full nodes report it. The System and the Staking object name the version of their inner state,
 * which is the key of its dynamic field; Staking's names the pools of three committees, and the table of all.
 */
public final class WalrusSnapshot implements Ingest.Snapshot {
    private static final Logger LOG = Logger.getLogger(WalrusSnapshot.class);

    private final WalrusNetwork network;

    public WalrusSnapshot(WalrusNetwork network) {
        this.network = network;
    }

    @Override
    public List<Bytes> before(CheckpointSource source, long first) throws InterruptedException {
        var shared = ask(
                source,
                first,
                Map.of(
                        network.objects().system(),
                        WalrusSystem.class,
                        network.objects().staking(),
                        Staking.class));
        var inner = new HashMap<SuiAddress, Class<? extends WalrusObject>>();
        one(shared, WalrusSystem.class)
                .ifPresent(
                        system -> inner.put(FieldKey.u64(system.version()).under(system.id()), SystemStateInner.class));
        one(shared, Staking.class)
                .ifPresent(
                        staking -> inner.put(FieldKey.u64(staking.version()).under(staking.id()), StakingInner.class));
        var states = ask(source, first, inner);
        var pools = new HashMap<SuiAddress, Class<? extends WalrusObject>>();
        Optional<StakingInner> staking = one(states, StakingInner.class);
        if (staking.isPresent()) {
            pools(source, staking.get()).forEach(id -> pools.put(id, StakingPool.class));
        }
        var objects = new ArrayList<>(states.values());
        objects.addAll(ask(source, first, pools).values());
        LOG.infof("snapshot checkpoint=%d objects=%d", first, objects.size());
        return List.copyOf(objects);
    }

    /** Pools outside of all committees only a listing tells, which not every node gives. */
    private static Set<SuiAddress> pools(CheckpointSource source, StakingInner staking) throws InterruptedException {
        var pools = new LinkedHashSet<SuiAddress>();
        pools.addAll(staking.previousCommittee().shards().keySet());
        pools.addAll(staking.committee().shards().keySet());
        staking.nextCommittee()
                .ifPresent(committee -> pools.addAll(committee.shards().keySet()));
        pools.addAll(source.objectsIn(staking.pools().id()));
        return pools;
    }

    private <T extends WalrusObject> Optional<T> one(Map<SuiAddress, Bytes> objects, Class<T> type) {
        return objects.values().stream()
                .flatMap(bcs -> value(bcs, type).stream())
                .findFirst();
    }

    private Map<SuiAddress, Bytes> ask(
            CheckpointSource source, long first, Map<SuiAddress, Class<? extends WalrusObject>> types)
            throws InterruptedException {
        return types.isEmpty()
                ? Map.of()
                : source.objectsBefore(
                        first,
                        types.keySet(),
                        (id, bcs) -> value(bcs, types.getOrDefault(id, WalrusObject.class))
                                .isPresent());
    }

    private <T extends WalrusObject> Optional<T> value(Bytes bcs, Class<T> type) {
        try {
            return StoredObject.reported(bcs, network.walrus(), network)
                    .after()
                    .flatMap(ObjectState::value)
                    .filter(type::isInstance)
                    .map(type::cast);
        } catch (BcsException _) { // no object of Walrus's
            return Optional.empty();
        }
    }
}
