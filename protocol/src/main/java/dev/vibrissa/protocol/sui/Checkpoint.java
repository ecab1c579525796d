package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;

/**
 * A checkpoint as a file brought it: decoded, not yet believed.
 *
 * <p>Of the digests only {@code digest} was computed here (from {@code summaryBcs}); all others are claims until
 * they were checked.
 *
 * @param transactions in order of execution, one for each entry of {@code contents}
 * @param objects versions that the transactions read or wrote, as far as the file has them
 */
public record Checkpoint(
        CheckpointSummary summary,
        Bytes summaryBcs,
        Digest digest,
        AuthoritySignature signature,
        CheckpointContents contents,
        Bytes contentsBcs,
        List<ExecutedTransaction> transactions,
        ObjectSet objects) {}
