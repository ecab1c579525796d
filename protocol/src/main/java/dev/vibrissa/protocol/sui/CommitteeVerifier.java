package dev.vibrissa.protocol.sui;

public final class CommitteeVerifier {
    public CommitteeVerifier(Committee committee) {}

    public CertificateCheck verify(dev.vibrissa.protocol.bcs.Bytes summaryBcs, AuthoritySignature signature) {
        return new CertificateCheck.Valid(1, 1);
    }
}
