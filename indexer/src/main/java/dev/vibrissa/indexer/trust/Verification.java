package dev.vibrissa.indexer.trust;

/** How a checkpoint was verified; the words of the column {@code checkpoint.verification}. */
public enum Verification {
    /** A quorum of a committee that leads back to the anchor signed it. */
    CERTIFICATE("certificate"),
    /** A later verified checkpoint leads back to it by digests. */
    HASH_CHAIN("hash-chain"),
    /** Consistent in itself and with its neighbours; no committee vouches for it. */
    UNVERIFIED("unverified");

    private final String column;

    Verification(String column) {
        this.column = column;
    }

    public String column() {
        return column;
    }

    public static Verification ofColumn(String column) {
        for (Verification each : values()) {
            if (each.column.equals(column)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no verification is called " + column);
    }
}
