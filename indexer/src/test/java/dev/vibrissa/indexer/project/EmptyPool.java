package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import java.util.Optional;
import java.util.TreeMap;

/** A staking pool without stake, for tests of what becomes of its commission. */
public final class EmptyPool {
    private EmptyPool() {}

    /** @param commission collected and not taken yet, in FROST */
    public static StakingPool of(SuiAddress node, SuiAddress operator, long commission) {
        var none = new TreeMap<Long, Long>();
        var table = new MoveTable(SuiAddress.ZERO, 0);
        var authorized = new StakingPool.Authorized.ByAddress(operator);
        var info = new StorageNodeInfo(
                "seal",
                node,
                "seal.example:9185",
                new KeyBytes(new byte[KeyBytes.G1_UNCOMPRESSED]),
                Optional.empty(),
                new KeyBytes(new byte[KeyBytes.NETWORK_KEY]),
                SuiAddress.ZERO);
        return new StakingPool(
                node,
                new StakingPool.PoolState.Active(),
                new StakingPool.VotingParams(-1, -1, -1),
                info,
                1,
                1,
                0,
                0,
                none,
                none,
                none,
                0,
                table,
                none,
                0,
                commission,
                authorized,
                authorized,
                table);
    }
}
