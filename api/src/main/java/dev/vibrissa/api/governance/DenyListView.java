package dev.vibrissa.api.governance;

import dev.vibrissa.protocol.sui.SuiAddress;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A node's list of blobs that it refuses to serve, as it was announced or came into force. The list itself is not on chain.
 *
 * @param size encoded bytes on the list; null for announcements
 * @param root root hash of the list, 32 bytes little-endian in hex
 */
@Schema(name = "DenyList")
record DenyListView(
        Step step,

        @Schema(description = "Which of the transaction's Walrus events.", examples = "0")
        int walrusOrdinal,

        SuiAddress nodeId,
        @Nullable String name,
        @Schema(examples = "1") long epoch,

        @Schema(description = "Only announced by the node: nothing changed.")
        boolean announced,

        @Schema(examples = "1") String sequence,

        @Schema(description = "Encoded bytes on the list; null for announcements.", examples = "5000000000") @Nullable
        String size,

        @Schema(description = "Root hash of the list, in hex.")
        String rootHex) {}
