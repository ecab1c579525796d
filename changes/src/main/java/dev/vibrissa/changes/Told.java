package dev.vibrissa.changes;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.vibrissa.changes.v1.Change;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * A change as it stands in the outbox.
 *
 * @param toldAt our clock
 * @param kind what happened: the name of the field that is set, such as {@code blob_registered}
 * @param change with its id, and nothing else if it cannot be read
 * @param isReadable false if the row's bytes are no change: whoever tells others passes it over and counts it
 */
public record Told(long id, Instant toldAt, String kind, Subject subject, Change change, boolean isReadable) {
    private static final Logger LOG = Logger.getLogger(Told.class);

    /** Zeros and false are said, too: who reads JSON has no schema at hand. */
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().omittingInsignificantWhitespace().alwaysPrintFieldsWithNoPresence();

    /**
     * Reads a row of the outbox. Of a kind that only a newer program knows, the row says what it is about, and the change
     * keeps its bytes.
     *
     * @param topic word of the topic
     * @param key of the subject
     * @param body without the id; if it is no change, one damaged row must not keep back all those after it
     * @throws IllegalArgumentException if there is no such topic
     */
    public static Told of(long id, Instant toldAt, String topic, String kind, String key, byte[] body) {
        try {
            Change change = Change.parseFrom(body).toBuilder().setId(id).build();
            Subject subject = isKnown(change) ? Subject.of(change) : Subject.unknown(Topic.ofWord(topic), key);
            return new Told(id, toldAt, kind, subject, change, true);
        } catch (InvalidProtocolBufferException e) {
            LOG.debugf("change cannot be read id=%d reason=\"%s\"", (Object) id, e.getMessage());
            Change nothing = Change.newBuilder().setId(id).build();
            return new Told(id, toldAt, kind, Subject.unknown(Topic.ofWord(topic), key), nothing, false);
        }
    }

    /** One line: the message by the rules of Protobuf, in which 64-bit numbers are strings. */
    public String json() {
        try {
            return JSON.print(change);
        } catch (InvalidProtocolBufferException e) { // only of messages within Any
            throw new IllegalStateException(e);
        }
    }

    /** Whether this program knows what the change says: while others are newer, it may not. */
    public boolean isKnown() {
        return isKnown(change);
    }

    private static boolean isKnown(Change change) {
        return change.getWhatCase() != Change.WhatCase.WHAT_NOT_SET;
    }

    static String kind(Change change) {
        return change.getDescriptorForType()
                .findFieldByNumber(change.getWhatCase().getNumber())
                .getName();
    }
}
