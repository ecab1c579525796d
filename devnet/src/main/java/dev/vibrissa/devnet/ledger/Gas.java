package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionData.Expiration;
import dev.vibrissa.protocol.sui.TransactionData.GasData;
import dev.vibrissa.protocol.sui.TransactionKind;
import java.util.List;

/** The coin that pays for a transaction, and how much at most. */
record Gas(SuiAddress payer, ObjectRef coin, long budget) {
    private static final long PRICE = 1_000;
    private static final long MOST = 5_000_000_000L;

    /** The largest coin that the transaction does not use otherwise. */
    static Gas of(LiveObjects live, SuiAddress payer, Ptb ptb) {
        StoredObject largest = null;
        long most = -1;
        for (StoredObject object : live.ownedBy(new Owner.AddressOwner(payer))) {
            if (object.object().data() instanceof SuiObject.Move move
                    && move.type().equals(Framework.SUI_COIN.structTag())
                    && !ptb.named().contains(object.id())) {
                long value = Framework.SUI_COIN.decode(move.contents()).value();
                if (value > most) {
                    largest = object;
                    most = value;
                }
            }
        }
        if (largest == null) {
            throw new RejectedTransactionException("%s has no SUI to pay with".formatted(payer));
        }
        return new Gas(payer, largest.ref(), Math.min(most, MOST));
    }

    TransactionData pay(TransactionKind.Programmable program) {
        return new TransactionData(
                program, payer, new GasData(List.of(coin), payer, PRICE, budget), new Expiration.None());
    }
}
