package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.CommitteeMember;
import dev.vibrissa.protocol.sui.proof.Bls.Availability.Available;
import dev.vibrissa.protocol.sui.proof.Bls.Availability.Missing;

/**
 * Checks certificates against one committee, whose keys it decodes once. Keep it for the epoch. Safe for use by
 * several threads.
 *
 * <p>Signed is {@code 02 00 00 ‖ BCS(CheckpointSummary) ‖ u64 epoch of the signature}: the intent says scope
 * checkpoint summary, version 0, app Sui.
 */
public final class CommitteeVerifier {
    private static final byte[] SUMMARY_INTENT = {2, 0, 0};

    private final Committee committee;
    private final long total;
    private final long threshold;
    private final Verification verification;

    /** Either the decoded keys or the reason why there are none. */
    private sealed interface Verification {
        record By(Bls.Keys keys) implements Verification {}

        record None(String reason) implements Verification {}
    }

    /**
     * @throws IllegalArgumentException if a member's key is not a point of the right group
     */
    public CommitteeVerifier(Committee committee) {
        this(committee, Bls.load());
    }

    CommitteeVerifier(Committee committee, Bls.Availability availability) {
        this.committee = committee;
        total = committee.totalStake();
        threshold = committee.quorumThreshold();
        verification = switch (availability) {
            case Available(Bls bls) ->
                new Verification.By(bls.decode(committee.members().stream()
                        .map(CommitteeMember::publicKey)
                        .toList()));
            case Missing(String reason) -> new Verification.None(reason);
        };
    }

    public Committee committee() {
        return committee;
    }

    public CertificateCheck verify(Checkpoint checkpoint) {
        return verify(checkpoint.summaryBcs(), checkpoint.signature());
    }

    /**
     * Cheap faults first: epochs, bitmap and stake are looked at before the signature.
     *
     * @param summaryBcs a checkpoint summary, whose first field is its epoch
     * @throws BcsException if it is too short for that
     */
    public CertificateCheck verify(Bytes summaryBcs, AuthoritySignature signature) {
        long summaryEpoch = summaryBcs.reader().u64();
        if (summaryEpoch != signature.epoch() || summaryEpoch != committee.epoch()) {
            return new CertificateCheck.WrongEpoch(summaryEpoch, signature.epoch(), committee.epoch());
        }
        int[] signers;
        try {
            signers = signature.signers();
        } catch (BcsException e) {
            return new CertificateCheck.BadBitmap(String.valueOf(e.getMessage()));
        }
        int members = committee.members().size();
        int highest = signers[signers.length - 1];
        if (highest >= members) {
            return new CertificateCheck.BadBitmap("signer %d of a committee of %d".formatted(highest, members));
        }
        long stake = 0;
        for (int signer : signers) {
            stake += committee.members().get(signer).stake();
        }
        if (stake < threshold) {
            return new CertificateCheck.BelowQuorum(stake, threshold, total);
        }
        long signed = stake;
        return switch (verification) {
            case Verification.None(String reason) -> new CertificateCheck.Unavailable(reason);
            case Verification.By(Bls.Keys keys) ->
                keys.faultOf(signature.signature(), message(summaryBcs, signature.epoch()), signers)
                        .<CertificateCheck>map(CertificateCheck.BadSignature::new)
                        .orElseGet(() -> new CertificateCheck.Valid(signers.length, signed, total));
        };
    }

    private static byte[] message(Bytes summaryBcs, long epoch) {
        return new BcsWriter().raw(SUMMARY_INTENT).raw(summaryBcs).u64(epoch).toByteArray();
    }
}
