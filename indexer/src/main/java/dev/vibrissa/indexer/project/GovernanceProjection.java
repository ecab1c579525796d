package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.CertificateMessage.DenyListUpdated;
import dev.vibrissa.protocol.walrus.DenyListEvent;
import dev.vibrissa.protocol.walrus.DenyListEvent.DenyListUpdate;
import dev.vibrissa.protocol.walrus.ProtocolEvent.ProtocolVersionUpdated;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the committee decides and how it votes. Few rows, written as they come. */
final class GovernanceProjection {
    private final Connection db;
    private final Rounds rounds;
    private final ContractVersions versions;

    private GovernanceProjection(Connection db) throws SQLException {
        this.db = db;
        this.rounds = new Rounds(db);
        this.versions = new ContractVersions(db);
    }

    static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var projection = new GovernanceProjection(db);
        for (CheckpointFacts each : batch) {
            if (!each.reported().isEmpty()) {
                projection.versions.reported(each);
            }
            for (TransactionFacts transaction : each.transactions()) {
                projection.happened(new Deed(each, transaction));
            }
        }
    }

    private void happened(Deed deed) throws SQLException {
        var upgrade = versions.changed(deed);
        for (ObjectFact object : deed.transaction().objects()) {
            rounds.changed(deed, object, upgrade);
        }
        rounds.fleeting(deed, upgrade);
        for (EventFact fact : deed.transaction().events()) {
            switch (fact.event().orElse(null)) {
                case DenyListEvent event -> denyList(deed, fact.ordinal(), event);
                case ProtocolVersionUpdated event -> protocolVersion(deed, fact.ordinal(), event);
                case null, default -> {
                    // Upgrades are read from the objects that the votes change.
                }
            }
        }
    }

    /** How long the list is, the event does not say: the certificate does, and the capability as the last update left it. */
    private void denyList(Deed deed, int ordinal, DenyListEvent event) throws SQLException {
        boolean inForce = event instanceof DenyListUpdate;
        Optional<BigDecimal> size = inForce
                ? certifiedSize(deed, event)
                        .or(() -> deed.after(StorageNodeCap.class)
                                .filter(cap -> cap.nodeId().equals(event.nodeId())
                                        && cap.denyListSequence() == event.sequenceNumber())
                                .map(StorageNodeCap::denyListSize)
                                .findFirst())
                        .map(BlobObjectRow::unsigned)
                : Optional.empty();
        Rows.update(
                db,
                """
                insert into deny_list_update (tx_digest, walrus_ordinal, checkpoint, tx_index, updated_at, node_id, epoch,
                  announced, sequence, root, size)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                deed.digest(),
                ordinal,
                deed.checkpoint(),
                deed.index(),
                deed.at(),
                event.nodeId().toByteArray(),
                event.epoch(),
                !inForce,
                BlobObjectRow.unsigned(event.sequenceNumber()),
                new BcsWriter().u256(event.root()).toByteArray(),
                size.orElse(null));
    }

    private static Optional<Long> certifiedSize(Deed deed, DenyListEvent event) {
        return deed.transaction().certificates().stream()
                .flatMap(certificate ->
                        CertificateMessage.decode(certificate.message().toByteArray()).known().stream())
                .filter(DenyListUpdated.class::isInstance)
                .map(DenyListUpdated.class::cast)
                .filter(message ->
                        message.nodeId().equals(event.nodeId()) && message.sequenceNumber() == event.sequenceNumber())
                .map(DenyListUpdated::sizeBytes)
                .findFirst();
    }

    private void protocolVersion(Deed deed, int ordinal, ProtocolVersionUpdated event) throws SQLException {
        Rows.update(
                db,
                """
                insert into protocol_version (tx_digest, walrus_ordinal, checkpoint, tx_index, updated_at, epoch, start_epoch,
                  version)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                deed.digest(),
                ordinal,
                deed.checkpoint(),
                deed.index(),
                deed.at(),
                event.epoch(),
                event.startEpoch(),
                BlobObjectRow.unsigned(event.protocolVersion()));
    }
}
