package dev.vibrissa.protocol.walrus.eventblob;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.status.EventId;

/**
 * One element of an event blob: an event, or the end of a checkpoint, which every checkpoint has.
 *
 * @see "walrus, crates/walrus-service/src/event/events.rs, IndexedStreamEvent"
 */
public sealed interface Element {
    /** How many families of events are known here; one of this number came later. */
    int KNOWN_FAMILIES = Kinds.FAMILIES.size();

    /** Number of the element in the whole history, from 0. */
    long index();

    /** Sequence number of the Sui checkpoint. */
    long checkpoint();

    /** Position among the checkpoint's elements, from 0. */
    long counter();

    /**
     * A Walrus event.
     *
     * @param id its ordinal counts the transaction's Walrus events only
     */
    record Occurrence(long index, long checkpoint, long counter, EventId id, WalrusEvent event) implements Element {}

    /** The checkpoint is over; {@code counter} is the number of its events. */
    record Boundary(long index, long checkpoint, long counter) implements Element {}

    /** An element as it stands in the file, without its length: exactly one of all bytes. */
    static Element decode(BcsReader in) {
        int kind = variant(in, "EventStreamElement", 2);
        Element element;
        if (kind == 0) {
            int family = variant(in, "ContractEvent", Kinds.FAMILIES.size());
            var kinds = Kinds.FAMILIES.get(family);
            var event = kinds.get(variant(in, kinds.toString(), kinds.size())).read(in);
            var transaction = Digest.decode(in);
            int start = in.position();
            long ordinal = in.u64();
            if (ordinal < 0 || ordinal > Integer.MAX_VALUE) {
                throw new BcsException("an event has number " + Long.toUnsignedString(ordinal), start);
            }
            var id = new EventId(transaction, (int) ordinal);
            long checkpoint = number(in);
            long counter = number(in);
            element = new Occurrence(number(in), checkpoint, counter, id, event);
        } else {
            long checkpoint = number(in);
            long counter = number(in);
            element = new Boundary(number(in), checkpoint, counter);
        }
        in.end();
        return element;
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case Occurrence occurrence -> {
                out.uleb(0);
                Kinds.writeTags(occurrence.event(), out);
                occurrence.event().encode(out);
                occurrence.id().transaction().encodeWithLength(out);
                out.u64(occurrence.id().ordinal());
            }
            case Boundary _ -> out.uleb(1);
        }
        out.u64(checkpoint()).u64(counter()).u64(index());
    }

    private static int variant(BcsReader in, String type, int known) {
        int start = in.position();
        int variant = in.uleb();
        if (variant >= known) {
            throw new UnknownVariant(type, variant, start);
        }
        return variant;
    }

    private static long number(BcsReader in) {
        int start = in.position();
        long number = in.u64();
        if (number < 0) {
            throw new BcsException("number %s is beyond 2^63".formatted(Long.toUnsignedString(number)), start);
        }
        return number;
    }

    /** A variant that came to be after this program: for the reader, which makes a value of it. */
    final class UnknownVariant extends RuntimeException {
        final int offset;

        private UnknownVariant(String type, int variant, int offset) {
            super("%s has no variant %d known here".formatted(type, variant));
            this.offset = offset;
        }
    }
}
