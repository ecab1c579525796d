package dev.vibrissa.api.checkpoint;

import dev.vibrissa.api.event.EventView;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint.
 *
 * @param transactionCount all of the checkpoint, of Walrus or not
 * @param verified how this checkpoint was checked
 * @param transactions those that touched Walrus
 */
record CheckpointView(
        AsOf asOf,
        @Schema(examples = "1012") long checkpoint,
        Digest digest,
        @Schema(examples = "500") long suiEpoch,
        Instant timestamp,

        @Schema(description = "All transactions of the checkpoint, of Walrus or not.", examples = "1")
        int transactionCount,

        @Schema(examples = "0") int failedCount,
        @Schema(examples = "1") int walrusEvents,

        @Schema(enumeration = {"certificate", "hash-chain", "unverified"})
        String verified,

        @Schema(enumeration = {"directory", "store", "grpc", "event-blob"})
        String source,

        @Schema(description = "Those that touched Walrus.") List<TransactionView> transactions) {

    /** A transaction in a list. */
    record TransactionItem(
            @Schema(examples = "1037") long checkpoint,
            Instant timestamp,
            Digest tx,
            @Schema(examples = "0") int txIndex,
            SuiAddress sender,
            @Schema(description = "Who paid for gas.") SuiAddress gasOwner,
            boolean succeeded,

            @Schema(examples = "abort blob::delete 1") @Nullable
            String error,

            @Schema(description = "module::function of its calls into the Walrus package, in order.")
            List<String> calls) {}

    /** A transaction with what it did to Walrus. */
    record TransactionView(
            @Schema(examples = "1012") long checkpoint,
            Instant timestamp,
            Digest tx,
            @Schema(examples = "0") int txIndex,
            SuiAddress sender,
            @Schema(description = "Who paid for gas.") SuiAddress gasOwner,
            boolean succeeded,

            @Schema(examples = "abort blob::delete 1") @Nullable
            String error,

            @Schema(description = "module::function of its calls into the Walrus package, in order.")
            List<String> calls,

            List<EventView> events,
            List<ObjectChange> objectChanges) {}

    /** One transaction by its digest. */
    record TransactionAnswer(AsOf asOf, TransactionView transaction) {}

    /**
     * What a transaction did to an object of Walrus.
     *
     * @param version Sui's version after it; for what ceased to exist, the transaction's
     * @param type {@code module::Name}; a dynamic field by the type of its value; null where the effects do not tell
     */
    record ObjectChange(
            SuiAddress objectId,
            @Schema(examples = "1042") long version,

            @Schema(enumeration = {"created", "mutated", "unwrapped", "wrapped", "deleted", "observed", "fleeting"})
            String change,

            @Schema(examples = "blob::Blob") @Nullable String type,

            @Schema(enumeration = {"address", "object", "shared", "immutable", "none"})
            String ownerKind,

            @Nullable SuiAddress owner) {}
}
