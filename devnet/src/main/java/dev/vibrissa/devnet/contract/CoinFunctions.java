package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.devnet.ledger.move.MoveCall;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.List;

/** What clients of Walrus call of Sui's coins, besides the commands that split and merge them. */
final class CoinFunctions {
    private CoinFunctions() {}

    static void addTo(MoveModules modules) {
        modules.add(Framework.PACKAGE, "coin", "value", CoinFunctions::value)
                .add(Framework.PACKAGE, "coin", "destroy_zero", CoinFunctions::destroyZero)
                .add(Framework.PACKAGE, "coin", "into_balance", CoinFunctions::intoBalance)
                .add(Framework.PACKAGE, "coin", "from_balance", CoinFunctions::fromBalance);
    }

    /** {@code 0x2::balance::Balance<T>}: money that is no object, in the coin's smallest unit. */
    static MoveType<Long> balance(TypeTag currency) {
        return MoveType.struct(
                new StructTag(Framework.PACKAGE, "balance", "Balance", List.of(currency)),
                BcsReader::u64,
                (BcsWriter out, Long value) -> out.u64(value),
                Ability.STORE);
    }

    private static MoveType<Coin> coin(MoveCall call) {
        return Framework.coin(call.typeArguments().getFirst());
    }

    private static List<MoveValue> value(MoveCall call) {
        return List.of(MoveType.U64.of(call.read(0, coin(call)).value()));
    }

    private static List<MoveValue> destroyZero(MoveCall call) {
        Coin coin = call.take(0, coin(call));
        if (coin.value() != 0) {
            throw new MoveAbort(Framework.PACKAGE, "balance", "destroy_zero", 0);
        }
        call.tx().delete(coin.id());
        return List.of();
    }

    private static List<MoveValue> intoBalance(MoveCall call) {
        Coin coin = call.take(0, coin(call));
        call.tx().delete(coin.id());
        return List.of(balance(call.typeArguments().getFirst()).of(coin.value()));
    }

    private static List<MoveValue> fromBalance(MoveCall call) {
        long value = call.take(0, balance(call.typeArguments().getFirst()));
        return List.of(coin(call).of(new Coin(call.tx().newId(), value)));
    }
}
