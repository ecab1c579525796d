package dev.vibrissa.api.certificate;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of storage nodes that a successful call carried.
 *
 * @param epoch whose committee signed
 * @param weight shards of the signers; null if that committee is not known
 * @param signers node ids in committee order; null if that committee is not known
 * @param signerPositions positions in the committee, from the bitmap
 */
@Schema(name = "Certificate")
record CertificateView(
        @Schema(examples = "1012") long checkpoint,
        Instant timestamp,
        Digest tx,
        @Schema(examples = "0") int txIndex,

        @Schema(description = "Command of the transaction that carried it.", examples = "0")
        int commandIndex,

        @Schema(description = "Walrus epoch whose committee signed.", examples = "1")
        long epoch,

        @Schema(
                description = "1 blob, 2 invalid blob id, 4 deny list, 5 deny-listed blob, 6 protocol version.",
                examples = "1")
        int messageType,

        @Schema(description = "Shards of the signers; null if that committee is not known.", examples = "818") @Nullable
        Integer weight,

        @Schema(description = "Node ids in committee order; null if that committee is not known.") @Nullable
        List<SuiAddress> signers,

        @Schema(description = "Positions in the committee.") List<Integer> signerPositions,
        @Schema(description = "What was signed, in hex.") String messageHex,

        @Schema(description = "Aggregate BLS12-381 signature, in hex.")
        String signatureHex) {}
