package dev.vibrissa.verifier.sample;

/** How deeply a probe looks, from a cheap word to the thing itself. */
public enum Depth {
    /** The node signs that it keeps its part of the blob. Its word, not a proof; many blobs for few bytes. */
    CLAIM,
    /** One symbol of a sliver with its Merkle path: proof of a piece. */
    SYMBOL,
    /** A whole primary sliver, verified to the blob id. */
    SLIVER
}
