package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is left in the accounts of epochs once the purchases that calls and events tell are taken out: bytes that another
 * contract reserved, then a subsidy, if the transaction pays any, or else WAL that nothing explains.
 */
final class Remainder {
    private final List<Payment> reserved = new ArrayList<>();
    private final List<Payment> other = new ArrayList<>();

    /** @param prices as the transaction found them: beside a subsidy they tell what was paid for bytes */
    Remainder(TransactionFacts transaction, Accounts accounts, Prices prices) {
        var subsidy = subsidy(transaction);
        for (RingChange rest : accounts.left()) {
            long forBytes = rest.used() <= 0
                    ? 0
                    : subsidy.isEmpty() ? rest.rewards() : Math.min(rest.rewards(), prices.ofStorage(rest.used()));
            if (rest.used() > 0 && forBytes >= 0) {
                reserved.add(payment(Kind.RESERVE_SPACE, rest, rest.used(), forBytes));
            }
            if (rest.rewards() != forBytes) {
                other.add(payment(subsidy.orElse(Kind.UNATTRIBUTED), rest, 0, rest.rewards() - forBytes));
            }
        }
    }

    List<Payment> reserved() {
        return reserved;
    }

    /** Subsidies, or what nothing explains. */
    List<Payment> other() {
        return other;
    }

    private static Payment payment(Kind kind, RingChange rest, long bytes, long perEpoch) {
        return Payment.of(kind, bytes, rest.firstEpoch(), rest.endEpochExclusive(), perEpoch);
    }

    private static Optional<Kind> subsidy(TransactionFacts transaction) {
        if (SubsidyChange.of(transaction).filter(SubsidyChange::processed).isPresent()) {
            return Optional.of(Kind.USAGE_SUBSIDY);
        }
        if (transaction.calls("system::add_subsidy") || transaction.calls("system::add_per_epoch_subsidies")) {
            return Optional.of(Kind.ADD_SUBSIDY);
        }
        return transaction.calls().stream().anyMatch(call -> call.startsWith("subsidies::"))
                ? Optional.of(Kind.LEGACY_SUBSIDY)
                : Optional.empty();
    }
}
