package dev.vibrissa.indexer.trust;

import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides checkpoint by checkpoint whether the chain is believed.
 *
 * <p>Certificates may be checked ahead on other threads ({@link #checkAhead}), as far as the committee is known;
 * {@link #accept} is called in order by one thread and has the last word.
 */
public final class ChainVerifier {
    private final TrustAnchor anchor;
    private final Map<Long, CommitteeVerifier> committees = new ConcurrentHashMap<>();
    private @Nullable Long lastSequenceNumber;
    private @Nullable Digest lastDigest;
    private long lastEpoch;
    /** Somebody vouched for the last checkpoint: from here on every one has to be signed. */
    private boolean verified;

    /**
     * @param known committees that earlier runs verified
     */
    public ChainVerifier(TrustAnchor anchor, Iterable<Committee> known) {
        this.anchor = anchor;
        known.forEach(this::trust);
        if (anchor instanceof TrustAnchor.OfCommittee(var committee)) {
            trust(committee);
        }
    }

    /** Continues behind a checkpoint that is stored already. */
    public void resumeAfter(long sequenceNumber, Digest digest, long epoch, boolean isVerified) {
        lastSequenceNumber = sequenceNumber;
        lastDigest = digest;
        lastEpoch = epoch;
        verified = isVerified;
    }

    /** Behind which checkpoint the chain goes on. */
    public record Place(
            @Nullable Long sequenceNumber, @Nullable Digest digest, long epoch, boolean verified) {}

    public Place place() {
        return new Place(lastSequenceNumber, lastDigest, lastEpoch, verified);
    }

    /** Takes back what was accepted since. Committees that it handed over stay: they were signed for. */
    public void goBackTo(Place place) {
        lastSequenceNumber = place.sequenceNumber();
        lastDigest = place.digest();
        lastEpoch = place.epoch();
        verified = place.verified();
    }

    /** A certificate checked before its turn: by which committee, and how it came out. */
    public record Ahead(Optional<CertificateCheck> check) {
        /** @throws ChainException if it is no good; one that could not be checked passes */
        public void requireGood(long sequenceNumber) {
            check.filter(found -> !(found instanceof CertificateCheck.Valid)).ifPresent(found -> {
                throw new ChainException("checkpoint %d: %s".formatted(sequenceNumber, found.describe()));
            });
        }
    }

    /** What was found out about a checkpoint whose turn has come. */
    public record Accepted(Verification verification, Optional<Committee> handedOver, boolean anchorsEarlier) {}

    /** Checks the certificate if its committee is known by now. Safe on any thread. */
    public Ahead checkAhead(Checkpoint checkpoint) {
        return new Ahead(Optional.ofNullable(committees.get(checkpoint.summary().epoch()))
                .map(verifier -> verifier.verify(checkpoint.summaryBcs(), checkpoint.signature())));
    }

    /**
     * Takes the next checkpoint of the chain.
     *
     * @throws ChainException if it does not follow the one before, or its certificate is no good
     */
    public Accepted accept(Checkpoint checkpoint, Ahead ahead) {
        var summary = checkpoint.summary();
        long sequenceNumber = summary.sequenceNumber();
        if (lastSequenceNumber != null && lastDigest != null) {
            if (sequenceNumber != lastSequenceNumber + 1) {
                throw new ChainException("gap: checkpoint %d follows %d".formatted(sequenceNumber, lastSequenceNumber));
            }
            if (!summary.previousDigest().equals(Optional.of(lastDigest))) {
                throw new ChainException(
                        "checkpoint %d says its predecessor is %s, but checkpoint %d is %s: another chain or a fork"
                                .formatted(
                                        sequenceNumber,
                                        summary.previousDigest()
                                                .map(Digest::toString)
                                                .orElse("none"),
                                        lastSequenceNumber,
                                        lastDigest));
            }
        }
        if (lastSequenceNumber != null && summary.epoch() != lastEpoch && summary.epoch() != lastEpoch + 1) {
            throw new ChainException("checkpoint %d is of Sui epoch %d, the one before of %d"
                    .formatted(sequenceNumber, summary.epoch(), lastEpoch));
        }
        boolean isAnchor = anchor instanceof TrustAnchor.OfCheckpoint(var digest) && digest.equals(checkpoint.digest());
        CommitteeVerifier verifier = committees.get(summary.epoch());
        Verification verification;
        if (verifier != null) {
            var check = ahead.check().orElseGet(() -> verifier.verify(checkpoint.summaryBcs(), checkpoint.signature()));
            if (!(check instanceof CertificateCheck.Valid)) {
                throw new ChainException("checkpoint %d: %s".formatted(sequenceNumber, check.describe()));
            }
            verification = Verification.CERTIFICATE;
        } else if (isAnchor) {
            if (summary.endOfEpoch().isEmpty()) {
                throw new ChainException(
                        "the anchor %s is checkpoint %d, which does not end its epoch and hands over no committee"
                                .formatted(checkpoint.digest(), sequenceNumber));
            }
            verification = Verification.HASH_CHAIN;
        } else {
            requireBeforeAnchor(summary.epoch(), sequenceNumber);
            verification = Verification.UNVERIFIED;
        }
        Optional<Committee> handedOver = verification == Verification.UNVERIFIED
                ? Optional.empty()
                : summary.endOfEpoch().map(end -> new Committee(summary.epoch() + 1, end.nextCommittee()));
        handedOver.ifPresent(this::trust);
        lastSequenceNumber = sequenceNumber;
        lastDigest = checkpoint.digest();
        lastEpoch = summary.epoch();
        verified = verification != Verification.UNVERIFIED;
        return new Accepted(verification, handedOver, verification != Verification.UNVERIFIED);
    }

    /** Without a committee a checkpoint passes only while nothing is trusted yet: behind an anchor it has to be signed. */
    private void requireBeforeAnchor(long epoch, long sequenceNumber) {
        if (verified) {
            throw new ChainException(
                    "checkpoint %d is of Sui epoch %d, whose committee nobody handed over, but everything before it is verified"
                            .formatted(sequenceNumber, epoch));
        }
        if (committees.isEmpty()) {
            return;
        }
        long earliest =
                committees.keySet().stream().mapToLong(Long::longValue).min().orElseThrow();
        if (epoch > earliest) {
            throw new ChainException(
                    "checkpoint %d is of Sui epoch %d, whose committee nothing trusted handed over (known: %s)"
                            .formatted(
                                    sequenceNumber,
                                    epoch,
                                    committees.keySet().stream().sorted().toList()));
        }
    }

    /** Takes in a committee that was handed over by checkpoints which do not pass through here. */
    public void trust(Committee committee) {
        committees.put(committee.epoch(), new CommitteeVerifier(committee));
    }
}
