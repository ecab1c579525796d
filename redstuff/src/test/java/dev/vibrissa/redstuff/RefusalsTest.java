package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers can get wrong, and what they are told. */
class RefusalsTest {
    private static final EncodingConfig SEVEN = new EncodingConfig(7);
    private static final byte[] BLOB = new byte[300];

    private static List<Sliver> primarySlivers() {
        for (int i = 0; i < BLOB.length; i++) {
            BLOB[i] = (byte) (i * 7);
        }
        int symbolBytes = SEVEN.symbolBytes(BLOB.length);
        byte[][] data = new byte[7][(int) SEVEN.sliverBytes(SliverType.PRIMARY, symbolBytes)];
        new BlobEncoder(SEVEN).encode(MemorySegment.ofArray(BLOB), (type, index, offset, bytes, from, length) -> {
            if (type == SliverType.PRIMARY) {
                System.arraycopy(bytes, from, data[index], (int) offset, length);
            }
        });
        var slivers = new ArrayList<Sliver>();
        for (int i = 0; i < 7; i++) {
            slivers.add(new Sliver(SliverType.PRIMARY, i, symbolBytes, data[i]));
        }
        return slivers;
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3, 49_156, 65_535})
    void shardsOutOfRange(int shards) {
        assertThatThrownBy(() -> new EncodingConfig(shards))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("%d shards, where 4 to 49155 are possible".formatted(shards));
    }

    @Test
    void theMostShardsCanBeVerifiedFor() {
        var config = new EncodingConfig(EncodingConfig.MAX_SHARDS);
        for (SliverType type : SliverType.values()) {
            var sliver = new Sliver(type, 0, 2, new byte[(int) config.sliverBytes(type, 2)]);
            assertThat(new ExpandedSliver(config, sliver).symbol(config.shards() - 1))
                    .isEqualTo(new byte[2]);
        }
    }

    @Test
    void blobsTooLarge() {
        assertThatThrownBy(() -> SEVEN.symbolBytes(983_011))
                .hasMessage("a blob of 983011 bytes, where up to 983010 fit 7 shards");
    }

    @Test
    void encodingForTooManyShards() {
        assertThatThrownBy(() -> new BlobEncoder(new EncodingConfig(4097)))
                .hasMessage("4097 shards, where up to 4096 can be encoded for");
    }

    @Test
    void tooFewSliversAndTheSameOneTwice() {
        List<Sliver> slivers = primarySlivers();
        byte[] blob = new byte[BLOB.length];
        assertThatThrownBy(() -> new BlobDecoder(SEVEN)
                        .decode(List.of(slivers.get(1), slivers.get(1), slivers.get(5)), MemorySegment.ofArray(blob)))
                .hasMessage("2 PRIMARY slivers that fit, where 3 are due");
    }

    @Test
    void ofTheSameSliverTwiceTheFirstIsTaken() {
        List<Sliver> slivers = primarySlivers();
        Sliver first = slivers.get(1);
        var changed = new Sliver(first.type(), first.index(), first.symbolBytes(), new byte[first.data().length]);
        byte[] blob = new byte[BLOB.length];
        new BlobDecoder(SEVEN)
                .decode(List.of(first, changed, slivers.get(4), slivers.get(6)), MemorySegment.ofArray(blob));
        assertThat(blob).isEqualTo(BLOB);
    }

    @Test
    void symbolsBeyondTheShards() {
        var expanded = new ExpandedSliver(SEVEN, primarySlivers().getFirst());
        assertThatThrownBy(() -> expanded.symbol(7)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> expanded.recoverySymbol(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void blobIdsThatAreNone() {
        String id = "hlykhHkQSpvcE299ZzC385IAEuzLTpm6hUC5Njdm4JM";
        assertThat(BlobId.parse(id)).hasToString(id);
        for (String text : List.of("", id.substring(1), id + "A", id.substring(0, 42) + "N", id.replace('E', '+'))) {
            assertThatThrownBy(() -> BlobId.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFaultInOneThreadEndsTheWorkOfAll() {
        var fault = new IllegalStateException("the disk is full");
        assertThatThrownBy(() -> new BlobEncoder(SEVEN, 3)
                        .encode(MemorySegment.ofArray(BLOB), (type, index, offset, bytes, from, length) -> {
                            throw fault;
                        }))
                .isSameAs(fault);
    }
}
