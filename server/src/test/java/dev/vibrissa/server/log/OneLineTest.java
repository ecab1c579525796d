package dev.vibrissa.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of an operator is written into the log as it is shown by the pattern of the server. */
class OneLineTest {
    private static final PatternFormatter FORMAT = new PatternFormatter("%d %-5p [%c{1}] %m%n%e");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node\n2026-01-01T00:00:00.000Z ERROR [Auditor] forged",
                "node\r\nforged",
                "node\rforged",
                "node\u2028forged",
                "node\u0085forged",
                "node\u001b[2J\u001b[1;1Hforged",
                "node\u009b2Jforged",
                "node\u0008\u0008\u0008\u0008forged",
                "node\u202eforged",
                "node\u0000forged"
            })
    void aNameStaysOnTheLineItIsWrittenOn(String name) {
        var event = new ExtLogRecord(Level.WARN, "frame node=%s", ExtLogRecord.FormatStyle.PRINTF, "test");
        event.setParameters(new Object[] {name});
        assertThat(new OneLine().isLoggable(event)).isTrue();
        String written = FORMAT.format(event);
        assertThat(written.stripTrailing())
                .endsWith("forged")
                .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u2028\u202e]");
    }

    @Test
    void whatAnExceptionSaysForgesNothing() {
        var fault = new IllegalStateException(
                "outer", new IllegalArgumentException("bad name 'x\nERROR forged \u001b[0m'"));
        var event = new ExtLogRecord(Level.ERROR, "fault", ExtLogRecord.FormatStyle.NO_FORMAT, "test");
        event.setThrown(fault);
        new OneLine().isLoggable(event);
        String written = FORMAT.format(event);
        assertThat(written.lines()).noneMatch(line -> line.startsWith("ERROR forged"));
        assertThat(written)
                .doesNotContain("\u001b")
                .contains("bad name 'x\\nERROR forged \\u001b[0m'")
                .contains("at " + OneLineTest.class.getName());
    }

    @Test
    void whatIsHarmlessIsLeftAlone() {
        var fault = new IllegalStateException("plain");
        var event = new ExtLogRecord(Level.INFO, "name=%s", ExtLogRecord.FormatStyle.PRINTF, "test");
        event.setParameters(new Object[] {"Ünïcödé 海象 =1+1"});
        event.setThrown(fault);
        new OneLine().isLoggable(event);
        assertThat(event.getFormattedMessage()).isEqualTo("name=Ünïcödé 海象 =1+1");
        assertThat(event.getThrown()).isSameAs(fault);
    }
}
