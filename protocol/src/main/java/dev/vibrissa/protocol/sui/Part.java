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
            return new Decoded<>(BcsReader.decode(bcs, type), bcs);
        } catch (BcsException e) {
            return new Undecoded<>(bcs, String.valueOf(e.getMessage()));
        }
    }

    default Optional<T> decoded() {
        return switch (this) {
            case Decoded<T>(T value, Bytes _) -> Optional.of(value);
            case Undecoded<T> _ -> Optional.empty();
        };
    }
}
