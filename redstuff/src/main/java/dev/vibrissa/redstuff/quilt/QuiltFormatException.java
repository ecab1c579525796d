package dev.vibrissa.redstuff.quilt;

/** A blob is no quilt, or what is called a file in it is none. */
public final class QuiltFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuiltFormatException(String sentence) {
        super(sentence);
    }

    QuiltFormatException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
