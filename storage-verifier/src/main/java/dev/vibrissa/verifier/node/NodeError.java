package dev.vibrissa.verifier.node;

/**
 * How a node explains that it does not answer; the pair of domain and reason identifies the error. All of it is the
 * node's text: shortened, and without control characters.
 *
 * @param domain {@code storage.walrus.space} for the node itself, {@code global} for any service; may be empty
 * @param reason such as {@code SLIVER_NOT_FOUND}; unknown ones are to be expected; may be empty
 * @param message for people; may be empty
 */
public record NodeError(String domain, String reason, String message) {}
