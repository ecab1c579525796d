package dev.vibrissa.verifier.node;

/**
 * A symbol of a blob's matrix.
 *
 * @param primary index of the primary sliver, the row
 * @param secondary index of the secondary sliver, the column
 */
public record SymbolId(int primary, int secondary) {
    /** As a request names it: {@code primary-secondary}. */
    @Override
    public String toString() {
        return primary + "-" + secondary;
    }
}
