package dev.vibrissa.devnet;

/** A devnet runs in this folder already. */
public final class FolderInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FolderInUseException(String sentence) {
        super(sentence);
    }
}
