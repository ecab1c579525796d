package dev.vibrissa.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * One JSON object a line. The log manager's own formatter wants a library that is not where the log manager is loaded from.
 */
final class JsonLines extends ExtFormatter {
    /** In ASCII alone: what stands in a name on chain may turn a terminal's text around, or colour it. */
    private final ObjectMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Override
    public String format(ExtLogRecord event) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("timestamp", event.getInstant().toString());
        fields.put("level", event.getLevel().getName());
        fields.put("loggerName", event.getLoggerName());
        fields.put("threadName", event.getThreadName());
        fields.put("message", event.getFormattedMessage());
        String trace = trace(event);
        if (!trace.isEmpty()) {
            fields.put("stackTrace", trace);
        }
        try {
            return json.writeValueAsString(fields) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // texts are always written
        }
    }

    private static String trace(LogRecord event) {
        Throwable thrown = event.getThrown();
        if (thrown == null) {
            return "";
        }
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
