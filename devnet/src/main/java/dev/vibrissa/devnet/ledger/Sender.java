package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.function.Consumer;

/** Sends the transactions of one account and pays for them with its SUI. Safe for use by several threads. */
public final class Sender {
    private final Ledger ledger;
    private final Account account;

    Sender(Ledger ledger, Account account) {
        this.ledger = ledger;
        this.account = account;
    }

    public SuiAddress address() {
        return account.address();
    }

    /**
     * Builds a transaction on the objects as they are now, signs and executes it.
     *
     * @throws RejectedTransactionException if it names what is not there or not ours, or there is no SUI to pay with
     */
    public Executed execute(Consumer<Ptb> program) {
        return ledger.execute(account, program);
    }
}
