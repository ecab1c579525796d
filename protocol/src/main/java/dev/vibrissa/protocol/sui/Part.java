package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a checkpoint whose bytes stand apart from the others, so that one we cannot read (a variant newer than
 * this program) spoils only itself.
 */
public sealed interface Part<T> {
    /** The bytes, decoded or not: digests are over them. */
    Bytes bcs();

    record Decoded<T>(T value, Bytes bcs) implements Part<T> {}

    /**
     * @param reason what stopped the decoder, and where
     */
    record Undecoded<T>(Bytes bcs, String reason) implements Part<T> {}

    static <T> Part<T> decode(Bytes bcs, Function<BcsReader, T> type) {
        try {
            var in = bcs.reader();
            T value = type.apply(in);
            in.end();
            return new Decoded<>(value, bcs);
        } catch (BcsException e) {
            return new Undecoded<>(bcs, String.valueOf(e.getMessage()));
        }
    }

    default Optional<T> value() {
        return switch (this) {
            case Decoded<T>(T value, Bytes _) -> Optional.of(value);
            case Undecoded<T> _ -> Optional.empty();
        };
    }
}
