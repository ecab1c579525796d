package dev.vibrissa.indexer.kafka;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.vibrissa.indexer.PreparedCheckpoints.Prepared;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.StoredObject;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.kafka.v1.AttestedEventBlob;
import dev.vibrissa.kafka.v1.Certificate;
import dev.vibrissa.kafka.v1.Event;
import dev.vibrissa.kafka.v1.EventBlob;
import dev.vibrissa.kafka.v1.ObjectChange;
import dev.vibrissa.kafka.v1.PackageVersion;
import dev.vibrissa.kafka.v1.RingChange;
import dev.vibrissa.kafka.v1.Transaction;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointContents;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.ObjectSet;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A checkpoint with its facts, as bytes and back. What comes back is equal to what was extracted, but the checkpoint has lost
 * its transactions and objects, and its contents too where nobody will want them proven.
 */
final class FactsCodec {
    private FactsCodec() {}

    static byte[] encode(Checkpoint checkpoint, CheckpointFacts facts) {
        var message = dev.vibrissa.kafka.v1.CheckpointFacts.newBuilder()
                .setSummaryBcs(bytes(checkpoint.summaryBcs()))
                .setSignatureEpoch(checkpoint.signature().epoch())
                .setSignature(bytes(checkpoint.signature().signature()))
                .setSignersBitmap(bytes(checkpoint.signature().bitmap()))
                .addAllPackages(packages(facts.packages()))
                .addAllPackagesAfter(packages(facts.packagesAfter()))
                .setTransactionCount(facts.transactionCount())
                .setFailedCount(facts.failedCount())
                .setSystemCreated(facts.systemCreated());
        if (!facts.transactions().isEmpty()
                || !facts.suspects().isEmpty()
                || checkpoint.summary().endOfEpoch().isPresent()) {
            message.setContentsBcs(bytes(checkpoint.contentsBcs()));
        }
        facts.transactions().forEach(each -> message.addTransactions(transaction(each)));
        facts.suspects().forEach(each -> message.addSuspects(transaction(each)));
        facts.quarantined()
                .forEach(each -> message.addQuarantined(dev.vibrissa.kafka.v1.Quarantined.newBuilder()
                        .setTransactionIndex(each.transactionIndex())
                        .setPart(each.part())
                        .setReference(each.reference())
                        .setType(each.type())
                        .setReason(each.reason())
                        .setBytes(bytes(each.bytes()))));
        facts.walChanges()
                .forEach(each -> message.addWalChanges(dev.vibrissa.kafka.v1.WalChange.newBuilder()
                        .setTransactionIndex(each.transactionIndex())
                        .setTransaction(bytes(each.transaction()))
                        .setAddress(bytes(each.address()))
                        .setAmount(each.amount())));
        return message.build().toByteArray();
    }

    static List<PackageVersion> packages(PackageChain chain) {
        return chain.ids().entrySet().stream()
                .map(each -> PackageVersion.newBuilder()
                        .setVersion(each.getKey())
                        .setPackageId(bytes(each.getValue()))
                        .build())
                .toList();
    }

    private static Transaction transaction(TransactionFacts facts) {
        var message = Transaction.newBuilder()
                .setIndex(facts.index())
                .setDigest(bytes(facts.digest()))
                .setSender(bytes(facts.sender()))
                .setGasOwner(bytes(facts.gasOwner()))
                .addAllCalls(facts.calls())
                .setEffectsBcs(bytes(facts.effectsBcs()))
                .setSystemStateWritten(facts.systemStateWritten())
                .setDataBcs(bytes(facts.data().bcs()));
        facts.error().ifPresent(message::setError);
        facts.eventsBcs().ifPresent(bcs -> message.setEventsBcs(bytes(bcs)));
        facts.events()
                .forEach(each -> message.addEvents(Event.newBuilder()
                        .setOrdinal(each.ordinal())
                        .setSuiIndex(each.suiIndex())
                        .setName(each.name())
                        .setTypePackage(bytes(each.typePackage()))
                        .setEmitter(each.emitter())
                        .setKnown(each.event().isPresent())
                        .setContents(bytes(each.contents()))));
        facts.objects().forEach(each -> message.addObjects(object(each)));
        facts.certificates()
                .forEach(each -> message.addCertificates(Certificate.newBuilder()
                        .setCommandIndex(each.commandIndex())
                        .setMessageType(each.messageType())
                        .setWalrusEpoch(each.walrusEpoch())
                        .setSignersBitmap(bytes(each.signersBitmap()))
                        .setMessage(bytes(each.message()))
                        .setSignature(bytes(each.signature()))));
        facts.system().ifPresent(system -> message.setSystem(system(system)));
        return message.build();
    }

    private static ObjectChange object(ObjectFact fact) {
        var message = ObjectChange.newBuilder()
                .setId(bytes(fact.id()))
                .setVersion(fact.version())
                .setChange(fact.change().column())
                .setType(fact.type());
        fact.before().ifPresent(state -> message.setBefore(state(state)));
        fact.after().ifPresent(state -> message.setAfter(state(state)));
        fact.heldInside().ifPresent(holder -> message.setHeldInside(bytes(holder)));
        return message.build();
    }

    private static dev.vibrissa.kafka.v1.ObjectState state(ObjectState state) {
        return dev.vibrissa.kafka.v1.ObjectState.newBuilder()
                .setVersion(state.version())
                .setKnown(state.value().isPresent())
                .setBcs(bytes(state.bcs()))
                .build();
    }

    private static dev.vibrissa.kafka.v1.SystemChange system(SystemChange change) {
        var message = dev.vibrissa.kafka.v1.SystemChange.newBuilder()
                .setStoragePriceBefore(change.storagePriceBefore())
                .setWritePriceBefore(change.writePriceBefore())
                .setEpoch(change.epoch())
                .setNShards(change.nShards())
                .setTotalCapacity(change.totalCapacity())
                .setUsedCapacity(change.usedCapacity())
                .setStoragePrice(change.storagePrice())
                .setWritePrice(change.writePrice());
        change.ring()
                .forEach(each -> message.addRing(RingChange.newBuilder()
                        .setFirstEpoch(each.firstEpoch())
                        .setEndEpoch(each.endEpochExclusive())
                        .setRewards(each.rewards())
                        .setUsed(each.used())));
        change.certified().ifPresent(blob -> message.setCertified(eventBlob(blob)));
        change.attested()
                .forEach(each -> message.addAttested(AttestedEventBlob.newBuilder()
                        .setBlob(eventBlob(each.blob()))
                        .setWeight(each.weight())));
        return message.build();
    }

    private static EventBlob eventBlob(SystemStateInner.EventBlob blob) {
        return EventBlob.newBuilder()
                .setBlobId(UnsafeByteOperations.unsafeWrap(blob.blobId().toByteArray()))
                .setEndingCheckpoint(blob.endingCheckpointSequenceNumber())
                .build();
    }

    /**
     * Reads a checkpoint and holds it against its own digests: contents against the summary, transactions and their effects
     * against the contents, events against the effects.
     *
     * @throws MalformedRecordException if the bytes are no checkpoint, or another than {@code sequenceNumber}
     */
    static Prepared decode(byte[] bytes, long sequenceNumber) {
        try {
            var message = dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(bytes);
            var checkpoint = checkpoint(message);
            if (checkpoint.summary().sequenceNumber() != sequenceNumber) {
                throw new MalformedRecordException("its summary is of checkpoint %d, not %d"
                        .formatted(checkpoint.summary().sequenceNumber(), sequenceNumber));
            }
            return new Prepared(
                    Optional.empty(),
                    checkpoint,
                    facts(message, checkpoint),
                    new ChainVerifier.Ahead(Optional.empty()));
        } catch (MalformedRecordException e) {
            throw e;
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            // Whatever a decoder makes of bytes that anybody may have damaged: the record is at fault.
            throw new MalformedRecordException("checkpoint %d: %s".formatted(sequenceNumber, e), e);
        }
    }

    private static Checkpoint checkpoint(dev.vibrissa.kafka.v1.CheckpointFacts message) {
        Bytes summaryBcs = bytes(message.getSummaryBcs());
        var summary = BcsReader.decode(summaryBcs, CheckpointSummary::decode);
        Bytes contentsBcs = bytes(message.getContentsBcs());
        boolean isWanted = message.getTransactionsCount() > 0
                || message.getSuspectsCount() > 0
                || summary.endOfEpoch().isPresent();
        if ((isWanted || !contentsBcs.isEmpty())
                && !DigestKind.CHECKPOINT_CONTENTS.digest(contentsBcs).equals(summary.contentDigest())) {
            throw new MalformedRecordException(
                    "the contents of checkpoint %d are not those of its summary".formatted(summary.sequenceNumber()));
        }
        return new Checkpoint(
                summary,
                summaryBcs,
                DigestKind.CHECKPOINT_SUMMARY.digest(summaryBcs),
                new AuthoritySignature(
                        message.getSignatureEpoch(), bytes(message.getSignature()), bytes(message.getSignersBitmap())),
                contentsBcs.isEmpty()
                        ? new CheckpointContents(1, List.of())
                        : BcsReader.decode(contentsBcs, CheckpointContents::decode),
                contentsBcs,
                List.of(),
                ObjectSet.none());
    }

    private static CheckpointFacts facts(dev.vibrissa.kafka.v1.CheckpointFacts message, Checkpoint checkpoint) {
        var transactions = transactions(message.getTransactionsList(), checkpoint);
        var suspects = transactions(message.getSuspectsList(), checkpoint);
        requireOnce(
                Stream.concat(transactions.stream(), suspects.stream()).map(TransactionFacts::index), "transaction");
        return new CheckpointFacts(
                checkpoint.summary().sequenceNumber(),
                checkpoint.summary().timestamp(),
                chain(message.getPackagesList()),
                chain(message.getPackagesAfterList()),
                message.getTransactionCount(),
                message.getFailedCount(),
                transactions,
                suspects,
                message.getQuarantinedList().stream()
                        .map(each -> new Quarantined(
                                each.getTransactionIndex(),
                                each.getPart(),
                                each.getReference(),
                                each.getType(),
                                each.getReason(),
                                bytes(each.getBytes())))
                        .toList(),
                message.getSystemCreated(),
                message.getWalChangesList().stream()
                        .map(each -> new WalChange(
                                each.getTransactionIndex(),
                                new Digest(each.getTransaction().toByteArray()),
                                address(each.getAddress()),
                                each.getAmount()))
                        .toList(),
                List.of());
    }

    /** @throws IllegalArgumentException if two versions have one number */
    static PackageChain chain(List<PackageVersion> versions) {
        var ids = new TreeMap<Long, SuiAddress>();
        for (PackageVersion each : versions) {
            if (ids.put(each.getVersion(), address(each.getPackageId())) != null) {
                throw new IllegalArgumentException("two packages of version " + each.getVersion());
            }
        }
        return new PackageChain(ids);
    }

    private static List<TransactionFacts> transactions(List<Transaction> messages, Checkpoint checkpoint) {
        return messages.stream().map(each -> transaction(each, checkpoint)).toList();
    }

    private static TransactionFacts transaction(Transaction message, Checkpoint checkpoint) {
        var digest = new Digest(message.getDigest().toByteArray());
        Bytes effects = bytes(message.getEffectsBcs());
        requirePartOf(checkpoint, message.getIndex(), digest, effects);
        requireIts(message, digest, effects);
        List<EventFact> events =
                message.getEventsList().stream().map(FactsCodec::event).toList();
        requireOnce(events.stream().map(EventFact::ordinal), "event");
        requireOnce(events.stream().map(EventFact::suiIndex), "event");
        return new TransactionFacts(
                message.getIndex(),
                digest,
                address(message.getSender()),
                address(message.getGasOwner()),
                message.hasError() ? Optional.of(message.getError()) : Optional.empty(),
                List.copyOf(message.getCallsList()),
                effects,
                message.hasEventsBcs() ? Optional.of(bytes(message.getEventsBcs())) : Optional.empty(),
                events,
                message.getObjectsList().stream().map(FactsCodec::object).toList(),
                message.getCertificatesList().stream()
                        .map(each -> new CertificateFact(
                                each.getCommandIndex(),
                                each.getMessageType(),
                                each.getWalrusEpoch(),
                                bytes(each.getSignersBitmap()),
                                bytes(each.getMessage()),
                                bytes(each.getSignature())))
                        .toList(),
                message.getSystemStateWritten(),
                Part.decode(bytes(message.getDataBcs()), TransactionData::decode),
                message.hasSystem() ? Optional.of(system(message.getSystem())) : Optional.empty());
    }

    private static void requirePartOf(Checkpoint checkpoint, int index, Digest digest, Bytes effects) {
        var entries = checkpoint.contents().transactions();
        if (index < 0
                || index >= entries.size()
                || !entries.get(index).transaction().equals(digest)
                || !entries.get(index).effects().equals(DigestKind.EFFECTS.digest(effects))) {
            throw new MalformedRecordException("transaction %s is not number %d of checkpoint %d"
                    .formatted(digest, index, checkpoint.summary().sequenceNumber()));
        }
    }

    private static void requireIts(Transaction message, Digest digest, Bytes effects) {
        if (!DigestKind.TRANSACTION.digest(bytes(message.getDataBcs())).equals(digest)) {
            throw new MalformedRecordException("the data of transaction %s are another's".formatted(digest));
        }
        Optional<Digest> events = message.hasEventsBcs()
                ? Optional.of(DigestKind.EVENTS.digest(bytes(message.getEventsBcs())))
                : Optional.empty();
        var known = Part.decode(effects, TransactionEffects::decode).decoded();
        if (known.isPresent() && !known.get().eventsDigest().equals(events)) {
            throw new MalformedRecordException("the events of transaction %s are another's".formatted(digest));
        }
    }

    private static void requireOnce(Stream<Integer> numbers, String what) {
        var seen = new HashSet<Integer>();
        numbers.forEach(number -> {
            if (!seen.add(number)) {
                throw new MalformedRecordException("%s %d comes twice".formatted(what, number));
            }
        });
    }

    private static EventFact event(Event message) {
        Bytes contents = bytes(message.getContents());
        return new EventFact(
                message.getOrdinal(),
                message.getSuiIndex(),
                message.getName(),
                address(message.getTypePackage()),
                message.getEmitter(),
                message.getKnown()
                        ? WalrusEvent.decode(message.getName(), contents).known()
                        : Optional.empty(),
                contents);
    }

    private static ObjectFact object(ObjectChange message) {
        return new ObjectFact(
                address(message.getId()),
                message.getVersion(),
                Change.ofColumn(message.getChange()),
                message.getType(),
                message.hasBefore() ? Optional.of(state(message.getBefore())) : Optional.empty(),
                message.hasAfter() ? Optional.of(state(message.getAfter())) : Optional.empty(),
                message.hasHeldInside() ? Optional.of(address(message.getHeldInside())) : Optional.empty());
    }

    private static ObjectState state(dev.vibrissa.kafka.v1.ObjectState message) {
        Bytes bcs = bytes(message.getBcs());
        return message.getKnown()
                ? StoredObject.before(message.getVersion(), bcs)
                : StoredObject.unread(message.getVersion(), bcs);
    }

    private static SystemChange system(dev.vibrissa.kafka.v1.SystemChange message) {
        return new SystemChange(
                message.getStoragePriceBefore(),
                message.getWritePriceBefore(),
                message.getEpoch(),
                message.getNShards(),
                message.getTotalCapacity(),
                message.getUsedCapacity(),
                message.getStoragePrice(),
                message.getWritePrice(),
                message.getRingList().stream()
                        .map(each -> new SystemChange.RingChange(
                                each.getFirstEpoch(), each.getEndEpoch(), each.getRewards(), each.getUsed()))
                        .toList(),
                message.hasCertified() ? Optional.of(eventBlob(message.getCertified())) : Optional.empty(),
                message.getAttestedList().stream()
                        .map(each -> new SystemChange.Attested(eventBlob(each.getBlob()), each.getWeight()))
                        .toList());
    }

    private static SystemStateInner.EventBlob eventBlob(EventBlob message) {
        return new SystemStateInner.EventBlob(
                new BlobId(message.getBlobId().toByteArray()), message.getEndingCheckpoint());
    }

    private static ByteString bytes(Bytes bytes) {
        return bytes.with((array, offset, length) -> UnsafeByteOperations.unsafeWrap(array, offset, length));
    }

    private static ByteString bytes(SuiAddress address) {
        return UnsafeByteOperations.unsafeWrap(address.toByteArray());
    }

    private static ByteString bytes(Digest digest) {
        return UnsafeByteOperations.unsafeWrap(digest.toByteArray());
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.of(bytes.toByteArray());
    }

    private static SuiAddress address(ByteString bytes) {
        return new SuiAddress(bytes.toByteArray());
    }
}
