package dev.vibrissa.indexer.extract;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything one checkpoint says about Walrus.
 *
 * @param timestamp the chain's clock
 * @param packages the packages that were taken for Walrus's at its beginning
 * @param packagesAfter the same with those it announced itself
 * @param transactionCount transactions of the checkpoint, of Walrus or not
 * @param failedCount those of them that failed
 * @param transactions only those that touched Walrus
 * @param suspects others that destroyed an object whose type the effects do not tell
 * @param systemCreated the Walrus System object was created here: its history begins
 * @param walChanges what became of the WAL of addresses, in all transactions of the checkpoint
 * @param reported objects as somebody says they were before the first transaction, where history begins with a snapshot
 */
public record CheckpointFacts(
        long sequenceNumber,
        Instant timestamp,
        PackageChain packages,
        PackageChain packagesAfter,
        int transactionCount,
        int failedCount,
        List<TransactionFacts> transactions,
        List<TransactionFacts> suspects,
        List<Quarantined> quarantined,
        boolean systemCreated,
        List<WalChange> walChanges,
        List<ObjectFact> reported) {

    /** Whether the change is the creation of Walrus itself. */
    public static boolean createsSystem(ObjectFact object) {
        return object.change() == Change.CREATED && object.type().equals("system::System");
    }

    /** The same with some suspects taken in. */
    public CheckpointFacts with(List<TransactionFacts> otherTransactions, List<TransactionFacts> otherSuspects) {
        return new CheckpointFacts(
                sequenceNumber,
                timestamp,
                packages,
                packagesAfter,
                transactionCount,
                failedCount,
                otherTransactions,
                otherSuspects,
                quarantined,
                systemCreated,
                walChanges,
                reported);
    }

    /** The same at the beginning of a history that begins with a snapshot. */
    public CheckpointFacts after(List<ObjectFact> snapshot) {
        return new CheckpointFacts(
                sequenceNumber,
                timestamp,
                packages,
                packagesAfter,
                transactionCount,
                failedCount,
                transactions,
                suspects,
                quarantined,
                systemCreated,
                walChanges,
                snapshot);
    }

    /**
     * One transaction that touched Walrus.
     *
     * @param error empty for success
     * @param calls {@code module::function} of its calls into the packages of Walrus, of WAL and of the subsidies
     * @param systemStateWritten it wrote the System's inner state, as every payment does
     * @param data its commands and inputs; undecoded where we do not know their form
     * @param system what it made of the System's inner state
     */
    public record TransactionFacts(
            int index,
            Digest digest,
            SuiAddress sender,
            SuiAddress gasOwner,
            Optional<String> error,
            List<String> calls,
            Bytes effectsBcs,
            Optional<Bytes> eventsBcs,
            List<EventFact> events,
            List<ObjectFact> objects,
            List<CertificateFact> certificates,
            boolean systemStateWritten,
            Part<TransactionData> data,
            Optional<SystemChange> system) {

        public boolean calls(String function) {
            return calls.contains(function);
        }

        /** Its commands and inputs, if people made it. */
        public Optional<TransactionKind.Programmable> program() {
            return data.decoded()
                    .map(TransactionData::kind)
                    .filter(TransactionKind.Programmable.class::isInstance)
                    .map(TransactionKind.Programmable.class::cast);
        }
    }

    /**
     * One event of Walrus.
     *
     * @param ordinal among the Walrus events of the transaction, as storage nodes count
     * @param suiIndex among all events of the transaction
     * @param typePackage package version that defines the event's type
     * @param emitter {@code package::module} of the top-level call
     * @param event empty if we do not know the event or its layout
     */
    public record EventFact(
            int ordinal,
            int suiIndex,
            String name,
            SuiAddress typePackage,
            String emitter,
            Optional<WalrusEvent> event,
            Bytes contents) {}

    /** What a transaction did to an object; the words of the column {@code object_change.change}. */
    public enum Change {
        CREATED,
        MUTATED,
        UNWRAPPED,
        WRAPPED,
        DELETED,
        /** Taken as it was before the transaction: the first we see of an object older than our history. */
        OBSERVED,
        /** Created and gone within the transaction, leaving only its id in the effects. */
        FLEETING;

        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Change ofColumn(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }

        /** Whether there is an object after it. */
        public boolean exists() {
            return switch (this) {
                case CREATED, MUTATED, UNWRAPPED, OBSERVED -> true;
                case WRAPPED, DELETED, FLEETING -> false;
            };
        }
    }

    /** An object as it was at one version. */
    public record ObjectState(long version, Owner owner, Optional<WalrusObject> value, Bytes bcs) {}

    /**
     * What one transaction did to one object of Walrus.
     *
     * @param version of the object after it, or of the transaction where the object is gone
     * @param type {@code module::Name}, for a dynamic field {@code Field<module::Name>}; empty for {@link
     *     Change#FLEETING}, whose type no one can tell
     * @param before its state as the transaction found it, where the checkpoint carries it
     * @param after its state as the transaction left it
     * @param heldInside of a {@link Change#WRAPPED} stake: the object that it went into, where that can be seen
     */
    public record ObjectFact(
            SuiAddress id,
            long version,
            Change change,
            String type,
            Optional<ObjectState> before,
            Optional<ObjectState> after,
            Optional<SuiAddress> heldInside) {

        /** The state that tells what the object is: after the transaction, or before if it is gone. */
        public Optional<ObjectState> lastState() {
            return after.or(() -> before);
        }
    }

    /**
     * How much WAL an address has more, or less, after a transaction, in coins of its own and in its address balance.
     *
     * @param amount FROST, never 0
     */
    public record WalChange(int transactionIndex, Digest transaction, SuiAddress address, long amount) {}

    /** A certificate of storage nodes among the arguments of a call. */
    public record CertificateFact(
            int commandIndex, int messageType, long walrusEpoch, Bytes signersBitmap, Bytes message, Bytes signature) {}

    /** Bytes that no decoder understands. */
    public record Quarantined(
            int transactionIndex, String part, String reference, String type, String reason, Bytes bytes) {}
}
