package dev.vibrissa.verifier.sample;

/**
 * How much is asked in a round: the same number of every member, so that members can be compared.
 *
 * @param claims draws of each member
 * @param bytesPerMember of bodies at most: draws beyond it, in the order of their drawing, are not asked
 */
public record RoundPlan(int claims, int symbols, int slivers, long bytesPerMember) {
    public RoundPlan {
        if (claims < 0 || symbols < 0 || slivers < 0 || bytesPerMember < 0) {
            throw new IllegalArgumentException("a plan of %d claims, %d symbols, %d slivers and %d bytes"
                    .formatted(claims, symbols, slivers, bytesPerMember));
        }
    }

    public int of(Depth depth) {
        return switch (depth) {
            case CLAIM -> claims;
            case SYMBOL -> symbols;
            case SLIVER -> slivers;
        };
    }
}
