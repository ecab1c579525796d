package dev.vibrissa.devnet.contract;

/**
 * What storage nodes have signed together, as a call brings it.
 *
 * @param signature sum of the signers' BLS signatures, compressed
 * @param signersBitmap bit {@code i}, from the least significant of byte {@code i / 8} on, for member {@code i}
 * @param message the very bytes that were signed
 */
public record Certificate(byte[] signature, byte[] signersBitmap, byte[] message) {}
