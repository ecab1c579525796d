package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * BLS12-381 signatures of one message by all signers: as Sui's validators make them, signatures in G1 (48 bytes) and keys in G2
 * (96 bytes), or as Walrus's storage nodes do, the other way round. An interface because the library behind it is native and
 * cannot load everywhere.
 */
public interface Bls {
    /** Decoded keys of a group of signers, by position. Safe for use by several threads. */
    interface Keys {
        /** Why these signers did not sign this message together; empty if they did. */
        Optional<String> faultOf(Bytes signature, byte[] message, int[] signers);
    }

    /**
     * Decodes keys and checks that each is a point of the right subgroup, which takes about as long as verifying a
     * signature: do it once for a committee.
     *
     * @throws IllegalArgumentException naming the first key that is not
     */
    Keys decode(List<Bytes> publicKeys);

    /** The library for this machine, or why there is none. */
    sealed interface Availability {
        record Available(Bls bls) implements Availability {}

        record Missing(String reason) implements Availability {}
    }

    /** For validators. */
    static Availability load() {
        return Blst.AVAILABILITY;
    }

    /** For storage nodes. */
    static Availability loadForNodes() {
        return switch (Blst.AVAILABILITY) {
            case Availability.Available _ -> new Availability.Available(new NodeBlst());
            case Availability.Missing missing -> missing;
        };
    }
}
