package dev.vibrissa.devnet.rpc;

import java.util.Optional;

/** The script of faults of one endpoint. It is asked by several threads. */
@FunctionalInterface
public interface StreamFaults {
    /** All goes well. */
    StreamFaults NONE = (_, _) -> Optional.empty();

    /**
     * What goes wrong with one message; asked once for each.
     *
     * @param subscriber counts the subscriptions since the endpoint started, from 0
     * @param checkpoint the one to be sent
     */
    Optional<StreamFault> at(long subscriber, long checkpoint);

    /** Whether the endpoint is out of service now: all calls, old and new, end with UNAVAILABLE. */
    default boolean unavailable() {
        return false;
    }
}
