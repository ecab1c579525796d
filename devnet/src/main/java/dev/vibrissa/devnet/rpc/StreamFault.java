package dev.vibrissa.devnet.rpc;

import java.time.Duration;

/** What can go wrong where a checkpoint is to be sent to a subscriber. */
public sealed interface StreamFault {
    /** Nothing is sent for so long; then the stream goes on as if nothing had been. */
    record Stall(Duration duration) implements StreamFault {}

    /** The stream ends with UNAVAILABLE instead. */
    record Disconnect() implements StreamFault {}

    /** The checkpoint is sent twice. */
    record Duplicate() implements StreamFault {}

    /** The checkpoint is left out. */
    record Gap() implements StreamFault {}

    /** The checkpoint is sent after the one that follows it. */
    record Reorder() implements StreamFault {}

    /**
     * The checkpoint comes with so many bytes more than it should have.
     *
     * @param bytes above 128 MiB nobody takes it
     */
    record Oversized(int bytes) implements StreamFault {}

    /** One bit of the committee's signature is turned. */
    record DamagedCertificate() implements StreamFault {}
}
