package dev.vibrissa.protocol.walrus.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.Decoding;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites and their files, written out by hand after the Move structs. */
class SiteDecodingTest {
    private static final String ID = "e91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac50";
    private static final String SITE = ID + "03" + "736561";
    private static final String SITE_WITH_METADATA = SITE + "0102" + "2f2f" + "00" + "0101" + "64" + "00" + "00";
    private static final String BLOB = "13bfe7357bc553fdea655bb7387d72c9c446ecb665ca7d7e5311030830ea1865";
    private static final String RESOURCE = "02" + "2f61" + "01" + "01" + "6b" + "01" + "76" + BLOB + "02"
            + "00000000000000000000000000000000000000000000000000000000000000" + "01" + "010500000000000000" + "00";

    @Test
    void readsASite() {
        var id = SuiAddress.parse("0x" + ID);
        assertThat(decode("Site", SITE)).isEqualTo(new Site(id, "sea", Optional.empty()));
        assertThat(decode("Site", SITE_WITH_METADATA))
                .isEqualTo(new Site(
                        id,
                        "sea",
                        Optional.of(new Site.SiteMetadata(
                                Optional.of("//"),
                                Optional.empty(),
                                Optional.of("d"),
                                Optional.empty(),
                                Optional.empty()))));
    }

    @Test
    void readsAFileOfASite() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("k", "v");
        assertThat(decode("Resource", RESOURCE))
                .isEqualTo(new SiteResource(
                        "/a",
                        headers,
                        BlobId.parse("E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1-UxEDCDDqGGU"),
                        BigInteger.TWO,
                        Optional.of(new SiteResource.Range(Optional.of(5L), Optional.empty()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {SITE, SITE_WITH_METADATA, RESOURCE})
    void writesBackWhatItReadsAndNothingElseIsRead(String vector) {
        String name = vector.equals(RESOURCE) ? "Resource" : "Site";
        byte[] contents = HexFormat.of().parseHex(vector);
        assertThat(decode(name, vector).toBcs()).isEqualTo(contents);
        for (int length = 0; length <= contents.length + 1; length++) {
            boolean isWhole = length == contents.length
                    || vector.equals(SITE_WITH_METADATA) && length == SITE.length() / 2; // a site without them
            assertThat(WalrusObject.decode("site", name, Arrays.copyOf(contents, length)))
                    .as("%d of %d bytes", length, contents.length)
                    .isInstanceOf(isWhole ? Decoding.Known.class : Decoding.Malformed.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x-wal-quilt-patch-internal-id, 0x0101000200, 0101000200",
        "X-Wal-Quilt-Patch-Internal-Id, 0101000aFF, 0101000aff",
        "x-wal-quilt-patch-internal-id, 0x01010002, ''",
        "x-wal-quilt-patch-internal-id, anything!!, ''",
        "content-type, 0x0101000200, ''"
    })
    void aHeaderTellsWhereInAQuiltAFileLies(String header, String value, String patch) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(header, value);
        var resource =
                new SiteResource("/", headers, new BlobId(new byte[BlobId.SIZE]), BigInteger.ZERO, Optional.empty());
        assertThat(resource.quiltPatch())
                .isEqualTo(
                        patch.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Bytes.of(HexFormat.of().parseHex(patch))));
    }

    private static WalrusObject decode(String name, String hex) {
        return WalrusObject.decode("site", name, HexFormat.of().parseHex(hex))
                .known()
                .orElseThrow();
    }
}
