package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.object.Metadata;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who stores what, through which contract, and what it calls its content. Only ever adds rows. */
final class AdoptionProjection implements AutoCloseable {
    private static final Set<String> LABELS = Set.of("content-type", "_walrusblobtype");

    private final PreparedStatement registration;
    private final PreparedStatement registrant;
    private final PreparedStatement label;

    private record Registered(long epoch, SuiAddress objectId, long size) {}

    private AdoptionProjection(Connection db) throws SQLException {
        registration = db.prepareStatement("""
                insert into registration (tx_digest, walrus_ordinal, checkpoint, tx_index, epoch, object_id, publisher, owner,
                  caller, free, size)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
        registrant = db.prepareStatement("""
                insert into registrant (role, address, first_epoch, first_checkpoint) values (?, ?, ?, ?)
                on conflict (role, address) do nothing
                """);
        label = db.prepareStatement("""
                insert into content_label (object_id, key, value, checkpoint) values (?, ?, ?, ?)
                on conflict (object_id, key) do nothing
                """);
    }

    static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        try (var projection = new AdoptionProjection(db)) {
            for (CheckpointFacts each : batch) {
                for (TransactionFacts transaction : each.transactions()) {
                    projection.happened(new Deed(each, transaction));
                }
            }
            projection.registration.executeBatch();
            projection.registrant.executeBatch();
            projection.label.executeBatch();
        }
    }

    @Override
    public void close() throws SQLException {
        try (registration;
                registrant;
                label) {
            // Nothing else: each is closed even if another cannot be.
        }
    }

    private void happened(Deed deed) throws SQLException {
        for (EventFact fact : deed.transaction().events()) {
            switch (fact.event().orElse(null)) {
                case BlobRegistered e -> registered(deed, fact, new Registered(e.epoch(), e.objectId(), e.size()));
                case PooledBlobRegistered e ->
                    registered(deed, fact, new Registered(e.epoch(), e.objectId(), e.unencodedSize()));
                case null, default -> {
                    // of blobs that were registered before
                }
            }
        }
        for (ObjectFact object : deed.transaction().objects()) {
            var metadata = Deed.after(object, Metadata.class);
            if (metadata.isPresent()
                    && object.after().map(ObjectState::owner).orElse(null) instanceof Owner.ObjectOwner(var blob)) {
                labelled(deed, blob, metadata.get());
            }
        }
    }

    private void registered(Deed deed, EventFact fact, Registered event) throws SQLException {
        var owner = owner(deed, event.objectId());
        var publisher = deed.transaction().sender();
        registration.setBytes(1, deed.digest());
        registration.setInt(2, fact.ordinal());
        registration.setLong(3, deed.checkpoint());
        registration.setInt(4, deed.index());
        registration.setLong(5, event.epoch());
        registration.setBytes(6, event.objectId().toByteArray());
        registration.setBytes(7, publisher.toByteArray());
        registration.setBytes(8, Rows.bytes(owner.orElse(null)));
        registration.setString(9, fact.emitter());
        registration.setBoolean(10, deed.transaction().calls("system::certify_event_blob"));
        registration.setBigDecimal(11, BlobObjectRow.unsigned(event.size()));
        registration.addBatch();
        seen("publisher", publisher, deed, event.epoch());
        if (owner.isPresent()) {
            seen("owner", owner.get(), deed, event.epoch());
        }
    }

    private void seen(String role, SuiAddress address, Deed deed, long epoch) throws SQLException {
        registrant.setString(1, role);
        registrant.setBytes(2, address.toByteArray());
        registrant.setLong(3, epoch);
        registrant.setLong(4, deed.checkpoint());
        registrant.addBatch();
    }

    private static Optional<SuiAddress> owner(Deed deed, SuiAddress objectId) {
        return deed.transaction().objects().stream()
                .filter(object -> object.id().equals(objectId))
                .flatMap(object -> object.after().stream())
                .flatMap(state -> switch (state.owner()) {
                    case Owner.AddressOwner(var address) -> Optional.of(address).stream();
                    case Owner.ConsensusAddress(var _, var address) -> Optional.of(address).stream();
                    case Owner.ObjectOwner _, Owner.Shared _, Owner.Immutable _ ->
                        Optional.<SuiAddress>empty().stream();
                })
                .findFirst();
    }

    private void labelled(Deed deed, SuiAddress blob, Metadata metadata) throws SQLException {
        for (var attribute : metadata.metadata().entrySet()) {
            String key = attribute.getKey().toLowerCase(Locale.ROOT);
            if (LABELS.contains(key)) {
                label.setBytes(1, blob.toByteArray());
                label.setString(2, key.equals("content-type") ? key : "_walrusBlobType");
                label.setString(3, Rows.text(attribute.getValue()));
                label.setLong(4, deed.checkpoint());
                label.addBatch();
            }
        }
    }
}
