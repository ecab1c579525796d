package dev.vibrissa.indexer.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.vibrissa.kafka.v1.Envelope;
import dev.vibrissa.kafka.v1.Part;
import dev.vibrissa.kafka.v1.Range;
import dev.vibrissa.kafka.v1.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records of both topics: keys, schema numbers, and large checkpoints in parts. */
final class Wire {
    static final int SCHEMA = 1;

    /** A broker takes messages of one MiB unless told otherwise. */
    static final int MOST_PART_BYTES = 768 << 10;

    private static final int DECIMAL_DIGITS = 19;

    /** 2^64 divided by the golden ratio: multiples of it lie far from each other, and in the end everywhere. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Wire() {}

    static byte[] key(long first) {
        return Long.toString(first).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Where a range is asked for: each attempt in another partition, and not in the next one, which most likely belongs to the
     * same extractor. Its source may be stuck while those of others are not.
     *
     * @return 0 to {@code partitions - 1}
     */
    static int partition(long first, int attempt, int partitions) {
        return (int) Math.unsignedMultiplyHigh((first + attempt) * GOLDEN, partitions);
    }

    /** The first checkpoint of the range that a record belongs to; empty if the key tells none. */
    static OptionalLong first(byte @Nullable [] key) {
        if (key == null || key.length == 0 || key.length > DECIMAL_DIGITS) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(new String(key, StandardCharsets.US_ASCII)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    static Range range(byte @Nullable [] value) {
        try {
            var range = Range.parseFrom(required(value));
            requireSchema(range.getSchema());
            if (range.getFirst() < 0 || range.getLast() < range.getFirst()) {
                throw new MalformedRecordException(
                        "a range from checkpoint %d to %d".formatted(range.getFirst(), range.getLast()));
            }
            return range;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no range: " + e.getMessage(), e);
        }
    }

    static Envelope envelope(byte @Nullable [] value) {
        try {
            var envelope = Envelope.parseFrom(required(value));
            requireSchema(envelope.getSchema());
            return switch (envelope.getContentCase()) {
                case PART, REFUSED -> envelope;
                case CONTENT_NOT_SET ->
                    throw new MalformedRecordException("an envelope with nothing that we know in it");
            };
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no envelope: " + e.getMessage(), e);
        }
    }

    private static byte[] required(byte @Nullable [] value) {
        if (value == null) {
            throw new MalformedRecordException("a record without a value");
        }
        return value;
    }

    private static void requireSchema(int schema) {
        if (schema != SCHEMA) {
            throw new MalformedRecordException("schema %d, we know %d".formatted(schema, SCHEMA));
        }
    }

    /** The records of one checkpoint. */
    static List<ProducerRecord<byte[], byte[]>> facts(
            String topic, Range range, String publisher, long sequenceNumber, byte[] facts) {
        int count = Math.max(1, (facts.length + MOST_PART_BYTES - 1) / MOST_PART_BYTES);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>(count);
        for (int i = 0; i < count; i++) {
            int from = i * MOST_PART_BYTES;
            int length = Math.min(MOST_PART_BYTES, facts.length - from);
            records.add(record(
                    topic,
                    range,
                    envelope(range, publisher)
                            .setPart(Part.newBuilder()
                                    .setSequenceNumber(sequenceNumber)
                                    .setIndex(i)
                                    .setCount(count)
                                    .setBytes(UnsafeByteOperations.unsafeWrap(facts, from, length)))));
        }
        return records;
    }

    /** @param notYet nothing is wrong but that the source has not got it so far */
    static ProducerRecord<byte[], byte[]> refused(
            String topic, Range range, String publisher, String reason, boolean notYet) {
        return record(
                topic,
                range,
                envelope(range, publisher)
                        .setRefused(Refused.newBuilder().setReason(reason).setNotYet(notYet)));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Range range, Envelope.Builder envelope) {
        return new ProducerRecord<>(
                topic, key(range.getFirst()), envelope.build().toByteArray());
    }

    private static Envelope.Builder envelope(Range range, String publisher) {
        return Envelope.newBuilder()
                .setSchema(SCHEMA)
                .setRangeFirst(range.getFirst())
                .setRangeLast(range.getLast())
                .setAttempt(range.getAttempt())
                .setPublisher(publisher);
    }
}
