package dev.vibrissa.devnet;

/** The folder holds another network than the one that is wanted. */
public final class OtherNetworkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherNetworkException(String sentence) {
        super(sentence);
    }
}
