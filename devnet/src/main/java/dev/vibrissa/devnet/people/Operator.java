package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.contract.OperatorCalls;
import dev.vibrissa.devnet.contract.OperatorCalls.Candidate;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.node.SimulatedNode;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Runs a storage node: registers it with stake of its own, moves shards when an epoch begins, and votes and sets its
 * commission now and then. While its node is down, so is its software.
 */
public final class Operator implements Actor {
    private static final long WAL = 1_000_000_000;
    private static final int MOST_BASIS_POINTS = 2_000;
    /** So long, a third, shards are waited for whose holder is down or has not got them. */
    private static final int PART_OF_EPOCH_TO_WAIT = 3;

    private final int index;
    private final String name;
    private final Walrus walrus;
    private final Fleet fleet;
    private final Sender sender;
    private final SimulatedNode node;

    /** The epoch whose shards it gets or got last, and since when; after a restart it begins to wait anew. */
    private long syncing;

    private Instant syncingSince = Instant.EPOCH;

    public Operator(int index, Walrus walrus, Fleet fleet, Sender sender, SimulatedNode node) {
        this.index = index;
        this.name = "operator-%d".formatted(index);
        this.walrus = walrus;
        this.fleet = fleet;
        this.sender = sender;
        this.node = node;
    }

    /** What the node is called on the chain. */
    private String nodeName() {
        return "Simulated node %d".formatted(index);
    }

    /** The capability, if the node is on the chain already. */
    public static Optional<StorageNodeCap> cap(Walrus walrus, SuiAddress operator) {
        return walrus.owned(operator, walrus.types().nodeCap).stream().findFirst();
    }

    @Override
    public void act(Turn turn) {
        var dice = turn.dice(name);
        var known = cap(walrus, sender.address());
        if (known.isEmpty()) {
            // Whether its node is up or not: the network begins when all are registered.
            long stake = (1_000_000 + dice.nextInt(2_000_000)) * WAL;
            walrus.purse(sender.address())
                    .filter(purse -> purse.value() > stake)
                    .ifPresent(purse -> register(dice, purse, stake));
            return;
        }
        if (Fleet.isDown(node)) {
            return;
        }
        StorageNodeCap cap = known.get();
        StakingInner staking = walrus.state().stakingInner();
        if (!walrus.state().pool(cap.nodeId()).nodeInfo().networkAddress().equals(node.networkAddress())) {
            call(cap, (calls, own) -> calls.setNetworkAddress(own, node.networkAddress()));
        }
        boolean isMember = staking.committee().shards().containsKey(cap.nodeId());
        forgetFormerShards(cap.nodeId(), staking);
        if (isMember && staking.epoch() > cap.lastEpochSyncDone()) {
            if (syncing != staking.epoch()) {
                syncing = staking.epoch();
                syncingSince = turn.time();
            }
            // Some are quicker than others: about a second for each.
            if (dice.nextInt(4) == 0) {
                sync(cap, staking, turn.time());
            }
        } else if (dice.nextInt(1_200) == 0) {
            vote(cap, dice);
        } else if (dice.nextInt(2_400) == 0) {
            int rate = dice.nextInt(MOST_BASIS_POINTS);
            call(cap, (calls, own) -> calls.setNextCommission(own, rate));
        } else if (dice.nextInt(1_200) == 0) {
            collect(cap);
        }
    }

    private void register(SplittableRandom dice, Coin purse, long stake) {
        var identity = node.identity();
        var candidate = new Candidate(
                nodeName(),
                node.networkAddress(),
                "A node of the simulated network",
                identity.compressedPublicKey().toByteArray(),
                identity.networkPublicKey().toByteArray(),
                identity.proofOfPossession(walrus.state().stakingInner().epoch(), sender.address())
                        .toByteArray(),
                dice.nextInt(MOST_BASIS_POINTS),
                price(dice, 11_000),
                price(dice, 20_000),
                4_000_000_000_000L + dice.nextLong(2_000_000_000_000L));
        sender.execute(ptb ->
                        ptb.transfer(sender.address(), walrus.operatorCalls(ptb).registerCandidate(candidate)))
                .orThrow();
        SuiAddress nodeId = cap(walrus, sender.address()).orElseThrow().nodeId();
        fleet.add(nodeId, node);
        sender.execute(ptb -> {
                    var part = ptb.split(ptb.object(purse.id()), stake);
                    ptb.transfer(sender.address(), walrus.calls(ptb).stake(part, nodeId));
                })
                .orThrow();
    }

    /** Up to a fifth more or less than what all begin with. */
    private static long price(SplittableRandom dice, long about) {
        return about * (80 + dice.nextInt(41)) / 100;
    }

    /** Gets the shards that are new, and says that it has them. Whoever has them and is down is waited for, for a while. */
    private void sync(StorageNodeCap cap, StakingInner staking, Instant now) {
        Set<Integer> missing = missing(cap.nodeId(), node, staking);
        var ofNobody = new TreeSet<>(missing);
        staking.previousCommittee().shards().forEach((former, shards) -> {
            ofNobody.removeAll(shards);
            var wanted = new TreeSet<>(shards);
            wanted.retainAll(missing);
            if (!wanted.isEmpty()) {
                fleet.node(former)
                        .filter(holder -> !Fleet.isDown(holder) && holder != node)
                        .ifPresent(holder -> node.receive(wanted, holder));
            }
        });
        node.take(ofNobody); // the network is new
        Set<Integer> lost = missing(cap.nodeId(), node, staking);
        if (!lost.isEmpty()) {
            if (now.isBefore(syncingSince.plusMillis(staking.epochDuration() / PART_OF_EPOCH_TO_WAIT))) {
                return;
            }
            node.take(lost); // whoever has their slivers is down: they are rebuilt from those of others
        }
        node.recover(
                staking.committee().shards().getOrDefault(cap.nodeId(), List.of()),
                fleet.nodes().stream().filter(other -> !Fleet.isDown(other)).toList());
        call(cap, (calls, own) -> calls.syncDone(own, staking.epoch()));
    }

    /** Shards that a node should have in this epoch and has not. */
    private static Set<Integer> missing(SuiAddress nodeId, SimulatedNode node, StakingInner staking) {
        var missing = new TreeSet<>(staking.committee().shards().getOrDefault(nodeId, List.of()));
        missing.removeAll(node.shards());
        return missing;
    }

    /** Shards of the epoch before stay until nobody has to copy them any more, but not for longer than this epoch. */
    private void forgetFormerShards(SuiAddress nodeId, StakingInner staking) {
        var former = new TreeSet<>(node.shards());
        former.removeAll(staking.committee().shards().getOrDefault(nodeId, List.of()));
        if (!former.isEmpty() && !haveAll(staking)) {
            former.removeAll(staking.previousCommittee().shards().getOrDefault(nodeId, List.of()));
        }
        if (!former.isEmpty()) {
            node.drop(former);
            node.sweep();
        }
    }

    private boolean haveAll(StakingInner staking) {
        return staking.committee().shards().keySet().stream()
                .allMatch(member -> fleet.node(member)
                        .filter(each -> missing(member, each, staking).isEmpty())
                        .isPresent());
    }

    private void vote(StorageNodeCap cap, SplittableRandom dice) {
        if (dice.nextBoolean()) {
            long price = price(dice, 11_000);
            call(cap, (calls, own) -> calls.voteStoragePrice(own, price));
        } else {
            long price = price(dice, 20_000);
            call(cap, (calls, own) -> calls.voteWritePrice(own, price));
        }
        sender.execute(ptb -> walrus.calls(ptb).updatePrices());
    }

    private void collect(StorageNodeCap cap) {
        if (walrus.state().pool(cap.nodeId()).commission() == 0) {
            return;
        }
        call(
                cap,
                (calls, own) ->
                        calls.walrus().ptb().transfer(sender.address(), calls.collectCommission(own, cap.nodeId())));
    }

    private void call(StorageNodeCap cap, BiConsumer<OperatorCalls, Argument> action) {
        sender.execute(ptb -> action.accept(walrus.operatorCalls(ptb), ptb.object(cap.id())));
    }
}
