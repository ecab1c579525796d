package dev.vibrissa.protocol.bcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class U16ListTest {
    private static final List<Integer> NUMBERS = List.of(0, 1, 255, 256, 32_768, 65_535);

    @Test
    void readsWhatAListOfNumbersWrites() {
        byte[] bytes = new BcsWriter().list(NUMBERS, BcsWriter::u16).toByteArray();
        List<Integer> read = BcsReader.decode(bytes, BcsReader::u16List);
        assertThat(read).isEqualTo(NUMBERS).hasSameHashCodeAs(NUMBERS);
        assertThat(NUMBERS).isEqualTo(read);
        assertThatThrownBy(() -> read.set(0, 7)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesACountThatTheBytesCannotHold() {
        assertThatThrownBy(() -> BcsReader.decode(new byte[] {2, 1, 0, 1}, BcsReader::u16List))
                .isInstanceOf(BcsException.class);
    }
}
