package dev.vibrissa.verifier.evidence;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One line of a prover's log. Its exact text is what is hashed and kept, so that nobody has to agree on how JSON is
 * written.
 *
 * @param line without the line break
 */
public record LogEntry(Envelope envelope, String line) {
    /** What a first entry has for a predecessor. */
    public static final Bytes NO_PREVIOUS = Bytes.of(new byte[Sha256.BYTES]);

    /** What an entry is about. */
    public enum Kind {
        /** The log begins: who proves, on which network, by which software. */
        BEGIN,
        FRAME,
        ROUND,
        PROBE,
        OUTAGE,
        /** What several vantages together make of a probe of this log. */
        QUORUM,
        CONTRADICTION,
        /** An operator announced that a node would not serve. */
        MAINTENANCE,
        /** The signed root of the entries before it. */
        ROOT
    }

    /**
     * @param version of this format: 1
     * @param prover Ed25519 key, 32 bytes
     * @param sequence from 0, without a gap
     * @param previous SHA-256 of the line before, or 32 zero bytes
     */
    @JsonPropertyOrder({"version", "prover", "sequence", "previous", "at", "kind", "body"})
    public record Envelope(
            int version, Bytes prover, long sequence, Bytes previous, Instant at, Kind kind, JsonNode body) {}

    public static LogEntry of(Envelope envelope) {
        return new LogEntry(envelope, AuditJson.text(envelope));
    }

    /** @throws LogFormatException if the line is no entry */
    public static LogEntry parse(String line) {
        try {
            Envelope envelope = AuditJson.MAPPER.readValue(line, Envelope.class);
            if (envelope == null || envelope.version() != 1) {
                throw new LogFormatException("no entry of version 1");
            }
            return new LogEntry(envelope, line);
        } catch (JsonProcessingException e) {
            throw new LogFormatException(e.getOriginalMessage());
        }
    }

    /** SHA-256 of the line's UTF-8. */
    public Bytes hash() {
        return Sha256.of(line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The body as a {@code type}.
     *
     * @throws LogFormatException if it is none
     */
    public <T> T body(Class<T> type) {
        try {
            T body = AuditJson.MAPPER.treeToValue(envelope.body(), type);
            if (body == null) {
                throw new LogFormatException("entry %d has no body".formatted(envelope.sequence()));
            }
            return body;
        } catch (JsonProcessingException e) {
            throw new LogFormatException("entry %d is no %s: %s"
                    .formatted(envelope.sequence(), type.getSimpleName(), e.getOriginalMessage()));
        }
    }
}
