package dev.vibrissa.verifier.eventblob;

import java.nio.file.Path;

/** What came of looking for a blob. */
public sealed interface Fetched {
    /** The blob, every byte of it proven by the blob id. */
    record Found(Path file, long bytes) implements Fetched {}

    /** Nobody has it any more: nodes with a quorum of shards say so, or the folder does. It may have expired. */
    record Gone(String reason) implements Fetched {}

    /** It was not to be had now; that can pass. */
    record Unavailable(String reason) implements Fetched {}

    /** What the blob id stands for is no event blob, whoever is asked. */
    record Unfit(String reason) implements Fetched {}
}
