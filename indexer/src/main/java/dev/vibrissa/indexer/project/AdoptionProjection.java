package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EncodedSize;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.object.Metadata;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who stores what, through which contract, and what it calls its content; and the sites that are made of blobs. */
final class AdoptionProjection {
    private static final Map<String, String> LABELS =
            Map.of("content-type", "content-type", "_walrusblobtype", "_walrusBlobType");

    /** An upload relay wants to see, first of all inputs: hash of the blob, hash of a nonce, unencoded length. */
    private static final int RELAY_HASHES_BYTES = 64;

    private static final int RELAY_INPUT_BYTES = RELAY_HASHES_BYTES + Long.BYTES;

    private final AdoptionRows rows;
    private final Sites sites;
    private long runningEpoch;

    private AdoptionProjection(Connection db) throws SQLException {
        rows = new AdoptionRows(db);
        sites = new Sites(db);
        try (PreparedStatement select = db.prepareStatement("select coalesce(max(epoch), -1) from adoption");
                ResultSet found = select.executeQuery()) {
            found.next();
            runningEpoch = found.getLong(1);
        }
    }

    static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var projection = new AdoptionProjection(db);
        for (CheckpointFacts each : batch) {
            for (TransactionFacts transaction : each.transactions()) {
                projection.happened(new Deed(each, transaction));
            }
        }
        projection.rows.store();
        projection.sites.store();
    }

    private void happened(Deed deed) throws SQLException {
        for (EventFact fact : deed.transaction().events()) {
            switch (fact.event().orElse(null)) {
                case BlobRegistered e -> {
                    boolean free = EventBlobs.isOne(deed.transaction(), deed.packages(), e);
                    registered(deed, fact, e.epoch(), e.objectId(), e.blobId(), e.size(), e.deletable(), false, free);
                }
                case PooledBlobRegistered e ->
                    registered(
                            deed,
                            fact,
                            e.epoch(),
                            e.objectId(),
                            e.blobId(),
                            e.unencodedSize(),
                            e.deletable(),
                            true,
                            false);
                case EpochChangeStart e -> runs(deed, e.epoch());
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
        sites.changed(deed);
    }

    private void runs(Deed deed, long epoch) throws SQLException {
        if (epoch > runningEpoch) {
            if (runningEpoch >= 0) {
                rows.storeRegistrations();
                sites.ended(runningEpoch, deed.checkpoint() - 1);
            }
            runningEpoch = epoch;
            rows.epoch(epoch);
        }
    }

    private void registered(
            Deed deed,
            EventFact fact,
            long epoch,
            SuiAddress objectId,
            BlobId blobId,
            long size,
            boolean deletable,
            boolean pooled,
            boolean free)
            throws SQLException {
        runs(deed, epoch);
        rows.registered(new AdoptionRows.Registration(
                deed,
                fact.ordinal(),
                epoch,
                objectId,
                blobId,
                owner(deed, objectId),
                fact.emitter(),
                free,
                pooled,
                isRelayed(deed, size),
                BlobObjectRow.unsigned(size).toBigIntegerExact(),
                encoded(deed, size),
                deletable));
    }

    /** Who registers a blob pays for writing it, so that the System tells how many shards there are. */
    private static long encoded(Deed deed, long size) {
        return deed.transaction()
                .system()
                .filter(system -> system.nShards() > 0)
                .map(system -> EncodedSize.of(system.nShards(), size).orElse(0))
                .orElse(0L);
    }

    private static boolean isRelayed(Deed deed, long size) {
        return deed.transaction().program().stream()
                .flatMap(program -> program.inputs().stream().limit(1))
                .anyMatch(input -> input instanceof CallArg.Pure(var bytes)
                        && bytes.length() == RELAY_INPUT_BYTES
                        && bytes.slice(RELAY_HASHES_BYTES, Long.BYTES).reader().u64() == size);
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

    private void labelled(Deed deed, SuiAddress blob, Metadata metadata) {
        for (var attribute : metadata.metadata().entrySet()) {
            String key = LABELS.get(attribute.getKey().toLowerCase(Locale.ROOT));
            if (key != null) {
                rows.labelled(blob, key, Rows.text(attribute.getValue()), deed.checkpoint(), runningEpoch);
            }
        }
    }
}
