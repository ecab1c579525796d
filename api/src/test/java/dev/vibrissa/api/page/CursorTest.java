package dev.vibrissa.api.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.api.problem.ProblemException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CursorTest {
    @Property
    void givesBackTheKeyItWasMadeOf(
            @ForAll String scope,
            @ForAll @Size(min = 1, max = 4) List<@AlphaChars @NumericChars @StringLength(max = 70) String> key) {
        assertThat(Cursor.parse(Cursor.format(scope, pad(key)), scope, key.size()))
                .isEqualTo(pad(key));
    }

    /** A cursor is never without a key. */
    private static List<String> pad(List<String> key) {
        return key.stream().map(part -> "k" + part).toList();
    }

    @Test
    void isRefusedByAnotherListOrderOrFilter() {
        var cursor = Cursor.format("/v1/blobs\norder=4:size", List.of("1", "2"));
        assertThatThrownBy(() -> Cursor.parse(cursor, "/v1/blobs", 2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("another");
    }

    @Test
    void isRefusedWithAnotherNumberOfKeys() {
        var cursor = Cursor.format("/v1/blobs", List.of("1", "2"));
        assertThatThrownBy(() -> Cursor.parse(cursor, "/v1/blobs", 3)).isInstanceOf(ProblemException.class);
    }

    @Property
    void refusesAnyOtherTextWithAProblem(@ForAll String text) {
        assertThatThrownBy(() -> Cursor.parse(text, "/v1/blobs", 2)).isInstanceOf(ProblemException.class);
    }
}
