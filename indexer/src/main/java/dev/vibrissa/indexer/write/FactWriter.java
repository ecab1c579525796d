package dev.vibrissa.indexer.write;

import com.github.luben.zstd.Zstd;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.trust.Verification;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Milestones;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlob;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores facts by COPY, straight into their tables: the caller has claimed the range, so no row can be there yet. */
public final class FactWriter {
    private static final int ZSTD_LEVEL = 3;
    /** The column {@code tx_index} of what is reported of the state before a checkpoint. */
    static final int BEFORE_TRANSACTIONS = -1;

    private FactWriter() {}

    /** A checkpoint that was believed, with what it says. */
    public record Accepted(Checkpoint checkpoint, CheckpointFacts facts, Verification verification, int sourceId) {
        public long sequenceNumber() {
            return checkpoint.summary().sequenceNumber();
        }

        /** The same with facts that were read with more knowledge. */
        public Accepted with(CheckpointFacts other) {
            return new Accepted(checkpoint, other, verification, sourceId);
        }
    }

    /** The facts of a batch, without the checkpoints they came in. */
    public static List<CheckpointFacts> facts(List<Accepted> batch) {
        return batch.stream().map(Accepted::facts).toList();
    }

    /**
     * The batch as it reads with these packages: what was read ahead with others is read again, in order, since a
     * checkpoint may announce a package itself.
     */
    public static List<Accepted> readWith(PackageChain packages, WalrusNetwork network, List<Accepted> batch) {
        var read = new ArrayList<Accepted>(batch.size());
        for (Accepted each : batch) {
            var facts = each.facts().packages().equals(packages)
                    ? each.facts()
                    : Extractor.extract(each.checkpoint(), packages, network)
                            .after(each.facts().reported());
            packages = facts.packagesAfter();
            read.add(each.with(facts));
        }
        return read;
    }

    /**
     * Stores all facts of {@code batch}.
     *
     * @return rows stored, over all tables
     */
    public static long write(Connection db, List<Accepted> batch) throws SQLException {
        return checkpoints(db, batch)
                + evidence(db, batch)
                + transactions(db, batch)
                + events(db, batch)
                + objects(db, batch)
                + observed(db, FirstSight.in(db, batch))
                + certificates(db, batch)
                + systemChanges(db, batch)
                + ringChanges(db, batch)
                + eventBlobHeads(db, batch)
                + eventBlobWeights(db, batch)
                + walChanges(db, batch)
                + quarantine(db, batch);
    }

    private static long checkpoints(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db,
                "checkpoint",
                "sequence_number, digest, sui_epoch, checkpoint_at, transactions, failed, walrus_events, verification, source_id")) {
            for (Accepted each : batch) {
                var summary = each.checkpoint().summary();
                copy.row()
                        .bigint(summary.sequenceNumber())
                        .bytea(each.checkpoint().digest().toByteArray())
                        .bigint(summary.epoch())
                        .timestamp(summary.timestamp())
                        .integer(each.facts().transactionCount())
                        .integer(each.facts().failedCount())
                        .integer(each.facts().transactions().stream()
                                .mapToInt(transaction -> transaction.events().size())
                                .sum())
                        .text(each.verification().column())
                        .integer(each.sourceId());
            }
            return copy.finish();
        }
    }

    /** Only for checkpoints that anybody will want proven: those with something of Walrus, hand-overs and milestones. */
    private static long evidence(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db,
                "checkpoint_evidence",
                "checkpoint, summary_bcs, signature_epoch, signature, signers_bitmap, contents_zstd")) {
            for (Accepted each : batch) {
                var checkpoint = each.checkpoint();
                boolean isSummaryEnough = each.facts().transactions().isEmpty()
                        && checkpoint.summary().endOfEpoch().isEmpty();
                if (isSummaryEnough && !Milestones.contains(each.sequenceNumber())) {
                    continue;
                }
                copy.row()
                        .bigint(each.sequenceNumber())
                        .bytea(checkpoint.summaryBcs())
                        .bigint(checkpoint.signature().epoch())
                        .bytea(checkpoint.signature().signature())
                        .bytea(checkpoint.signature().bitmap());
                if (isSummaryEnough) {
                    copy.none();
                } else {
                    copy.bytea(Zstd.compress(checkpoint.contentsBcs().toByteArray(), ZSTD_LEVEL));
                }
            }
            return copy.finish();
        }
    }

    private static long transactions(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db,
                "transaction",
                "digest, checkpoint, tx_index, sender, gas_owner, error, calls, effects_bcs, events_bcs,"
                        + " system_written, data_bcs")) {
            for (Accepted each : batch) {
                for (TransactionFacts transaction : each.facts().transactions()) {
                    copy.row()
                            .bytea(transaction.digest().toByteArray())
                            .bigint(each.sequenceNumber())
                            .integer(transaction.index())
                            .bytea(transaction.sender().toByteArray())
                            .bytea(transaction.gasOwner().toByteArray())
                            .text(transaction.error().orElse(null))
                            .texts(transaction.calls())
                            .bytea(transaction.effectsBcs());
                    transaction.eventsBcs().ifPresentOrElse(copy::bytea, copy::none);
                    copy.bool(transaction.systemStateWritten())
                            .bytea(transaction.data().bcs());
                }
            }
            return copy.finish();
        }
    }

    private static long events(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db,
                "event",
                "tx_digest, walrus_ordinal, sui_event_index, checkpoint, tx_index, name, known, type_package, emitter,"
                        + " blob_id, object_id, storage_pool_id, contents")) {
            for (Accepted each : batch) {
                for (TransactionFacts transaction : each.facts().transactions()) {
                    for (EventFact event : transaction.events()) {
                        @Nullable WalrusEvent known = event.event().orElse(null);
                        copy.row()
                                .bytea(transaction.digest().toByteArray())
                                .integer(event.ordinal())
                                .integer(event.suiIndex())
                                .bigint(each.sequenceNumber())
                                .integer(transaction.index())
                                .text(event.name())
                                .bool(known != null)
                                .bytea(event.typePackage().toByteArray())
                                .text(event.emitter())
                                .bytea(EventKeys.blobId(known))
                                .bytea(EventKeys.objectId(known))
                                .bytea(EventKeys.storagePoolId(known))
                                .bytea(event.contents());
                    }
                }
            }
            return copy.finish();
        }
    }

    private static long objects(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = objectCopy(db)) {
            for (Accepted each : batch) {
                for (ObjectFact object : each.facts().reported()) {
                    objectRow(copy, each.sequenceNumber(), BEFORE_TRANSACTIONS, object);
                }
                for (TransactionFacts transaction : each.facts().transactions()) {
                    for (ObjectFact object : transaction.objects()) {
                        objectRow(copy, each.sequenceNumber(), transaction.index(), object);
                    }
                }
            }
            return copy.finish();
        }
    }

    private static long observed(Connection db, List<FirstSight> found) throws SQLException {
        if (found.isEmpty()) {
            return 0;
        }
        try (var copy = objectCopy(db)) {
            for (FirstSight each : found) {
                objectRow(copy, each.checkpoint(), each.transactionIndex(), each.object());
            }
            return copy.finish();
        }
    }

    private static BinaryCopy objectCopy(Connection db) throws SQLException {
        return new BinaryCopy(
                db,
                "object_change",
                "object_id, version, change, checkpoint, tx_index, type, owner_kind, owner, blob_id, inner_object_id,"
                        + " object_bcs, held_inside");
    }

    private static void objectRow(BinaryCopy copy, long checkpoint, int transactionIndex, ObjectFact object)
            throws SQLException {
        copy.row()
                .bytea(object.id().toByteArray())
                .bigint(object.version())
                .text(object.change().column())
                .bigint(checkpoint)
                .integer(transactionIndex)
                .text(object.type());
        object.after()
                .ifPresentOrElse(
                        state -> owner(copy, state.owner()),
                        () -> copy.text("none").none());
        @Nullable
        WalrusObject value =
                object.lastState().flatMap(CheckpointFacts.ObjectState::value).orElse(null);
        copy.bytea(ObjectKeys.blobId(value)).bytea(ObjectKeys.innerObjectId(object));
        object.after().map(CheckpointFacts.ObjectState::bcs).ifPresentOrElse(copy::bytea, copy::none);
        object.heldInside().ifPresentOrElse(wrapper -> copy.bytea(wrapper.toByteArray()), copy::none);
    }

    private static void owner(BinaryCopy copy, Owner owner) {
        switch (owner) {
            case Owner.AddressOwner(var address) -> copy.text("address").bytea(address.toByteArray());
            case Owner.ConsensusAddress(var _, var address) ->
                copy.text("address").bytea(address.toByteArray());
            case Owner.ObjectOwner(var parent) -> copy.text("object").bytea(parent.toByteArray());
            case Owner.Shared _ -> copy.text("shared").none();
            case Owner.Immutable _ -> copy.text("immutable").none();
        }
    }

    private static long certificates(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db,
                "certificate",
                "tx_digest, command_index, checkpoint, tx_index, message_type, walrus_epoch, signers_bitmap, message,"
                        + " signature")) {
            for (Accepted each : batch) {
                for (TransactionFacts transaction : each.facts().transactions()) {
                    for (CertificateFact certificate : transaction.certificates()) {
                        copy.row()
                                .bytea(transaction.digest().toByteArray())
                                .integer(certificate.commandIndex())
                                .bigint(each.sequenceNumber())
                                .integer(transaction.index())
                                .smallint(certificate.messageType())
                                .bigint(certificate.walrusEpoch())
                                .bytea(certificate.signersBitmap())
                                .bytea(certificate.message())
                                .bytea(certificate.signature());
                    }
                }
            }
            return copy.finish();
        }
    }

    private static long systemChanges(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db,
                "system_change",
                "checkpoint, tx_index, tx_digest, storage_price_before, write_price_before, epoch, n_shards, total_capacity,"
                        + " used_capacity, storage_price, write_price")) {
            for (Accepted each : batch) {
                for (TransactionFacts transaction : each.facts().transactions()) {
                    if (transaction.system().isEmpty()) {
                        continue;
                    }
                    var system = transaction.system().get();
                    copy.row()
                            .bigint(each.sequenceNumber())
                            .integer(transaction.index())
                            .bytea(transaction.digest().toByteArray())
                            .unsigned(system.storagePriceBefore())
                            .unsigned(system.writePriceBefore())
                            .bigint(system.epoch())
                            .integer(system.nShards())
                            .unsigned(system.totalCapacity())
                            .unsigned(system.usedCapacity())
                            .unsigned(system.storagePrice())
                            .unsigned(system.writePrice());
                }
            }
            return copy.finish();
        }
    }

    private static long ringChanges(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db, "ring_change", "checkpoint, tx_index, first_epoch, end_epoch, rewards_delta, used_delta")) {
            for (Accepted each : batch) {
                for (TransactionFacts transaction : each.facts().transactions()) {
                    if (transaction.system().isEmpty()) {
                        continue;
                    }
                    for (SystemChange.RingChange change :
                            transaction.system().get().ring()) {
                        copy.row()
                                .bigint(each.sequenceNumber())
                                .integer(transaction.index())
                                .bigint(change.firstEpoch())
                                .bigint(change.endEpochExclusive())
                                .bigint(change.rewards())
                                .bigint(change.used());
                    }
                }
            }
            return copy.finish();
        }
    }

    /** Of a snapshot's System too: from there on an event blob can be looked for. */
    private static long eventBlobHeads(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy =
                new BinaryCopy(db, "event_blob_head", "checkpoint, tx_index, tx_digest, blob_id, ending_checkpoint")) {
            for (Accepted each : batch) {
                Optional<EventBlob> reported = each.facts().reported().stream()
                        .flatMap(object -> object.after().stream())
                        .flatMap(state -> state.value().stream())
                        .filter(SystemStateInner.class::isInstance)
                        .findFirst()
                        .flatMap(system -> ((SystemStateInner) system)
                                .eventBlobCertificationState()
                                .latestCertifiedBlob());
                if (reported.isPresent()) {
                    copy.row()
                            .bigint(each.sequenceNumber())
                            .integer(BEFORE_TRANSACTIONS)
                            .none()
                            .bytea(reported.get().blobId().toByteArray())
                            .unsigned(reported.get().endingCheckpointSequenceNumber());
                }
                for (TransactionFacts transaction : each.facts().transactions()) {
                    Optional<EventBlob> certified = transaction.system().flatMap(SystemChange::certified);
                    if (certified.isPresent()) {
                        copy.row()
                                .bigint(each.sequenceNumber())
                                .integer(transaction.index())
                                .bytea(transaction.digest().toByteArray())
                                .bytea(certified.get().blobId().toByteArray())
                                .unsigned(certified.get().endingCheckpointSequenceNumber());
                    }
                }
            }
            return copy.finish();
        }
    }

    private static long eventBlobWeights(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(
                db, "event_blob_weight", "checkpoint, tx_index, tx_digest, blob_id, ending_checkpoint, weight")) {
            for (Accepted each : batch) {
                for (TransactionFacts transaction : each.facts().transactions()) {
                    for (SystemChange.Attested candidate :
                            transaction.system().map(SystemChange::attested).orElse(List.of())) {
                        copy.row()
                                .bigint(each.sequenceNumber())
                                .integer(transaction.index())
                                .bytea(transaction.digest().toByteArray())
                                .bytea(candidate.blob().blobId().toByteArray())
                                .unsigned(candidate.blob().endingCheckpointSequenceNumber())
                                .integer(candidate.weight());
                    }
                }
            }
            return copy.finish();
        }
    }

    private static long walChanges(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy = new BinaryCopy(db, "wal_change", "checkpoint, tx_index, address, tx_digest, amount")) {
            for (Accepted each : batch) {
                for (WalChange change : each.facts().walChanges()) {
                    copy.row()
                            .bigint(each.sequenceNumber())
                            .integer(change.transactionIndex())
                            .bytea(change.address().toByteArray())
                            .bytea(change.transaction().toByteArray())
                            .bigint(change.amount());
                }
            }
            return copy.finish();
        }
    }

    private static long quarantine(Connection db, List<Accepted> batch) throws SQLException {
        try (var copy =
                new BinaryCopy(db, "quarantine", "checkpoint, tx_index, part, reference, type, reason, bytes")) {
            for (Accepted each : batch) {
                for (Quarantined part : each.facts().quarantined()) {
                    copy.row()
                            .bigint(each.sequenceNumber())
                            .integer(part.transactionIndex())
                            .text(part.part())
                            .text(part.reference())
                            .text(part.type())
                            .text(part.reason())
                            .bytea(part.bytes());
                }
            }
            return copy.finish();
        }
    }
}
