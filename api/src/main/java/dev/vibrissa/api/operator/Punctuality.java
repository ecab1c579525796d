package dev.vibrissa.api.operator;

import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How soon an operator says that it has its shards when an epoch begins: the part of its duties that answers beyond read. */
public record Punctuality(
        @Schema(description = "Epochs begun in our history with it in the committee.", examples = "9")
        int epochs,

        @Schema(description = "Those in which it reported its shards ready.", examples = "8")
        int reported,

        @Schema(
                description = "Half of its reports came within so many milliseconds of EpochChangeStart.",
                examples = "124250")
        @Nullable
        Long medianDelayMillis) {
    /** As the chain shows it at a moment. */
    public static Punctuality of(Snapshot db, Moment moment, SuiAddress node) {
        Duties.Summary duties = new Duties(db, moment, node).summary();
        return new Punctuality(duties.epochs(), duties.reported(), duties.medianDelayMillis());
    }
}
