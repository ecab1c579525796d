package dev.vibrissa.protocol.sui.proof;

/** What came of checking a checkpoint summary's certificate against a committee. */
public sealed interface CertificateCheck {
    /** A quorum signed. {@code signers} of the committee, with {@code stake} of {@code total}. */
    record Valid(int signers, long stake, long total) implements CertificateCheck {}

    /** Too little stake signed, whether or not the signature is good. */
    record BelowQuorum(long stake, long threshold, long total) implements CertificateCheck {}

    /** The signature is not that of the signers under this summary. */
    record BadSignature(String reason) implements CertificateCheck {}

    /** Summary, signature and committee are not of one epoch. */
    record WrongEpoch(long summaryEpoch, long signatureEpoch, long committeeEpoch) implements CertificateCheck {}

    /** The bitmap of signers is malformed, empty, or names members that the committee does not have. */
    record BadBitmap(String reason) implements CertificateCheck {}

    /** Nothing was checked, because this machine cannot load the native BLS library. */
    record Unavailable(String reason) implements CertificateCheck {}

    default boolean isValid() {
        return this instanceof Valid;
    }

    /** One sentence with the numbers. */
    default String describe() {
        return switch (this) {
            case Valid(int signers, long stake, long total) ->
                "signed by %d members with %d of %d stake".formatted(signers, stake, total);
            case BelowQuorum(long stake, long threshold, long total) ->
                "signed with %d of %d stake, a quorum takes %d".formatted(stake, total, threshold);
            case BadSignature(String reason) -> "bad signature: " + reason;
            case WrongEpoch(long summaryEpoch, long signatureEpoch, long committeeEpoch) ->
                "summary of epoch %d, signature of epoch %d, committee of epoch %d"
                        .formatted(summaryEpoch, signatureEpoch, committeeEpoch);
            case BadBitmap(String reason) -> reason;
            case Unavailable(String reason) -> "certificates cannot be checked here: " + reason;
        };
    }
}
