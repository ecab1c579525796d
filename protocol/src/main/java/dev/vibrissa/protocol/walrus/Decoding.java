package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.Optional;
import java.util.function.Function;

/**
 * What reading bytes of a Walrus type gave. A contract upgrade can bring types and layouts that we do not know, so
 * neither is a fault of ours: the bytes are kept raw, counted and shown.
 */
public sealed interface Decoding<T> {
    record Known<T>(T value) implements Decoding<T> {}

    /** No type of this name was known when this was built. */
    record Unknown<T>(String name) implements Decoding<T> {}

    /** The name is known, but the bytes are not of its layout. */
    record Malformed<T>(String name, String reason) implements Decoding<T> {}

    /** The value, if it was understood. */
    default Optional<T> known() {
        return this instanceof Known<T>(T value) ? Optional.of(value) : Optional.empty();
    }

    /** Reads {@code contents}, all of them, as {@code layout}. */
    static <T> Decoding<T> of(String name, byte[] contents, Function<BcsReader, ? extends T> layout) {
        return of(name, Bytes.of(contents), layout);
    }

    /** The same without a copy. */
    static <T> Decoding<T> of(String name, Bytes contents, Function<BcsReader, ? extends T> layout) {
        try {
            var in = contents.reader();
            T value = layout.apply(in);
            in.end();
            return new Known<>(value);
        } catch (BcsException e) {
            return new Malformed<>(name, String.valueOf(e.getMessage()));
        }
    }
}
