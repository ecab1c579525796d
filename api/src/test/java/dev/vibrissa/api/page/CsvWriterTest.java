package dev.vibrissa.api.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvWriterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "plain|plain",
                "a,b|\"a,b\"",
                "say \"hi\"|\"say \"\"hi\"\"\"",
                // Blob ids and negative numbers stay as they are,
                "-pVnViP7o1em_wzNlPYcS-hEj7lBvX29IKFTVS9__cA|-pVnViP7o1em_wzNlPYcS-hEj7lBvX29IKFTVS9__cA",
                "-1|-1",
                // what a spreadsheet would run does not.
                "=1+1|'=1+1",
                "@SUM(A1)|'@SUM(A1)",
                "-cmd()|'-cmd()"
            })
    void quotesWhatNeedsIt(String cell, String written) {
        assertThat(CsvWriter.quoted(cell)).isEqualTo(written);
    }
}
