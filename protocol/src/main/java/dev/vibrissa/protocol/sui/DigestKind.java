package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * What is digested on Sui. Each type is hashed behind its own name, so that no bytes can be taken for two things:
 * {@code BLAKE2b-256("TypeName::" ‖ BCS)}.
 */
public enum DigestKind {
    CHECKPOINT_SUMMARY("CheckpointSummary"),
    CHECKPOINT_CONTENTS("CheckpointContents"),
    /** Without the three intent bytes that a user signs along. */
    TRANSACTION("TransactionData"),
    EFFECTS("TransactionEffects"),
    /** Over the list of a transaction's events. */
    EVENTS("TransactionEvents"),
    OBJECT("Object");

    private final byte[] prefix;

    DigestKind(String typeName) {
        prefix = (typeName + "::").getBytes(StandardCharsets.US_ASCII);
    }

    public Digest digest(Bytes bcs) {
        return new Digest(new Blake2b().update(prefix).update(bcs).finish());
    }
}
