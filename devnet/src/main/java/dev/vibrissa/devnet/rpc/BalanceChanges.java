package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.sui.ObjectSet;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.rpc.v2.BalanceChange;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a transaction added to and took from the coins of each address, gas included. */
final class BalanceChanges {
    private record Account(SuiAddress address, String coinType) implements Comparable<Account> {
        @Override
        public int compareTo(Account other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : coinType.compareTo(other.coinType);
        }
    }

    private final Map<Account, BigInteger> sums = new TreeMap<>();

    private BalanceChanges() {}

    static List<BalanceChange> of(TransactionEffects effects, ObjectSet objects) {
        var changes = new BalanceChanges();
        for (var change : effects.changedObjects()) {
            objects.before(change).ifPresent(object -> changes.count(object, BigInteger.ONE.negate()));
            objects.after(effects, change).ifPresent(object -> changes.count(object, BigInteger.ONE));
        }
        return changes.sums.entrySet().stream()
                .filter(change -> change.getValue().signum() != 0)
                .map(change -> BalanceChange.newBuilder()
                        .setAddress(change.getKey().address.toString())
                        .setCoinType(change.getKey().coinType)
                        .setAmount(change.getValue().toString())
                        .build())
                .toList();
    }

    private void count(ObjectSet.RawObject raw, BigInteger sign) {
        if (raw.object() instanceof Part.Decoded<SuiObject>(SuiObject object, var _)
                && object.data() instanceof SuiObject.Move coin) {
            holder(object.owner())
                    .ifPresent(address -> ObjectMessages.balance(coin)
                            .ifPresent(balance -> sums.merge(
                                    new Account(
                                            address,
                                            coin.type().typeParams().getFirst().toString()),
                                    new BigInteger(Long.toUnsignedString(balance)).multiply(sign),
                                    BigInteger::add)));
        }
    }

    private static Optional<SuiAddress> holder(Owner owner) {
        return switch (owner) {
            case Owner.AddressOwner(SuiAddress address) -> Optional.of(address);
            case Owner.ObjectOwner(SuiAddress object) -> Optional.of(object);
            case Owner.ConsensusAddress(long _, SuiAddress address) -> Optional.of(address);
            case Owner.Shared _, Owner.Immutable _ -> Optional.empty();
        };
    }
}
