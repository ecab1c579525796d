package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.util.List;
import java.util.Set;

/** Versions of objects as facts keep them, read as they were when they were extracted. */
public final class StoredObject {
    private StoredObject() {}

    /** Types whose state before a transaction is of interest too. */
    public static Set<String> typesReadBefore() {
        return Extractor.READ_BEFORE;
    }

    /**
     * @param type as the fact has it
     * @param events of the transaction: some types are read only where an epoch turns
     */
    public static ObjectState after(String type, long version, Bytes bcs, List<EventFact> events) {
        boolean unread = Extractor.READ_WHERE_AN_EPOCH_TURNS.contains(type) && !EpochTurn.isAmong(events);
        return unread ? ObjectReader.storedUnread(version, bcs) : ObjectReader.stored(version, bcs);
    }

    /**
     * An object that somebody reports, as a fact before the first transaction of a checkpoint.
     *
     * @throws BcsException if the bytes are no object, or not one of Walrus's that we can read
     */
    public static ObjectFact reported(Bytes bcs, PackageChain packages, WalrusNetwork network) {
        return ObjectReader.reported(bcs, packages, network)
                .orElseThrow(() -> new BcsException("no object of Walrus's that we can read", 0));
    }

    /** A state whose contents nobody read. */
    public static ObjectState unread(long version, Bytes bcs) {
        return ObjectReader.storedUnread(version, bcs);
    }

    /** A state that a transaction found, of a type that is read before. */
    public static ObjectState before(long version, Bytes bcs) {
        return ObjectReader.stored(version, bcs);
    }
}
