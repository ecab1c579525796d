package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Subsidies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the first subsidies contract paid of its buyers' purchases. The purchase enters the accounts of epochs in full,
 * so that it shows only in the contract's pool.
 *
 * @param buyerRate basis points of the cost, as long as the pool lasts
 * @param paid FROST that left the pool in the transaction
 */
record LegacySubsidy(int buyerRate, long paid) {
    private static final String TYPE = "subsidies::Subsidies";
    private static final long ALL_BASIS_POINTS = 10_000;

    static Optional<LegacySubsidy> of(TransactionFacts transaction) {
        for (ObjectFact object : transaction.objects()) {
            if (object.before().flatMap(ObjectState::value).orElse(null) instanceof Subsidies before
                    && object.after().flatMap(ObjectState::value).orElse(null) instanceof Subsidies after) {
                return Optional.of(
                        new LegacySubsidy(before.buyerSubsidyRate(), before.subsidyPool() - after.subsidyPool()));
            }
        }
        return Optional.empty();
    }

    /**
     * The contract's packages, as far as a transaction calls them: the Subsidies object is their first argument. A module
     * of that name anybody may have, and their ids are not all on record.
     */
    static Set<SuiAddress> packages(TransactionFacts transaction) {
        var objects = transaction.objects().stream()
                .filter(object -> object.type().equals(TYPE))
                .map(ObjectFact::id)
                .collect(Collectors.toSet());
        var packages = new HashSet<SuiAddress>();
        transaction
                .program()
                .ifPresent(program -> program.commands().forEach(command -> {
                    if (command instanceof MoveCall call
                            && call.module().equals("subsidies")
                            && transaction.calls("subsidies::" + call.function())
                            && new Arguments(program, call, 0)
                                    .object(0)
                                    .filter(objects::contains)
                                    .isPresent()) {
                        packages.add(call.packageId());
                    }
                }));
        return packages;
    }

    /**
     * The payments with the buyers' part of each shown apart.
     *
     * @param purchases which of the payments it subsidised: these very ones, for others may be equal
     * @param toSystem FROST of what left the pool that went to the accounts of epochs beside the purchases
     */
    List<Payment> split(List<Payment> payments, List<Payment> purchases, long toSystem) {
        long left = paid - toSystem;
        Set<Payment> subsidised = Collections.newSetFromMap(new IdentityHashMap<>());
        subsidised.addAll(purchases);
        int rest = subsidised.size();
        var split = new ArrayList<Payment>();
        for (Payment payment : payments) {
            if (left <= 0 || !subsidised.contains(payment)) {
                split.add(payment);
                continue;
            }
            // Where the pool was short, each got less; the last gets what is known to be left.
            long part = Math.min(payment.total(), --rest == 0 ? left : Math.min(left, part(payment.total())));
            left -= part;
            add(split, payment, part);
        }
        return split;
    }

    private long part(long cost) {
        return cost / ALL_BASIS_POINTS * buyerRate + cost % ALL_BASIS_POINTS * buyerRate / ALL_BASIS_POINTS;
    }

    /** The first epoch takes what division by epochs leaves. */
    private static void add(List<Payment> split, Payment payment, long part) {
        long epochs = payment.endEpochExclusive() - payment.firstEpoch();
        long each = part / epochs;
        long remainder = part % epochs;
        long second = remainder == 0 ? payment.firstEpoch() : payment.firstEpoch() + 1;
        for (boolean isSubsidy : new boolean[] {false, true}) {
            if (remainder != 0) {
                split.add(share(payment, payment.firstEpoch(), second, each + remainder, isSubsidy));
            }
            if (second < payment.endEpochExclusive()) {
                split.add(share(payment, second, payment.endEpochExclusive(), each, isSubsidy));
            }
        }
    }

    private static Payment share(Payment payment, long first, long end, long subsidised, boolean isSubsidy) {
        var share = isSubsidy
                ? Payment.of(Kind.LEGACY_SUBSIDY, 0, first, end, subsidised)
                : Payment.of(payment.kind(), payment.bytes(), first, end, payment.perEpoch() - subsidised);
        return payment.object() == null ? share : share.forBlob(payment.object());
    }
}
