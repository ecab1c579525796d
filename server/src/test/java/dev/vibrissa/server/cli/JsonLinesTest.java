package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    @Test
    void whateverStandsInANameIsKeptAndDoesNothing() throws Exception {
        String name = "node\r\n\u001b[2J\u009b2J\u0085\u2028\u202e\u6d77\u8c61";
        var event = new ExtLogRecord(Level.WARN, "name=%s", ExtLogRecord.FormatStyle.PRINTF, "test");
        event.setParameters(new Object[] {name});
        event.setThrown(new IllegalStateException(name));
        String line = new JsonLines().format(event);
        assertThat(line).endsWith("}\n");
        assertThat(line.stripTrailing().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        var read = new ObjectMapper().readTree(line);
        assertThat(read.get("message").asText()).isEqualTo("name=" + name);
        assertThat(read.get("stackTrace").asText()).contains(name, "at " + JsonLinesTest.class.getName());
    }
}
