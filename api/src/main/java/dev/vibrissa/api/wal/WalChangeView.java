package dev.vibrissa.api.wal;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How much WAL an address had more, or less, after a transaction. */
@Schema(name = "WalChange")
record WalChangeView(
        @Schema(examples = "1012") long checkpoint,
        Instant timestamp,
        Digest tx,
        @Schema(examples = "0") int txIndex,
        SuiAddress address,

        @Schema(description = "FROST, negative for what went away.", examples = "-3082000")
        String amount) {}
