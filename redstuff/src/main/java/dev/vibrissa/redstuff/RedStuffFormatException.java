package dev.vibrissa.redstuff;

/** Bytes that are not what they should be: cut off, too long, or with an unknown tag. */
public final class RedStuffFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedStuffFormatException(String what, int position) {
        super("%s at byte %d".formatted(what, position));
    }
}
