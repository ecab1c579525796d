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
import java.util.Collection;
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
        var objects = new ArrayList<Bytes>();
        Optional<SuiAddress> systemState = one(source, first, network.objects().system(), WalrusSystem.class)
                .map(system -> FieldKey.u64(system.version()).under(system.id()));
        if (systemState.isPresent()) {
            objects.addAll(ask(source, first, Set.of(systemState.get()), SystemStateInner.class)
                    .values());
        }
        Optional<SuiAddress> stakingState = one(source, first, network.objects().staking(), Staking.class)
                .map(staking -> FieldKey.u64(staking.version()).under(staking.id()));
        if (stakingState.isPresent()) {
            var found = ask(source, first, Set.of(stakingState.get()), StakingInner.class);
            objects.addAll(found.values());
            for (Bytes bcs : found.values()) {
                var pools = pools(source, value(bcs, StakingInner.class).orElseThrow());
                objects.addAll(ask(source, first, pools, StakingPool.class).values());
            }
        }
        LOG.infof("snapshot before checkpoint=%d objects=%d", first, objects.size());
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

    private <T extends WalrusObject> Optional<T> one(CheckpointSource source, long first, SuiAddress id, Class<T> type)
            throws InterruptedException {
        return ask(source, first, Set.of(id), type).values().stream()
                .flatMap(bcs -> value(bcs, type).stream())
                .findFirst();
    }

    private Map<SuiAddress, Bytes> ask(
            CheckpointSource source, long first, Collection<SuiAddress> ids, Class<? extends WalrusObject> type)
            throws InterruptedException {
        return source.objectsBefore(first, ids, bcs -> value(bcs, type).isPresent());
    }

    private <T extends WalrusObject> Optional<T> value(Bytes bcs, Class<T> type) {
        try {
            return StoredObject.reported(bcs, network.walrus())
                    .after()
                    .flatMap(ObjectState::value)
                    .filter(type::isInstance)
                    .map(type::cast);
        } catch (BcsException _) { // no object of Walrus's
            return Optional.empty();
        }
    }
}
