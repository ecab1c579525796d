package dev.vibrissa.api.answer;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where and when something happened.
 *
 * @param sender of the transaction; null where it was not kept
 */
@Schema(description = "Where and when something happened.")
public record Occurrence(
        @Schema(examples = "1011") long checkpoint,
        @Nullable Digest tx,
        @Nullable SuiAddress sender,
        Instant timestamp) {}
