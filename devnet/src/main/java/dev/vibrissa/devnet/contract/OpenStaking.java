package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.TxContext;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The Staking object's state and its pools, read from their fields and written back if they changed. */
final class OpenStaking implements StakingFields {
    private final TxContext tx;
    private final WalrusTypes types;
    private final long version;
    private final Fields<Long, StakingInner> field;
    private final StakingInner before;
    private final StakingState state;
    private final Fields<SuiAddress, StakingPool> pools;
    private final Fields<UnitKey, ActiveSet> activeSet;
    private final Fields<UnitKey, SequencedMap<SuiAddress, KeyBytes>> nextKeys;
    private final Map<SuiAddress, OpenPool> open = new LinkedHashMap<>();

    private record OpenPool(StakingPool before, Pool pool) {}

    OpenStaking(Staking staking, WalrusCall call) {
        this.tx = call.tx();
        this.types = call.types();
        this.version = staking.version();
        this.field = tx.fields(staking.id(), MoveType.U64, types.stakingInner);
        this.before = field.get(version);
        this.pools = tx.objectFields(before.pools().id(), MoveType.ID, types.stakingPool);
        this.activeSet = call.extended(before.activeSet(), types.activeSet);
        this.nextKeys = call.extended(before.nextEpochPublicKeys(), types.publicKeys);
        this.state = new StakingState(before, this);
    }

    StakingState state() {
        return state;
    }

    void save() {
        open.forEach((id, each) -> {
            var after = each.pool.toMove();
            if (!after.equals(each.before)) {
                pools.set(id, after);
            }
        });
        var after = state.toMove();
        if (!after.equals(before)) {
            field.set(version, after);
        }
    }

    @Override
    public Pool pool(SuiAddress nodeId) {
        return open.computeIfAbsent(nodeId, id -> {
                    var pool = pools.get(id);
                    return new OpenPool(pool, new Pool(pool, fieldsOf(pool)));
                })
                .pool;
    }

    @Override
    public boolean hasPool(SuiAddress nodeId) {
        return pools.contains(nodeId);
    }

    /** Takes a new pool in, with its first rate. */
    void add(StakingPool pool) {
        tx.fields(pool.exchangeRates().id(), MoveType.U32, types.exchangeRate)
                .add(pool.activationEpoch(), new PoolExchangeRate.Flat());
        pools.add(pool.id(), pool);
        state.poolAdded();
    }

    @Override
    public ActiveSet activeSet() {
        return activeSet.get(UnitKey.UNIT);
    }

    @Override
    public void activeSet(ActiveSet set) {
        if (!set.equals(activeSet())) {
            activeSet.set(UnitKey.UNIT, set);
        }
    }

    @Override
    public SequencedMap<SuiAddress, KeyBytes> nextKeys() {
        return nextKeys.get(UnitKey.UNIT);
    }

    @Override
    public void nextKeys(SequencedMap<SuiAddress, KeyBytes> keys) {
        nextKeys.set(UnitKey.UNIT, keys);
    }

    private PoolFields fieldsOf(StakingPool pool) {
        var rates = tx.fields(pool.exchangeRates().id(), MoveType.U32, types.exchangeRate);
        var blocked = tx.fields(pool.extraFields().id(), types.blockedCommissionKey, MoveType.U64);
        return new PoolFields() {
            @Override
            public Optional<PoolExchangeRate> rate(long epoch) {
                return rates.contains(epoch) ? Optional.of(rates.get(epoch)) : Optional.empty();
            }

            @Override
            public void addRate(long epoch, PoolExchangeRate rate) {
                rates.add(epoch, rate);
            }

            @Override
            public Optional<Long> blockedCommission() {
                return blocked.contains(UnitKey.UNIT) ? Optional.of(blocked.get(UnitKey.UNIT)) : Optional.empty();
            }

            @Override
            public void blockedCommission(Optional<Long> amount) {
                if (amount.isEmpty()) {
                    blocked.remove(UnitKey.UNIT);
                } else if (blocked.contains(UnitKey.UNIT)) {
                    blocked.set(UnitKey.UNIT, amount.get());
                } else {
                    blocked.add(UnitKey.UNIT, amount.get());
                }
            }
        };
    }
}
