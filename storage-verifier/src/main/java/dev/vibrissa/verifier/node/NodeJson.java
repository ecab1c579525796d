package dev.vibrissa.verifier.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the JSON of nodes: envelopes and what is in them. Depth and sizes are bounded before a tree is built; a number
 * or text that is not what is due is a fault of the answer, never replaced by a default.
 */
final class NodeJson {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_STRING_CHARS = 16 << 10;
    private static final int MAX_NAME_CHARS = 200;
    private static final int MAX_NUMBER_CHARS = 40;
    private static final long MAX_U32 = 0xffff_ffffL;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING_CHARS)
                            .maxNameLength(MAX_NAME_CHARS)
                            .maxNumberLength(MAX_NUMBER_CHARS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private NodeJson() {}

    /** JSON that is not what is due. */
    private static final class FormException extends RuntimeException {
        FormException(String message) {
            super(message);
        }
    }

    /** What a reader makes of the data in an answer. */
    @FunctionalInterface
    interface Reader<T> {
        T read(JsonNode data);
    }

    /** The data of a successful answer. */
    static <T> Outcome.Judgement<T> read(byte[] body, Reader<T> reader) {
        try {
            JsonNode root = MAPPER.readTree(body);
            return new Outcome.Judgement.Held<>(reader.read(field(field(root, "success"), "data")));
        } catch (IOException | FormException e) {
            return new Outcome.Judgement.Failing<>(
                    new Failure.WrongForm("JSON: " + Texts.shown(String.valueOf(e.getMessage()))));
        }
    }

    /** What an error's body explains; empty if it is of another form, as when a proxy wrote it. */
    static Optional<NodeError> error(byte[] body) {
        try {
            JsonNode error = MAPPER.readTree(body).path("error");
            if (!error.isObject()) {
                return Optional.empty();
            }
            String domain = "";
            String reason = "";
            for (JsonNode each : error.path("details")) {
                if (each.path("@type").asText().equals("ErrorInfo")) {
                    domain = Texts.shown(each.path("domain").asText());
                    reason = Texts.shown(each.path("reason").asText());
                    break;
                }
            }
            return Optional.of(new NodeError(
                    domain, reason, Texts.shown(error.path("message").asText())));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static StoredStatus storedStatus(JsonNode data) {
        // The node writes lower camel case, one of its clients expects a capital letter.
        return switch (text(data, "status").toLowerCase(Locale.ROOT)) {
            case "nonexistent" -> StoredStatus.NONEXISTENT;
            case "buffered" -> StoredStatus.BUFFERED;
            case "stored" -> StoredStatus.STORED;
            default -> throw new FormException("status '%s'".formatted(data.asText()));
        };
    }

    static ClaimedStatus blobStatus(JsonNode data) {
        if (data.isTextual() && data.asText().equalsIgnoreCase("nonexistent")) {
            return new ClaimedStatus.Nonexistent();
        }
        if (!data.isObject() || data.size() != 1) {
            throw new FormException("a blob status is an object with one field");
        }
        var only = data.properties().iterator().next();
        JsonNode value = only.getValue();
        return switch (only.getKey()) {
            case "invalid" -> new ClaimedStatus.Invalid(event(field(value, "event")));
            case "permanent" ->
                new ClaimedStatus.Permanent(
                        u32(value, "endEpoch"),
                        bool(value, "isCertified"),
                        event(field(value, "statusEvent")),
                        counts(field(value, "deletableCounts")),
                        optionalEpoch(value));
            case "deletable" ->
                new ClaimedStatus.Deletable(counts(field(value, "deletableCounts")), optionalEpoch(value));
            default -> throw new FormException("blob status '%s'".formatted(only.getKey()));
        };
    }

    private static ClaimedStatus.Event event(JsonNode event) {
        return new ClaimedStatus.Event(
                text(field(event, "txDigest"), "txDigest"),
                Texts.shown(field(event, "eventSeq").asText()));
    }

    private static ClaimedStatus.Counts counts(JsonNode counts) {
        return new ClaimedStatus.Counts(u32(counts, "count_deletable_total"), u32(counts, "count_deletable_certified"));
    }

    private static Optional<Long> optionalEpoch(JsonNode status) {
        JsonNode epoch = status.path("initialCertifiedEpoch");
        return epoch.isMissingNode() || epoch.isNull()
                ? Optional.empty()
                : Optional.of(u32(status, "initialCertifiedEpoch"));
    }

    /** A signed message as it came: two byte strings. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Signed(byte[] message, byte[] signature) {}

    static Signed confirmation(JsonNode data) {
        JsonNode signed = field(data, "signed");
        return new Signed(base64(signed, "serializedMessage"), base64(signed, "signature"));
    }

    static NodeHealth health(JsonNode data) {
        JsonNode progress = field(data, "eventProgress");
        JsonNode summary = field(data, "shardSummary");
        JsonNode states = field(summary, "ownedShardStatus");
        return new NodeHealth(
                uptime(data.path("uptime")),
                u32(data, "epoch"),
                Texts.shown(data.path("publicKey").asText()),
                text(field(data, "nodeStatus"), "nodeStatus"),
                new NodeHealth.EventProgress(
                        count(progress, "persisted"),
                        count(progress, "pending"),
                        optionalCount(progress, "highestFinishedEventIndex")),
                new NodeHealth.ShardSummary(
                        count(summary, "owned"),
                        count(states, "unknown"),
                        count(states, "ready"),
                        count(states, "inTransfer"),
                        count(states, "inRecovery"),
                        count(summary, "readOnly")),
                optionalCount(data, "latestCheckpointSequenceNumber"),
                shards(data.path("shardDetail")));
    }

    private static Optional<Duration> uptime(JsonNode uptime) {
        JsonNode secs = uptime.path("secs");
        return secs.canConvertToLong() && secs.isIntegralNumber() && secs.asLong() >= 0
                ? Optional.of(Duration.ofSeconds(secs.asLong()))
                : Optional.empty();
    }

    private static List<NodeHealth.Shard> shards(JsonNode detail) {
        var shards = new ArrayList<NodeHealth.Shard>();
        for (JsonNode each : detail.path("owned")) {
            shards.add(shard(each, true));
        }
        for (JsonNode each : detail.path("other")) {
            shards.add(shard(each, false));
        }
        return List.copyOf(shards);
    }

    private static NodeHealth.Shard shard(JsonNode shard, boolean owned) {
        return new NodeHealth.Shard(count(shard, "shard"), text(field(shard, "status"), "status"), owned);
    }

    private static JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new FormException("no field '%s'".formatted(name));
        }
        return value;
    }

    private static String text(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw new FormException("'%s' is no text".formatted(name));
        }
        return Texts.shown(value.asText());
    }

    private static boolean bool(JsonNode object, String name) {
        JsonNode value = field(object, name);
        if (!value.isBoolean()) {
            throw new FormException("'%s' is neither true nor false".formatted(name));
        }
        return value.asBoolean();
    }

    private static long u32(JsonNode object, String name) {
        long value = count(object, name);
        if (value > MAX_U32) {
            throw new FormException("'%s' is %d, which is no 32-bit number".formatted(name, value));
        }
        return value;
    }

    private static long count(JsonNode object, String name) {
        JsonNode value = field(object, name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
            throw new FormException("'%s' is no count".formatted(name));
        }
        return value.asLong();
    }

    private static Optional<Long> optionalCount(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(count(object, name));
    }

    private static byte[] base64(JsonNode object, String name) {
        JsonNode value = field(object, name);
        if (!value.isTextual()) {
            throw new FormException("'%s' is no text".formatted(name));
        }
        try {
            return Base64.getDecoder().decode(value.asText());
        } catch (IllegalArgumentException _) {
            throw new FormException("'%s' is no Base64".formatted(name));
        }
    }
}
