package dev.vibrissa.redstuff.quilt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuiltPatchIdTest {
    private static final String TEXT = "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iABAQANAA";

    @Test
    void readsAndPrintsTheExampleOfUpstreamsDocumentation() {
        var id = QuiltPatchId.parse(TEXT);
        assertThat(id.quilt()).hasToString("uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iA");
        assertThat(id.start()).isEqualTo(1);
        assertThat(id.end()).isEqualTo(13);
        assertThat(id).hasToString(TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iA", // a blob id
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iABAQANA", // cut off
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iABAQANAAA", // too long
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iACAQANAA", // version 2
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iABDQABAA", // ends before it starts
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iABAQANAB", // last bits not zero
                "uIiEbhP2qgZYygEGxJX1GeB+rQATo2yufC2DCp7B4iABAQANAA", // the other alphabet
                "uIiEbhP2qgZYygEGxJX1GeB-rQATo2yufC2DCp7B4iABAQANA=" // padding
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> QuiltPatchId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
