package dev.vibrissa.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import dev.vibrissa.protocol.sui.proof.Evidence;
import dev.vibrissa.protocol.sui.proof.EvidenceFormatException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The committees an anchor leads to: the last checkpoint of an epoch, signed by a trusted committee or trusted by its
 * digest, names the committee of the next.
 */
final class TrustedCommittees {
    private final Map<Long, Committee> byEpoch = new HashMap<>();

    private TrustedCommittees() {}

    /**
     * @param handOvers of the answer of {@code /v1/blobs/{blobId}/evidence}, by ascending epoch; they are claims, and
     *     one that does not hold leads nowhere
     * @throws EvidenceFormatException if one of them cannot be read
     */
    static TrustedCommittees from(TrustAnchor anchor, JsonNode handOvers) {
        var trusted = new TrustedCommittees();
        if (anchor instanceof TrustAnchor.OfCommittee(var committee)) {
            trusted.byEpoch.put(committee.epoch(), committee);
        }
        for (JsonNode handOver : handOvers) {
            try {
                trusted.follow(
                        anchor,
                        Bytes.of(handOver.path("summary").binaryValue()),
                        new AuthoritySignature(
                                handOver.path("signature").path("epoch").asLong(),
                                Bytes.of(handOver.path("signature")
                                        .path("signature")
                                        .binaryValue()),
                                Bytes.of(handOver.path("signature")
                                        .path("bitmap")
                                        .binaryValue())));
            } catch (IOException | BcsException | IllegalArgumentException | NullPointerException e) {
                throw new EvidenceFormatException("a hand-over cannot be read: " + e.getMessage(), e);
            }
        }
        return trusted;
    }

    private void follow(TrustAnchor anchor, Bytes summaryBcs, AuthoritySignature signature) {
        var summary = BcsReader.decode(summaryBcs, CheckpointSummary::decode);
        boolean isAnchor = anchor instanceof TrustAnchor.OfCheckpoint(var digest)
                && digest.equals(DigestKind.CHECKPOINT_SUMMARY.digest(summaryBcs));
        Committee committee = byEpoch.get(summary.epoch());
        if (isAnchor
                || committee != null
                        && new CommitteeVerifier(committee).verify(summaryBcs, signature)
                                instanceof CertificateCheck.Valid) {
            summary.nextCommittee().ifPresent(next -> byEpoch.put(next.epoch(), next));
        }
    }

    /** The committee of a Sui epoch, if trust leads there. */
    Optional<Committee> of(long epoch) {
        return Optional.ofNullable(byEpoch.get(epoch));
    }

    /** The committee of the evidence's epoch, if trust leads there; a summary that cannot be read has none. */
    Optional<Committee> thatSigned(Evidence evidence) {
        try {
            var summary = BcsReader.decode(evidence.anchor().summary(), CheckpointSummary::decode);
            return Optional.ofNullable(byEpoch.get(summary.epoch()));
        } catch (BcsException e) {
            return Optional.empty(); // the check of the evidence says what is wrong with it
        }
    }
}
