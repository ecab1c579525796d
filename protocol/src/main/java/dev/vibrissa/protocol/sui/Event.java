package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;

/**
 * What a Move module emitted.
 *
 * @param packageId package version of the top-level call that led to the event; says nothing about the type
 * @param module module of that call
 * @param type the event's type, whose address decides whose event it is
 * @param contents BCS of the Move struct
 */
public record Event(SuiAddress packageId, String module, SuiAddress sender, StructTag type, Bytes contents) {
    /** Two addresses, two empty names, an empty type and empty contents. */
    private static final int MIN_BYTES = 3 * 32 + 5;

    public static Event decode(BcsReader in) {
        return new Event(
                SuiAddress.decode(in), in.string(), SuiAddress.decode(in), StructTag.decode(in), in.bytesView());
    }

    /** The events of one transaction, in order of emission: what {@code eventsDigest} is taken over. */
    public static List<Event> decodeList(BcsReader in) {
        return in.list(MIN_BYTES, Event::decode);
    }

    public void encode(BcsWriter out) {
        packageId.encode(out);
        out.string(module);
        sender.encode(out);
        type.encode(out);
        out.bytes(contents);
    }

    public static void encodeList(List<Event> events, BcsWriter out) {
        out.list(events, (each, event) -> event.encode(each));
    }
}
