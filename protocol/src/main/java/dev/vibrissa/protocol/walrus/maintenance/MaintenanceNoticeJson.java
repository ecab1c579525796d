package dev.vibrissa.protocol.walrus.maintenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Notices as JSON, by {@code schemas/maintenance-v1.schema.json}. Reading is strict. */
public final class MaintenanceNoticeJson {
    private static final Set<String> FIELDS = Set.of("nodeId", "from", "to", "reason", "signature");
    private static final Set<String> SIGNATURE = Set.of("key", "value");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private MaintenanceNoticeJson() {}

    /** @throws IllegalArgumentException if {@code text} is no notice; whether it is true is another question */
    public static MaintenanceNotice read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            only(json, FIELDS);
            return new MaintenanceNotice(
                    SuiAddress.parse(string(json, "nodeId")),
                    instant(json, "from"),
                    instant(json, "to"),
                    string(json, "reason"),
                    signed(json.path("signature")));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Optional<MaintenanceNotice.Signed> signed(JsonNode json) {
        if (json.isMissingNode()) {
            return Optional.empty();
        }
        only(json, SIGNATURE);
        return Optional.of(new MaintenanceNotice.Signed(
                switch (string(json, "key").toLowerCase(Locale.ROOT)) {
                    case "bls" -> MaintenanceNotice.Key.BLS;
                    case "network" -> MaintenanceNotice.Key.NETWORK;
                    case String other ->
                        throw new IllegalArgumentException("key is 'bls' or 'network', not '%s'".formatted(other));
                },
                Bytes.of(Base64.getDecoder().decode(string(json, "value")))));
    }

    private static void only(JsonNode json, Set<String> fields) {
        json.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw new IllegalArgumentException("unknown field '%s'".formatted(name));
            }
        });
    }

    private static String string(JsonNode json, String name) {
        JsonNode field = json.path(name);
        if (!field.isTextual()) {
            throw new IllegalArgumentException("field '%s' is no string".formatted(name));
        }
        return field.textValue();
    }

    /** Whole seconds: what is signed must be what every table gives back. */
    private static Instant instant(JsonNode json, String name) {
        try {
            Instant instant = Instant.parse(string(json, name));
            if (!instant.equals(instant.truncatedTo(ChronoUnit.SECONDS))) {
                throw new IllegalArgumentException("field '%s' is a whole second, not %s".formatted(name, instant));
            }
            return instant;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "field '%s' is no instant, such as 2026-11-21T10:00:00Z".formatted(name), e);
        }
    }
}
