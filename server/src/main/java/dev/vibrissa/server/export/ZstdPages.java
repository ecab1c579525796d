package dev.vibrissa.server.export;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses pages with Zstandard. The library's own factory would load Hadoop for it. */
final class ZstdPages implements CompressionCodecFactory {
    private static final int LEVEL = 3;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput page) throws IOException {
                return BytesInput.from(Zstd.compress(page.toByteArray(), LEVEL));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return CompressionCodecName.ZSTD;
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new BytesInputDecompressor() {
            @Override
            public BytesInput decompress(BytesInput page, int length) throws IOException {
                return BytesInput.from(Zstd.decompress(page.toByteArray(), length));
            }

            @Override
            public void decompress(java.nio.ByteBuffer page, int compressedLength, java.nio.ByteBuffer to, int length) {
                byte[] compressed = new byte[compressedLength];
                page.get(compressed);
                to.put(Zstd.decompress(compressed, length));
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public void release() {}
}
