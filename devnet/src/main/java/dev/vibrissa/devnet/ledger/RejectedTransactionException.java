package dev.vibrissa.devnet.ledger;

/** A transaction that validators would not sign: it never enters the chain. */
public final class RejectedTransactionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RejectedTransactionException(String message) {
        super(message);
    }
}
