package dev.vibrissa.devnet.ledger.move;

/** What may be done with the values of a Move type. */
public enum Ability {
    COPY,
    DROP,
    /** May lie inside other values; of an object, that anybody may transfer, share or freeze it. */
    STORE,
    /** Is an object: its first field is its id. */
    KEY
}
