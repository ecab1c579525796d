package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * What the Move module {@code walrus::events} tells: 22 kinds of event in six families.
 *
 * <p>Records bear the Move struct's name and list its fields in BCS order. Epochs are Walrus epochs, unsigned 32-bit,
 * and ends are exclusive. Unsigned 64-bit values are the {@code long} of the same bits. No event carries money, an
 * owner or a stake; those are read from objects.
 *
 * @see "walrus, mainnet-contracts/walrus/sources/system/events.move"
 */
public sealed interface WalrusEvent
        permits BlobEvent, StoragePoolEvent, EpochEvent, PackageEvent, ProtocolEvent, DenyListEvent {
    /** The Move module that declares every Walrus event. */
    String MODULE = "events";

    /**
     * The Walrus epoch the event speaks of. The current epoch is never before it: an extension names the epoch of the
     * first certification, every other event the current one.
     */
    long epoch();

    /** Hands the fields over in the order of the Move struct. */
    void describe(MoveFields out);

    /** Name of the Move struct. */
    default String name() {
        return getClass().getSimpleName();
    }

    default void encode(BcsWriter out) {
        describe(new BcsFields(out));
    }

    default byte[] toBcs() {
        return BcsWriter.encode(this, (out, event) -> event.encode(out));
    }

    /** The fields under their Move names, in order, as values that JSON can hold: see {@link NamedFields}. */
    default SequencedMap<String, Object> fields() {
        var out = new NamedFields();
        describe(out);
        return out.values();
    }

    /**
     * Reads one event of the Walrus package.
     *
     * @param name name of the Move struct in {@code walrus::events}
     * @param contents the event's BCS, without a type
     */
    static Decoding<WalrusEvent> decode(String name, byte[] contents) {
        return decode(name, Bytes.of(contents));
    }

    /** The same without a copy. */
    static Decoding<WalrusEvent> decode(String name, Bytes contents) {
        var layout = EventLayouts.BY_NAME.get(name);
        return layout == null ? new Decoding.Unknown<>(name) : Decoding.of(name, contents, layout);
    }

    /** How the event of a name is read, where it is known. */
    static Optional<Function<BcsReader, WalrusEvent>> layout(String name) {
        return Optional.ofNullable(EventLayouts.BY_NAME.get(name));
    }

    /** The names of all events known here. */
    static Set<String> names() {
        return EventLayouts.BY_NAME.keySet();
    }
}
