package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.BlobId;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A file of a {@link Site}: the value of a dynamic field whose key is its path.
 *
 * @param headers HTTP headers to serve it with
 * @param blobHash of the file's bytes
 * @param range of the blob, where the file is a part of it
 * @see "Move: walrus_site::site::Resource"
 */
public record SiteResource(
        String path, SequencedMap<String, String> headers, BlobId blobId, BigInteger blobHash, Optional<Range> range)
        implements WalrusObject {
    private static final String QUILT_PATCH = "x-wal-quilt-patch-internal-id";
    private static final int QUILT_PATCH_BYTES = 5;

    /** Bytes of the blob, {@code end} exclusive; each absent where it is the blob's own. */
    public record Range(Optional<Long> start, Optional<Long> end) {
        static Range decode(BcsReader in) {
            return new Range(in.option(BcsReader::u64), in.option(BcsReader::u64));
        }

        void encode(BcsWriter out) {
            out.option(start, BcsWriter::u64).option(end, BcsWriter::u64);
        }
    }

    public static SiteResource decode(BcsReader in) {
        return new SiteResource(
                in.string(),
                VecMap.decode(in, BcsReader::string, BcsReader::string),
                BlobId.decode(in),
                in.u256(),
                in.option(Range::decode));
    }

    @Override
    public void encode(BcsWriter out) {
        out.string(path);
        VecMap.encode(out, headers, BcsWriter::string, BcsWriter::string);
        out.raw(blobId.toByteArray()).u256(blobHash).option(range, (to, each) -> each.encode(to));
    }

    /**
     * Where the file lies in the quilt that the blob then is: the 5 bytes that follow the blob id in the patch's id. Empty
     * for a file that is a blob of its own, or whose header names no patch: headers are anybody's text.
     */
    public Optional<Bytes> quiltPatch() {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(QUILT_PATCH))
                .map(Map.Entry::getValue)
                .map(hex -> hex.startsWith("0x") ? hex.substring(2) : hex)
                .filter(hex ->
                        hex.length() == 2 * QUILT_PATCH_BYTES && hex.chars().allMatch(HexFormat::isHexDigit))
                .map(hex -> Bytes.of(HexFormat.of().parseHex(hex)))
                .findFirst();
    }
}
