package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.NodeMetadata;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized.ByAddress;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized.ByObject;
import dev.vibrissa.protocol.walrus.object.StakingPool.PoolState;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Operators: how they register, what they tell about their nodes, and what they vote for. */
final class NodeFunctions {
    private static final int ALL_BASIS_POINTS = 10_000;

    private NodeFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "staking")
                .gives("register_candidate", NodeFunctions::register)
                .does(
                        "set_storage_price_vote",
                        call -> vote(call, (v, price) -> new VotingParams(price, v.writePrice(), v.nodeCapacity())))
                .does(
                        "set_write_price_vote",
                        call -> vote(call, (v, price) -> new VotingParams(v.storagePrice(), price, v.nodeCapacity())))
                .does(
                        "set_node_capacity_vote",
                        call -> vote(call, (v, bytes) -> new VotingParams(v.storagePrice(), v.writePrice(), bytes)))
                .does("set_next_commission", NodeFunctions::setNextCommission)
                .does(
                        "set_name",
                        call -> pool(
                                call,
                                pool -> pool.node(
                                        NodeInfos.named(pool.node(), call.move().string(2)))))
                .does(
                        "set_network_address",
                        call -> pool(
                                call,
                                pool -> pool.node(
                                        NodeInfos.at(pool.node(), call.move().string(2)))))
                .does(
                        "set_network_public_key",
                        call -> pool(call, pool -> pool.node(NodeInfos.withNetworkKey(pool.node(), call.bytes(2)))))
                .does("set_next_public_key", NodeFunctions::setNextPublicKey)
                .does("set_node_metadata", NodeFunctions::setNodeMetadata)
                .does("try_join_active_set", NodeFunctions::tryJoinActiveSet);
        MoveModule.walrus(modules, types, "node_metadata")
                .gives(
                        "new",
                        call -> types.nodeMetadata.of(new NodeMetadata(
                                call.move().string(0),
                                call.move().string(1),
                                call.move().string(2),
                                new LinkedHashMap<>())));
    }

    private static MoveValue register(WalrusCall call) {
        var staking = call.staking(0);
        var time = staking.state().time();
        String name = call.move().string(1);
        String networkAddress = call.move().string(2);
        byte[] key = call.bytes(4);
        int commissionRate = call.move().u16(7);

        SuiAddress nodeId = call.newId();
        checkPossession(call, time, key, call.bytes(6), "new");
        NodeInfos.checkName(name, "new");
        NodeInfos.checkAddress(networkAddress, "new");
        Abort.unless(commissionRate <= ALL_BASIS_POINTS, "staking_pool", "new", 14);
        var exchangeRates = new MoveTable(call.newId(), 1);
        SuiAddress metadata = call.newId();
        call.extended(metadata, call.types().nodeMetadata)
                .add(UnitKey.UNIT, call.move().take(3, call.types().nodeMetadata));
        var info = new StorageNodeInfo(
                name,
                nodeId,
                networkAddress,
                NodeCommittee.uncompressed(key),
                Optional.empty(),
                NodeInfos.networkKey(call.bytes(5), "new"),
                metadata);
        var extraFields = new MoveTable(call.newId(), 0);
        var cap = new StorageNodeCap(call.newId(), nodeId, 0, Optional.empty(), BigInteger.ZERO, 0, 0);
        SequencedMap<Long, Long> none = new LinkedHashMap<>();
        staking.add(new StakingPool(
                nodeId,
                new PoolState.Active(),
                new VotingParams(call.u64(8), call.u64(9), call.u64(10)),
                info,
                time.committeeSelected() ? time.epoch() + 1 : time.epoch(),
                time.epoch(),
                0,
                0,
                none,
                none,
                none,
                commissionRate,
                exchangeRates,
                none,
                0,
                0,
                new ByObject(cap.id()),
                new ByAddress(call.tx().sender()),
                extraFields));
        staking.save();
        return call.types().nodeCap.of(cap);
    }

    private static void checkPossession(WalrusCall call, WalrusTime time, byte[] key, byte[] proof, String function) {
        Abort.unless(
                NodeCommittee.provesPossession(time.epoch(), call.tx().sender(), key, proof),
                "staking_pool",
                function,
                4);
    }

    /** Changes the pool of the cap that is the second argument. */
    private static void pool(WalrusCall call, Consumer<Pool> change) {
        var staking = call.staking(0);
        change.accept(staking.state().pool(nodeId(call)));
        staking.save();
    }

    private static SuiAddress nodeId(WalrusCall call) {
        return call.move().read(1, call.types().nodeCap).nodeId();
    }

    private static void vote(WalrusCall call, BiFunction<VotingParams, Long, VotingParams> change) {
        pool(call, pool -> pool.vote(change.apply(pool.votes(), call.u64(2))));
    }

    private static void setNextCommission(WalrusCall call) {
        var staking = call.staking(0);
        staking.state()
                .pool(nodeId(call))
                .announceCommission(call.move().u16(2), staking.state().epoch());
        staking.save();
    }

    private static void setNextPublicKey(WalrusCall call) {
        var staking = call.staking(0);
        byte[] key = call.bytes(2);
        checkPossession(call, staking.state().time(), key, call.bytes(3), "set_next_public_key");
        var pool = staking.state().pool(nodeId(call));
        pool.node(NodeInfos.withNextKey(pool.node(), NodeCommittee.uncompressed(key)));
        staking.save();
    }

    private static void setNodeMetadata(WalrusCall call) {
        var pool = call.staking(0).state().pool(nodeId(call));
        MoveType<NodeMetadata> type = call.types().nodeMetadata;
        call.extended(pool.node().metadata(), type)
                .set(UnitKey.UNIT, call.move().take(2, type));
    }

    private static void tryJoinActiveSet(WalrusCall call) {
        var staking = call.staking(0);
        staking.state().updateActiveSet(nodeId(call));
        staking.save();
    }
}
