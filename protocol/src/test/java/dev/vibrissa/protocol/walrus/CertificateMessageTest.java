package dev.vibrissa.protocol.walrus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateMessageTest {
    private static final String BLOB_HEX = "13bfe7357bc553fdea655bb7387d72c9c446ecb665ca7d7e5311030830ea1865";
    private static final BlobId BLOB = BlobId.parse(BLOB_HEX);
    private static final String OBJECT_HEX = "e91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac50";
    private static final SuiAddress OBJECT = SuiAddress.parse("0x" + OBJECT_HEX);

    @Test
    void readsEveryTypeOfMessage() {
        String key = "ab".repeat(48);
        assertThat(decode("000003" + "07000000" + OBJECT_HEX + key))
                .isEqualTo(new CertificateMessage.ProofOfPossession(
                        7, OBJECT, new KeyBytes(HexFormat.of().parseHex(key))));
        assertThat(decode("010003" + "07000000" + BLOB_HEX + "00"))
                .isEqualTo(new CertificateMessage.BlobStored(7, BLOB, Optional.empty()));
        assertThat(decode("010003" + "07000000" + BLOB_HEX + "01" + OBJECT_HEX))
                .isEqualTo(new CertificateMessage.BlobStored(7, BLOB, Optional.of(OBJECT)));
        assertThat(decode("020003" + "07000000" + BLOB_HEX)).isEqualTo(new CertificateMessage.BlobInvalid(7, BLOB));
        assertThat(decode("030003" + "07000000" + "001122")).isEqualTo(new CertificateMessage.ShardSync(7));
        assertThat(decode("040003" + "07000000" + OBJECT_HEX + "0500000000000000" + "0900000000000000" + "02"
                        + "00".repeat(31)))
                .isEqualTo(new CertificateMessage.DenyListUpdated(7, OBJECT, 5, 9, BigInteger.TWO));
        assertThat(decode("050003" + "07000000" + BLOB_HEX))
                .isEqualTo(new CertificateMessage.DenyListedBlobDeleted(7, BLOB));
        assertThat(decode("060003" + "07000000" + "08000000" + "0200000000000000"))
                .isEqualTo(new CertificateMessage.ProtocolVersion(7, 8, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "010003",
                "020103" + "07000000" + BLOB_HEX, // another intent version
                "020000" + "07000000" + BLOB_HEX, // Sui's own application
                "070003" + "07000000" + BLOB_HEX, // an unknown type
                "020003" + "07000000" + BLOB_HEX + "00", // a byte too many
                "010003" + "07000000" + BLOB_HEX + "02", // neither permanent nor deletable
            })
    void refusesAnythingElse(String hex) {
        assertThat(CertificateMessage.decode(HexFormat.of().parseHex(hex))).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void countsSignersFromTheLeastSignificantBit() {
        byte[] bitmap = {(byte) 0b1000_0001, 0b0000_0110};

        assertThat(SignersBitmap.members(bitmap, 16)).isEqualTo(List.of(0, 7, 9, 10));
        assertThat(SignersBitmap.members(bitmap, 10))
                .as("bits past the last member")
                .isEqualTo(List.of(0, 7, 9));
        assertThat(SignersBitmap.members(bitmap, 100)).isEqualTo(List.of(0, 7, 9, 10));
        assertThat(SignersBitmap.members(new byte[0], 5)).isEmpty();
    }

    private static CertificateMessage decode(String hex) {
        return CertificateMessage.decode(HexFormat.of().parseHex(hex)).known().orElseThrow();
    }
}
