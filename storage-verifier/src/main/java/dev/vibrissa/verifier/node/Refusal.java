package dev.vibrissa.verifier.node;

import java.util.Optional;

/** Kinds of answers other than 200. */
public enum Refusal {
    /** 404: the node does not have it, or does not know the blob. */
    NOT_FOUND,
    /** 451: the blob is on the node's deny list. */
    BLOCKED,
    /** The shard is not the node's: it sees another committee than we do. */
    NOT_RESPONSIBLE,
    /** The node has not seen the blob registered: it is behind, or we are wrong. */
    NOT_REGISTERED,
    /** The node says itself that it lacks slivers of the blob. */
    MISSING_SLIVERS,
    /** The node is in another epoch. */
    OTHER_EPOCH,
    /** 429 or 503: come back later. */
    BUSY,
    /** 5xx: the node or what stands before it has a fault. */
    BROKEN,
    /** 400 with any other reason: the node does not take the question, which is well formed. */
    NOT_UNDERSTOOD,
    /** Any other status. */
    OTHER;

    /** By the reason if it is one that we know, by the status otherwise. */
    static Refusal of(int status, Optional<NodeError> error) {
        String reason = error.filter(each -> each.domain().equals("storage.walrus.space"))
                .map(NodeError::reason)
                .orElse("");
        // A reason counts only with its own status, so that "not found" cannot be dressed up as a view of the chain.
        return switch (status) {
            case 400 ->
                switch (reason) {
                    case "SHARD_NOT_ASSIGNED", "SYMBOL_NOT_PRESENT_AT_SHARDS" -> NOT_RESPONSIBLE;
                    case "NOT_REGISTERED" -> NOT_REGISTERED;
                    case "MISSING_SLIVERS" -> MISSING_SLIVERS;
                    case "INVALID_EPOCH" -> OTHER_EPOCH;
                    default -> NOT_UNDERSTOOD;
                };
            case 404 -> NOT_FOUND;
            case 451 -> BLOCKED;
            case 429, 503 -> BUSY;
            default -> status >= 500 && status <= 599 ? BROKEN : OTHER;
        };
    }
}
