package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.sui.CommitteeMember;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** What a full node can be asked. Checkpoints are sealed in order without a gap. Safe for use by several threads. */
public interface ChainReader {
    /** The digest of checkpoint 0. */
    Digest chainId();

    /** The first checkpoint that is kept. */
    long lowest();

    /** The last checkpoint that was sealed; -1 before the first. */
    long tip();

    /**
     * A checkpoint as the checkpoint store has it: a binary {@code sui.rpc.v2.Checkpoint} whose bodies are BCS, with all
     * objects that its transactions read or wrote.
     */
    Optional<byte[]> checkpoint(long sequenceNumber);

    Optional<Long> checkpointByDigest(Digest digest);

    /** Where a transaction was executed. */
    Optional<Position> transaction(Digest digest);

    record Position(long checkpoint, int index) {}

    /** An object as it is now. */
    Optional<SuiObject> object(SuiAddress id);

    /** An object as it was at one version. */
    Optional<SuiObject> object(SuiAddress id, long version);

    /** All live objects with exactly this owner, by id; dynamic fields of X are owned by {@code ObjectOwner(X)}. */
    List<SuiObject> ownedBy(Owner owner);

    /** The running epoch of Sui: that of the next checkpoint. */
    long epoch();

    /** The Sui epochs so far, the running one last. */
    List<EpochSpan> epochs();

    /**
     * @param committeeMembers in the order of the committee
     * @param lastCheckpoint empty while the epoch runs
     */
    record EpochSpan(
            long epoch, List<CommitteeMember> committeeMembers, long firstCheckpoint, Optional<Long> lastCheckpoint) {}

    /** Calls {@code sealed} with each checkpoint that is sealed from now on, in order, until closed; it must not block. */
    Subscription subscribe(LongConsumer sealed);

    /** Ends with {@link #close}. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
