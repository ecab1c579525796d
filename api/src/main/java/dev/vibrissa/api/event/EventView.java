package dev.vibrissa.api.event;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One event of Walrus.
 *
 * @param txIndex of its transaction in the checkpoint
 * @param eventIndex among all events of the transaction; null where it was read from an event blob
 * @param walrusOrdinal among the Walrus events of the transaction, as storage nodes count
 * @param type Move type; its address is the package version that defines it
 * @param emitter {@code package::module} of the top-level call, which anybody's contract may be
 * @param known whether we understand it; otherwise only its bytes are given
 * @param fields under their Move names, in order; wide numbers as decimal strings
 */
public record EventView(
        @Schema(examples = "1012") long checkpoint,
        Instant timestamp,
        Digest tx,
        @Schema(examples = "0") int txIndex,

        @Schema(description = "Among all events of the transaction.", examples = "0") @Nullable
        Integer eventIndex,

        @Schema(description = "Among the Walrus events of the transaction, as storage nodes count.", examples = "0")
        int walrusOrdinal,

        @Schema(examples = "BlobCertified") String name,

        @Schema(examples = "0xfdc88f7d7cf30afab2f82e8380d11ee8f70efb90e863d1de8616fae1bb09ea77::events::BlobCertified")
        String type,

        @Schema(description = "Whether its layout is known; otherwise only the bytes are given.")
        boolean known,

        @Schema(description = "package::module of the top-level call.")
        String emitter,

        @Nullable SuiAddress sender,

        @Schema(description = "Fields under their Move names; wide numbers are decimal strings.") @Nullable
        Map<String, Object> fields,

        @Schema(description = "BCS in hex.") String contentsHex) {}
