package dev.vibrissa.api.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CertificateQueriesTest {
    @Test
    void readsTheBitmapLowestBitFirst() {
        assertThat(CertificateQueries.positions(new byte[] {0b0000_1011, (byte) 0b1000_0000}))
                .containsExactly(0, 1, 3, 15);
        assertThat(CertificateQueries.positions(new byte[0])).isEmpty();
    }
}
