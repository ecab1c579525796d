package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized.ByAddress;
import dev.vibrissa.protocol.walrus.object.StakingPool.PoolState;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A pool without a ledger: its dynamic fields are maps. */
final class MemoryPool implements PoolFields {
    static final SuiAddress OPERATOR = SuiAddress.parse("0x0ac");

    private final Map<Long, PoolExchangeRate> rates = new TreeMap<>(Map.of(0L, new PoolExchangeRate.Flat()));
    private Optional<Long> blocked = Optional.empty();

    /** A pool that was registered in epoch 0. */
    static Pool empty(SuiAddress id, int commissionRate, MemoryPool fields) {
        var key = new KeyBytes(new byte[KeyBytes.G1_UNCOMPRESSED]);
        var info = new StorageNodeInfo(
                "node", id, "node:1", key, Optional.empty(), new KeyBytes(new byte[KeyBytes.NETWORK_KEY]), id);
        var pool = new StakingPool(
                id,
                new PoolState.Active(),
                new VotingParams(1, 1, 1),
                info,
                0,
                0,
                0,
                0,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                commissionRate,
                new MoveTable(id, 1),
                new LinkedHashMap<>(),
                0,
                0,
                new ByAddress(OPERATOR),
                new ByAddress(OPERATOR),
                new MoveTable(id, 0));
        return new Pool(pool, fields);
    }

    @Override
    public Optional<PoolExchangeRate> rate(long epoch) {
        return Optional.ofNullable(rates.get(epoch));
    }

    @Override
    public void addRate(long epoch, PoolExchangeRate rate) {
        rates.put(epoch, rate);
    }

    @Override
    public Optional<Long> blockedCommission() {
        return blocked;
    }

    @Override
    public void blockedCommission(Optional<Long> amount) {
        blocked = amount;
    }
}
