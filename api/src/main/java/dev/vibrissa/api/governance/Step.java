package dev.vibrissa.api.governance;

import dev.vibrissa.api.sql.Row;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The transaction that did something. */
@Schema(name = "GovernanceStep", description = "The transaction that did it.")
record Step(
        @Schema(examples = "4055") long checkpoint,

        @Schema(description = "Place of the transaction in its checkpoint.", examples = "0")
        int txIndex,

        @Nullable Digest tx,

        @Schema(description = "Sender of the transaction.") @Nullable
        SuiAddress sender,

        Instant timestamp) {

    /** From columns that begin with {@code prefix}; null where there was no such transaction up to {@code until}. */
    static @Nullable Step of(Row row, String prefix, long until) throws SQLException {
        Long checkpoint = row.numberOrNull(prefix + "_checkpoint");
        return checkpoint == null || checkpoint > until
                ? null
                : new Step(
                        checkpoint,
                        row.integer(prefix + "_tx_index"),
                        row.digestOrNull(prefix + "_tx"),
                        row.addressOrNull(prefix + "_sender"),
                        row.instant(prefix + "_at"));
    }
}
