package dev.vibrissa.verifier.sample;

import dev.vibrissa.redstuff.EncodingConfig;
import java.util.List;
import java.util.stream.Stream;

/** Blobs of like size and age: who drops data may well drop what is large, or old and never read. */
public record Stratum(Size size, Age age) {
    /**
     * By the bytes of a symbol, to which the encoded size is proportional whatever the number of shards. With 1000
     * shards, 16 bytes are blobs of up to 3.4 MiB, 256 bytes up to 54 MiB.
     */
    public enum Size {
        SMALL(16),
        MEDIUM(256),
        LARGE(EncodingConfig.MAX_SYMBOL_BYTES);

        private final int maxSymbolBytes;

        Size(int maxSymbolBytes) {
            this.maxSymbolBytes = maxSymbolBytes;
        }

        public int maxSymbolBytes() {
            return maxSymbolBytes;
        }
    }

    /** By epochs since certification: caches hold what is new, shards have moved under what is old. */
    public enum Age {
        NEW(1),
        SETTLED(4),
        OLD(Long.MAX_VALUE);

        private final long maxEpochs;

        Age(long maxEpochs) {
            this.maxEpochs = maxEpochs;
        }

        public long maxEpochs() {
            return maxEpochs;
        }
    }

    /** In the order in which a frame has them. */
    public static final List<Stratum> ALL = Stream.of(Size.values())
            .flatMap(size -> Stream.of(Age.values()).map(age -> new Stratum(size, age)))
            .toList();

    public static Stratum of(FrameBlob blob, long walrusEpoch, EncodingConfig config) {
        int symbolBytes = config.symbolBytes(blob.sizeBytes());
        long epochs = walrusEpoch - blob.certifiedEpoch();
        return new Stratum(
                Stream.of(Size.values())
                        .filter(size -> symbolBytes <= size.maxSymbolBytes)
                        .findFirst()
                        .orElseThrow(),
                Stream.of(Age.values())
                        .filter(age -> epochs <= age.maxEpochs)
                        .findFirst()
                        .orElseThrow());
    }

    /** Its place in {@link #ALL}. */
    public int index() {
        return size.ordinal() * Age.values().length + age.ordinal();
    }
}
