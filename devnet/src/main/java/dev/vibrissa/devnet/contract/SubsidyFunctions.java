package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidies;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import java.math.BigInteger;
import java.util.function.UnaryOperator;

/** The package that pays subsidies, version 2. */
final class SubsidyFunctions {
    private static final String MODULE = "walrus_subsidies";
    private static final String INNER = "walrus_subsidies_inner";
    private static final long MAX_RATE = 1_000_000;

    /** The contract reckons with the shards of mainnet, whatever the network. */
    private static final BigInteger SHARDS = BigInteger.valueOf(1000);

    private SubsidyFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        new MoveModule(modules, types.packages.subsidies1(), MODULE, types)
                .does("process_subsidies", SubsidyFunctions::process)
                .does("add_coin", call -> add(call, call.takeCoin(1)))
                .does("add_balance", call -> add(call, new Balance(call.move().take(1, types.balance))))
                .does("set_system_subsidy_rate", SubsidyFunctions::setSystemRate)
                .does("set_base_subsidy", SubsidyFunctions::setBase)
                .does("set_per_shard_subsidy", SubsidyFunctions::setPerShard);
    }

    private static void process(WalrusCall call) {
        var field = inner(call);
        var staking = call.staking(1);
        var system = call.system(2);
        var subsidies = new Subsidies(field.get(UnitKey.UNIT));
        subsidies.payCommittee(staking.state());
        subsidies.matchUsage(system.state().ring());
        staking.save();
        system.save();
        field.set(UnitKey.UNIT, subsidies.toMove(call.nowMillis(3)));
    }

    private static void add(WalrusCall call, Balance funds) {
        inner(call).update(UnitKey.UNIT, before -> {
            var pool = new Balance(before.subsidyPool());
            pool.join(funds);
            return new WalrusSubsidiesInner(
                    before.systemSubsidyRate(),
                    pool.value(),
                    before.baseSubsidy(),
                    before.subsidyPerShard(),
                    before.latestEpoch(),
                    before.alreadySubsidizedBalances(),
                    before.lastSubsidizedTs(),
                    before.extraFields());
        });
    }

    private static void setSystemRate(WalrusCall call) {
        long rate = call.u32(2);
        Abort.unless(rate <= MAX_RATE, INNER, "set_system_subsidy_rate", 0);
        administer(call, before -> rates(before, rate, before.baseSubsidy(), before.subsidyPerShard()));
    }

    private static void setBase(WalrusCall call) {
        administer(call, before -> {
            var after = rates(before, before.systemSubsidyRate(), call.u64(2), before.subsidyPerShard());
            checkPayable(after, "set_base_subsidy");
            return after;
        });
    }

    private static void setPerShard(WalrusCall call) {
        administer(call, before -> {
            var after = rates(before, before.systemSubsidyRate(), before.baseSubsidy(), call.u64(2));
            checkPayable(after, "set_per_shard_subsidy");
            return after;
        });
    }

    private static void checkPayable(WalrusSubsidiesInner inner, String function) {
        var most = U64.big(inner.subsidyPerShard()).multiply(SHARDS).add(U64.big(inner.baseSubsidy()));
        Abort.unless(most.bitLength() <= Long.SIZE, INNER, function, 0);
    }

    private static void administer(WalrusCall call, UnaryOperator<WalrusSubsidiesInner> change) {
        SuiAddress administered =
                call.move().read(1, call.types().subsidiesAdminCap).subsidiesId();
        SuiAddress subsidies = call.move().read(0, call.types().subsidies).id();
        Abort.unless(administered.equals(subsidies), MODULE, "check_admin", 0);
        inner(call).update(UnitKey.UNIT, change);
    }

    private static WalrusSubsidiesInner rates(WalrusSubsidiesInner before, long system, long base, long perShard) {
        return new WalrusSubsidiesInner(
                system,
                before.subsidyPool(),
                base,
                perShard,
                before.latestEpoch(),
                before.alreadySubsidizedBalances(),
                before.lastSubsidizedTs(),
                before.extraFields());
    }

    /** The state of the subsidies that are the first argument. */
    private static Fields<UnitKey, WalrusSubsidiesInner> inner(WalrusCall call) {
        WalrusSubsidies subsidies =
                call.move().borrow(0, call.types().subsidies).get();
        Abort.unless(call.move().packageId().equals(subsidies.packageId()), MODULE, "check_version", 1);
        return call.tx().fields(subsidies.id(), call.types().subsidiesInnerKey, call.types().subsidiesInner);
    }
}
