package dev.vibrissa.protocol.sui.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.proof.Evidence.Anchor;
import dev.vibrissa.protocol.sui.proof.Evidence.EventEvidence;
import dev.vibrissa.protocol.sui.proof.Evidence.ObjectEvidence;
import java.util.Base64;
import java.util.Set;

/**
 * Evidence as JSON, by {@code schemas/evidence-v1.schema.json}: bytes in standard Base64, digests in Base58. Reading
 * is strict, for a field we do not know may change what the rest means.
 */
public final class EvidenceJson {
    private static final String FORMAT = "vibrissa-evidence-v1";
    private static final Set<String> COMMON =
            Set.of("format", "kind", "summary", "signature", "contents", "transaction", "effects");
    private static final Set<String> SIGNATURE = Set.of("epoch", "signature", "bitmap");
    private static final int SIGNATURE_BYTES = 48;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private EvidenceJson() {}

    public static String write(Evidence evidence) {
        Anchor anchor = evidence.anchor();
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("kind", evidence instanceof EventEvidence ? "event" : "object")
                .put("summary", base64(anchor.summary()));
        json.putObject("signature")
                .put("epoch", anchor.signature().epoch())
                .put("signature", base64(anchor.signature().signature()))
                .put("bitmap", base64(anchor.signature().bitmap()));
        json.put("contents", base64(anchor.contents()))
                .put("transaction", anchor.transaction().toString())
                .put("effects", base64(anchor.effects()));
        switch (evidence) {
            case EventEvidence(Anchor _, Bytes events, int eventIndex) ->
                json.put("events", base64(events)).put("eventIndex", eventIndex);
            case ObjectEvidence(Anchor _, Bytes object) -> json.put("object", base64(object));
        }
        return json.toPrettyString();
    }

    /**
     * @throws EvidenceFormatException if {@code text} does not follow the schema; whether the evidence holds is
     *     another question
     */
    public static Evidence read(String text) {
        JsonNode json = parse(text);
        if (!string(json, "format").equals(FORMAT)) {
            throw new EvidenceFormatException("format is '%s', not '%s'".formatted(string(json, "format"), FORMAT));
        }
        return switch (string(json, "kind")) {
            case "event" -> {
                onlyFields(json, COMMON, Set.of("events", "eventIndex"));
                yield new EventEvidence(
                        anchor(json), bytes(json, "events"), (int) number(json, "eventIndex", Integer.MAX_VALUE));
            }
            case "object" -> {
                onlyFields(json, COMMON, Set.of("object"));
                yield new ObjectEvidence(anchor(json), bytes(json, "object"));
            }
            case String kind ->
                throw new EvidenceFormatException("kind '%s' is neither event nor object".formatted(kind));
        };
    }

    private static Anchor anchor(JsonNode json) {
        JsonNode signature = field(json, "signature");
        onlyFields(signature, SIGNATURE, Set.of());
        Bytes point = bytes(signature, "signature");
        if (point.length() != SIGNATURE_BYTES) {
            throw new EvidenceFormatException(
                    "signature has %d bytes, not %d".formatted(point.length(), SIGNATURE_BYTES));
        }
        return new Anchor(
                bytes(json, "summary"),
                new AuthoritySignature(number(signature, "epoch", Long.MAX_VALUE), point, bytes(signature, "bitmap")),
                bytes(json, "contents"),
                digest(json, "transaction"),
                bytes(json, "effects"));
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new EvidenceFormatException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void onlyFields(JsonNode json, Set<String> common, Set<String> more) {
        json.fieldNames().forEachRemaining(name -> {
            if (!common.contains(name) && !more.contains(name)) {
                throw new EvidenceFormatException("unknown field '%s'".formatted(name));
            }
        });
    }

    private static JsonNode field(JsonNode json, String name) {
        JsonNode field = json.get(name);
        if (field == null) {
            throw new EvidenceFormatException("field '%s' is missing".formatted(name));
        }
        return field;
    }

    private static String string(JsonNode json, String name) {
        JsonNode field = field(json, name);
        if (!field.isTextual()) {
            throw new EvidenceFormatException("field '%s' is no string".formatted(name));
        }
        return field.textValue();
    }

    private static long number(JsonNode json, String name, long max) {
        JsonNode field = field(json, name);
        if (!field.isIntegralNumber()
                || !field.canConvertToLong()
                || field.longValue() < 0
                || field.longValue() > max) {
            throw new EvidenceFormatException("field '%s' is no whole number from 0 to %d".formatted(name, max));
        }
        return field.longValue();
    }

    private static Bytes bytes(JsonNode json, String name) {
        try {
            return Bytes.of(Base64.getDecoder().decode(string(json, name)));
        } catch (IllegalArgumentException e) {
            throw new EvidenceFormatException("field '%s' is no Base64: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static Digest digest(JsonNode json, String name) {
        try {
            return Digest.parse(string(json, name));
        } catch (IllegalArgumentException e) {
            throw new EvidenceFormatException("field '%s': %s".formatted(name, e.getMessage()), e);
        }
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
