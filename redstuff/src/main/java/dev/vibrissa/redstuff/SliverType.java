package dev.vibrissa.redstuff;

/** The two directions in which the matrix of symbols is cut into slivers. */
public enum SliverType {
    /** A row: k2 source symbols, expanded by the code of the greater number of source symbols. */
    PRIMARY,
    /** A column: k1 source symbols. */
    SECONDARY;

    /** The other direction. */
    public SliverType other() {
        return this == PRIMARY ? SECONDARY : PRIMARY;
    }
}
