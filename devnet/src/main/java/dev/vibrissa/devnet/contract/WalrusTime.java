package dev.vibrissa.devnet.contract;

/**
 * Where the network stands in its epochs.
 *
 * @param committeeSelected whether the next committee is fixed: what comes now is too late for the next epoch
 */
record WalrusTime(long epoch, boolean committeeSelected) {
    /** The epoch from which stake counts that is added now, and until which what is withdrawn now counts. */
    long votingEpoch() {
        return committeeSelected ? epoch + 2 : epoch + 1;
    }
}
