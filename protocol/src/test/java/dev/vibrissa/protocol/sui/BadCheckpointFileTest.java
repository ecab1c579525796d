package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.vibrissa.protocol.bcs.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files that are no checkpoint are refused with a reason; parts we cannot read spoil only themselves. */
class BadCheckpointFileTest {
    private static final String NAME = "synthetic-walrus-1000-register-certify";
    private static final byte[] CHK = SuiFixtures.bytes(SuiFixtures.fixture(NAME + ".chk"));
    private static final byte[] ZST = SuiFixtures.bytes(SuiFixtures.fixture(NAME + ".binpb.zst"));
    private static final byte[] PROTO = ZstdFrame.decompress(ZST, NAME);
    private static final Checkpoint CHECKPOINT = SuiFixtures.checkpoint(NAME + ".binpb.zst");

    @Test
    void readsEveryContainerOfOneCheckpoint() throws IOException {
        assertThat(CheckpointFile.read(CHK, "1000.chk")).isEqualTo(CHECKPOINT);
        assertThat(CheckpointFile.read(Arrays.copyOfRange(CHK, 1, CHK.length), "1000.chk"))
                .isEqualTo(CHECKPOINT);
        assertThat(CheckpointFile.read(PROTO, "1000.binpb")).isEqualTo(CHECKPOINT);
        assertThat(CheckpointFile.read(streamed(PROTO), "1000.binpb.zst")).isEqualTo(CHECKPOINT);
        assertThat(CheckpointFile.read(ZST, "a name that says nothing")).isEqualTo(CHECKPOINT);
    }

    @Test
    void refusesEveryTruncation() {
        for (byte[] file : new byte[][] {CHK, PROTO, ZST}) {
            String name = file == CHK ? "cut.chk" : "cut.binpb";
            for (int length = 0; length < file.length; length += 1 + file.length / 200) {
                byte[] cut = Arrays.copyOf(file, length);
                assertThatThrownBy(() -> CheckpointFile.read(cut, name))
                        .isInstanceOf(CheckpointFormatException.class)
                        .hasMessageStartingWith(name + ": ");
            }
        }
    }

    @Test
    void refusesBytesAfterTheEnd() {
        refuses(Arrays.copyOf(CHK, CHK.length + 1), "1000.chk", "1 bytes left over at byte " + CHK.length);
        refuses(Arrays.copyOf(ZST, ZST.length + 3), "1000.binpb.zst", "3 bytes after the zstd frame of " + ZST.length);
        byte[] twice = Arrays.copyOf(ZST, 2 * ZST.length);
        System.arraycopy(ZST, 0, twice, ZST.length, ZST.length);
        refuses(twice, "1000.binpb.zst", ZST.length + " bytes after the zstd frame of " + ZST.length);
    }

    @Test
    void refusesAZstdBombWithoutUnpackingIt() throws IOException {
        refuses(
                Zstd.compress(new byte[ZstdFrame.MAX_BYTES + 1]),
                "bomb.binpb.zst",
                "268435457 bytes after decompression; we read up to 268435456");
        byte[] unsized = streamed(new byte[ZstdFrame.MAX_BYTES + 1]);
        assertThat(unsized.length).isLessThan(50_000);
        long before = allocated();
        refuses(unsized, "bomb.binpb.zst", "more than 268435456 bytes after decompression; we read up to 268435456");
        assertThat(allocated() - before).isLessThan(16 << 20);
    }

    @Test
    void refusesASizeThatIsALie() {
        // A single-segment frame header with an 8-byte size of 200 MB, then an empty last block.
        byte[] lie = {
            0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, 0, (byte) 0xc2, (byte) 0xeb, 0x0b, 0, 0, 0, 0, 1, 0, 0
        };
        long before = allocated();
        assertThatThrownBy(() -> CheckpointFile.read(lie, "lie.binpb.zst"))
                .isInstanceOf(CheckpointFormatException.class);
        assertThat(allocated() - before).isLessThan(16 << 20);
    }

    @Test
    void refusesAnOversizedFile() {
        refuses(new byte[ZstdFrame.MAX_BYTES + 1], "big.binpb", "268435457 bytes; we read up to 268435456");
    }

    @Test
    void refusesAFrameWhoseBlocksAreDamaged() {
        // Some damage only digests can find, for stores write frames without a checksum.
        byte[] damaged = ZST.clone();
        Arrays.fill(damaged, 8, damaged.length, (byte) 0x55);
        assertThatThrownBy(() -> CheckpointFile.read(damaged, "1000.binpb.zst"))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith("1000.binpb.zst: zstd frame of " + ZST.length + " bytes: ");
    }

    @Test
    void refusesASequenceNumberThatIsNotTheSummarys() {
        byte[] renumbered = PROTO.clone();
        assertThat(renumbered[0]).isEqualTo((byte) 8); // field 1, a varint: 1000 = e8 07
        renumbered[1]++;
        refuses(renumbered, "1001.binpb", "says it is checkpoint 1001, its summary 1000");
    }

    @Test
    void refusesFewerTransactionsThanTheContentsList() {
        var wire = WireCheckpoint.of(CHECKPOINT);
        wire.transactions.removeLast();
        refuses(wire.toProto(), "1000.binpb", "1 transactions, but its contents list 2");
    }

    @Test
    void anUnknownVariantSpoilsOnlyItsPartInProtobuf() {
        var wire = WireCheckpoint.of(CHECKPOINT);
        wire.transactions.get(0).data = withFirstByte(wire.transactions.get(0).data, 1); // TransactionData V2
        wire.transactions.get(1).effects = withFirstByte(wire.transactions.get(1).effects, 2); // effects V3
        int move = 0;
        wire.objects.set(move, withFirstByte(wire.objects.get(move), 2)); // neither struct nor package
        Checkpoint checkpoint = CheckpointFile.read(wire.toProto(), "1000.binpb");
        assertThat(checkpoint.transactions().get(0).data())
                .isInstanceOfSatisfying(
                        Part.Undecoded.class,
                        part -> assertThat(part.reason()).startsWith("TransactionData has no variant 1 at byte"));
        assertThat(checkpoint.transactions().get(0).effects()).isInstanceOf(Part.Decoded.class);
        assertThat(checkpoint.transactions().get(1).data()).isInstanceOf(Part.Decoded.class);
        assertThat(checkpoint.transactions().get(1).effects())
                .isInstanceOfSatisfying(
                        Part.Undecoded.class,
                        part -> assertThat(part.reason()).startsWith("TransactionEffects has no variant 2 at byte"));
        assertThat(checkpoint.objects().all()).hasSize(4);
        assertThat(checkpoint.objects().undecoded())
                .singleElement()
                .satisfies(part -> assertThat(part.reason()).startsWith("Data has no variant 2 at byte"));
    }

    @Test
    void anObjectWithAnUnknownOwnerKeepsItsIdAndVersion() {
        var wire = WireCheckpoint.of(CHECKPOINT);
        Bytes object = wire.objects.getFirst();
        byte[] unknown = object.toByteArray();
        unknown[unknown.length - 8 - 33 - 33] = 9; // before the rebate, the previous transaction and the address
        wire.objects.set(0, Bytes.of(unknown));
        ObjectSet objects = CheckpointFile.read(wire.toProto(), "1000.binpb").objects();
        var known = CHECKPOINT.objects().all().getFirst();
        assertThat(objects.find(known.id(), known.version()).orElseThrow().object())
                .isInstanceOfSatisfying(
                        Part.Undecoded.class,
                        part -> assertThat(part.reason()).startsWith("Owner has no variant 9 at byte"));
        assertThat(objects.undecoded()).hasSize(1);
    }

    @Test
    void anUnknownVariantLosesAWholeChk() {
        byte[] unknown = CHK.clone();
        Bytes object = CHECKPOINT.objects().all().getFirst().bcs();
        int at = indexOf(CHK, object.toByteArray());
        unknown[at] = 7;
        refuses(unknown, "1000.chk", "Data has no variant 7 at byte " + at);
    }

    private static void refuses(byte[] file, String name, String reason) {
        assertThatThrownBy(() -> CheckpointFile.read(file, name))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessage(name + ": " + reason);
    }

    private static Bytes withFirstByte(Bytes bytes, int first) {
        byte[] changed = bytes.toByteArray();
        changed[0] = (byte) first;
        return Bytes.of(changed);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; ; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
    }

    /** As a streaming encoder writes it: without the size of the content. */
    private static byte[] streamed(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZstdOutputStreamNoFinalizer(bytes)) {
            out.write(content);
        }
        assertThat(Zstd.getFrameContentSize(bytes.toByteArray())).isLessThanOrEqualTo(0);
        return bytes.toByteArray();
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
