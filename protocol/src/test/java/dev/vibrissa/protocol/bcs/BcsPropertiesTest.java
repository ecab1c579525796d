package dev.vibrissa.protocol.bcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What is written is read back; what nobody would write is refused; nothing else ever happens. */
class BcsPropertiesTest {
    @Property
    void numbersComeBack(
            @ForAll @IntRange(max = 255) int u8,
            @ForAll @IntRange(max = 65_535) int u16,
            @ForAll @LongRange(max = 0xffff_ffffL) long u32,
            @ForAll long u64,
            @ForAll @BigRange(min = "0", max = "340282366920938463463374607431768211455") BigInteger u128,
            @ForAll boolean bool,
            @ForAll @IntRange int uleb) {
        byte[] bytes = new BcsWriter()
                .u8(u8)
                .u16(u16)
                .u32(u32)
                .u64(u64)
                .u128(u128)
                .u256(u128.shiftLeft(128))
                .bool(bool)
                .uleb(uleb)
                .toByteArray();
        var in = new BcsReader(bytes);
        assertThat(in.u8()).isEqualTo(u8);
        assertThat(in.u16()).isEqualTo(u16);
        assertThat(in.u32()).isEqualTo(u32);
        assertThat(in.u64()).isEqualTo(u64);
        assertThat(in.u128()).isEqualTo(u128);
        assertThat(in.u256()).isEqualTo(u128.shiftLeft(128));
        assertThat(in.bool()).isEqualTo(bool);
        assertThat(in.uleb()).isEqualTo(uleb);
        in.end();
    }

    @Property
    void sequencesComeBack(
            @ForAll byte[] bytes,
            @ForAll List<String> texts,
            @ForAll Optional<Long> option,
            @ForAll List<Long> numbers) {
        // Lone surrogates have no UTF-8: a writer turns them into question marks.
        List<String> writable = texts.stream()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .toList();
        byte[] written = new BcsWriter()
                .bytes(bytes)
                .bytes(Bytes.of(bytes))
                .list(writable, BcsWriter::string)
                .option(option, BcsWriter::u64)
                .list(numbers, BcsWriter::u64)
                .toByteArray();
        var in = new BcsReader(written);
        assertThat(in.bytes()).isEqualTo(bytes);
        assertThat(in.bytesView()).isEqualTo(Bytes.of(bytes));
        assertThat(in.list(BcsReader::string)).isEqualTo(writable);
        assertThat(in.option(BcsReader::u64)).isEqualTo(option);
        assertThat(in.list(8, BcsReader::u64)).isEqualTo(numbers);
        in.end();
    }

    @Property
    void aNumberHasOneUlebForm(@ForAll @IntRange int number, @ForAll @IntRange(min = 1, max = 4) int padding) {
        byte[] canonical = new BcsWriter().uleb(number).toByteArray();
        byte[] padded = Arrays.copyOf(canonical, canonical.length + padding);
        for (int i = canonical.length - 1; i < padded.length - 1; i++) {
            padded[i] |= (byte) 0x80;
        }
        assertThatThrownBy(() -> new BcsReader(padded).uleb()).isInstanceOf(BcsException.class);
    }

    @Property
    void bytesLeftOverAreRefused(@ForAll long number, @ForAll @Size(min = 1) byte[] more) {
        byte[] bytes = new BcsWriter().u64(number).raw(more).toByteArray();
        assertThatThrownBy(() -> BcsReader.decode(bytes, BcsReader::u64))
                .isInstanceOf(BcsException.class)
                .hasMessage("%d bytes left over at byte 8", more.length);
    }

    @Property
    void randomBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll @IntRange(max = 8) int which) {
        List<Function<BcsReader, ?>> types = List.of(
                BcsReader::u64,
                BcsReader::u256,
                BcsReader::bool,
                BcsReader::uleb,
                BcsReader::string,
                BcsReader::bytes,
                in -> in.list(BcsReader::string),
                in -> in.option(BcsReader::bytesView),
                in -> in.list(8, BcsReader::u64));
        try {
            BcsReader.decode(bytes, types.get(which));
        } catch (BcsException e) {
            assertThat(e.offset()).isBetween(0, bytes.length);
        }
    }

    @Property
    void aLengthBeyondTheEndAllocatesNothing(@ForAll @IntRange(min = 100) int count) {
        byte[] bytes = new BcsWriter().uleb(count).u64(0).toByteArray();
        assertThatThrownBy(() -> new BcsReader(bytes).bytes()).isInstanceOf(BcsException.class);
        assertThatThrownBy(() -> new BcsReader(bytes).string()).isInstanceOf(BcsException.class);
        assertThatThrownBy(() -> new BcsReader(bytes).list(BcsReader::u8))
                .isInstanceOf(BcsException.class)
                .hasMessageContaining("%d items of at least 1 bytes, but 8 bytes are left", count);
    }

    @Property
    void windowsAreEqualByContent(@ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 40) int from) {
        int start = Math.min(from, bytes.length);
        Bytes window = Bytes.of(bytes).slice(start, bytes.length - start);
        Bytes own = window.detached();
        assertThat(window).isEqualTo(own).hasSameHashCodeAs(own).isEqualByComparingTo(own);
        assertThat(Bytes.parseHex(window.toString())).isEqualTo(window);
        Bytes read = BcsReader.decode(window, in -> in.view(in.remaining()));
        assertThat(read).isEqualTo(window);
    }
}
