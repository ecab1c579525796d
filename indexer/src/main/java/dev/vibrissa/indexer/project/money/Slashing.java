package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.Calls;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The commission that slashed nodes lost. A proposal that is gone may as well have been cleaned up, and a commission
 * that is gone been collected: it was slashed if the supply fell by it.
 *
 * @param burned FROST by node; a node without commission loses none, and is not here
 * @param executed candidates of the calls to {@code slashing::execute_slashing} that are seen
 */
public record Slashing(Map<SuiAddress, Long> burned, Set<SuiAddress> executed) {
    private static final int CANDIDATE = 3;

    /** @param packages the Walrus packages */
    public static Slashing of(TransactionFacts transaction, PackageChain packages) {
        var executed = executed(Calls.of(transaction, packages));
        var suspects = new HashSet<>(executed);
        if (executed.isEmpty() && transaction.calls("slashing::cleanup_slashing_proposals")) {
            return new Slashing(Map.of(), Set.of()); // even if WAL is burned beside it
        }
        var taken = new TreeMap<SuiAddress, Long>();
        long left = 0;
        for (ObjectFact object : transaction.objects()) {
            if (object.change() == Change.DELETED
                    && before(object, SlashingProposal.class).isPresent()) {
                suspects.add(before(object, SlashingProposal.class).get().nodeId());
            }
            var pool = before(object, StakingPool.class);
            var poolAfter = after(object, StakingPool.class);
            if (pool.isPresent()
                    && poolAfter.isPresent()
                    && pool.get().commission() != 0
                    && poolAfter.get().commission() == 0) {
                taken.put(object.id(), pool.get().commission());
            }
            var cap = before(object, TreasuryCap.class);
            var capAfter = after(object, TreasuryCap.class);
            if (cap.isPresent() && capAfter.isPresent()) {
                left += cap.get().totalSupply() - capAfter.get().totalSupply();
            }
        }
        taken.keySet().retainAll(suspects);
        var burned = new TreeMap<SuiAddress, Long>();
        for (var node : told(taken, executed)) {
            long amount = taken.getOrDefault(node, 0L);
            if (amount <= left) {
                burned.put(node, amount);
                left -= amount;
            }
        }
        return new Slashing(burned, executed);
    }

    /** Those first whose slashing is called: of others the commission may have been collected. */
    private static List<SuiAddress> told(Map<SuiAddress, Long> taken, Set<SuiAddress> executed) {
        return taken.keySet().stream()
                .sorted(Comparator.comparing((SuiAddress node) -> !executed.contains(node)))
                .toList();
    }

    private static Set<SuiAddress> executed(Calls calls) {
        var executed = new HashSet<SuiAddress>();
        for (var call : calls.to("slashing", "execute_slashing")) {
            calls.value(call, CANDIDATE, SuiAddress::decode).ifPresent(executed::add);
        }
        return executed;
    }

    private static <T> Optional<T> before(ObjectFact object, Class<T> type) {
        return object.before()
                .flatMap(ObjectState::value)
                .filter(type::isInstance)
                .map(type::cast);
    }

    private static <T> Optional<T> after(ObjectFact object, Class<T> type) {
        return object.after()
                .flatMap(ObjectState::value)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
