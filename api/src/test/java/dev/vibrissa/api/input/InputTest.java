package dev.vibrissa.api.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.api.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputTest {
    @Test
    void readsABlobIdInEveryNotation() {
        var id = Input.blobId("blobId", "L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc");
        assertThat(Input.blobId("blobId", id.toDecimal().toString())).isEqualTo(id);
        assertThat(Input.blobId("blobId", "2f9d02daa4ea27c17918f835181759d663d3213861e7d4015d8076839f231567"))
                .isEqualTo(id);
    }

    @Test
    void readsAmountsUpTo64BitsUnsigned() {
        assertThat(Input.amount("maxSize", "18446744073709551615")).hasToString("18446744073709551615");
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "-1", "1e3", "", "1.0", " 1"})
    void refusesOtherAmounts(String text) {
        assertThatThrownBy(() -> Input.amount("maxSize", text))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("maxSize is a whole number from 0 to 18446744073709551615");
    }

    @Test
    void saysWhatItWouldHaveTaken() {
        assertThatThrownBy(() -> Input.whole("limit", "0", 1, 1000))
                .hasMessage("limit is a whole number from 1 to 1000, not '0'");
        assertThatThrownBy(() -> Input.oneOf("kind", "shared", List.of("own", "pooled")))
                .hasMessage("kind is one of own, pooled, not 'shared'");
        assertThatThrownBy(() -> Input.bool("failed", "yes")).hasMessageContaining("true, false");
    }

    @Test
    void doesNotEchoLongInputInFull() {
        assertThatThrownBy(() -> Input.whole("limit", "9".repeat(10_000), 1, 1000))
                .message()
                .hasSizeLessThan(300);
    }
}
