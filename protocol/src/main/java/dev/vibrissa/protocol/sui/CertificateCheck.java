package dev.vibrissa.protocol.sui;

public sealed interface CertificateCheck {
    record Valid(long stake, long total) implements CertificateCheck {}

    record Refused(String reason) implements CertificateCheck {}
}
