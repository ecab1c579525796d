package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap.EventBlobAttestation;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlob;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlobCertificationState;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Event blobs: the nodes attest to them one by one, and the one who completes the quorum certifies them. */
final class EventBlobFunctions {
    private static final String FUNCTION = "certify_event_blob";

    private EventBlobFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "system").does(FUNCTION, EventBlobFunctions::certify);
    }

    private static void certify(WalrusCall call) {
        var open = call.system(0);
        SystemState system = open.state();
        var reference = call.move().borrow(1, call.types().nodeCap);
        StorageNodeCap cap = reference.get();
        var content = new Blobs.Content(
                call.blobId(2),
                call.move().take(3, MoveType.U256),
                call.u64(4),
                call.move().u8(5));
        long checkpoint = call.u64(6);
        var member = NodeCommittee.member(system.committee(), cap.nodeId());
        Abort.unless(member.isPresent(), SystemState.MODULE, FUNCTION, 8);
        Abort.unless(call.u32(7) == system.epoch(), SystemState.MODULE, FUNCTION, 3);
        Optional<Long> latest =
                system.eventBlobs().latestCertifiedBlob().map(EventBlob::endingCheckpointSequenceNumber);
        cap.lastEventBlobAttestation().ifPresent(last -> checkOrder(last, checkpoint, latest, system.epoch()));
        reference.set(NodeCaps.attested(cap, new EventBlobAttestation(checkpoint, system.epoch())));
        if (latest.filter(certified -> certified >= checkpoint).isPresent()) {
            return; // certified without this node
        }
        var blob = new EventBlob(content.blobId(), checkpoint);
        var weights = new LinkedHashMap<>(system.eventBlobs().aggregateWeightPerBlob());
        int weight = weights.merge(blob, member.orElseThrow().weight(), Integer::sum);
        if (Quorum.reached(weight, system.committee().nShards())) {
            register(call, system, content);
            system.eventBlobs(new EventBlobCertificationState(Optional.of(blob), new LinkedHashMap<>()));
        } else {
            system.eventBlobs(
                    new EventBlobCertificationState(system.eventBlobs().latestCertifiedBlob(), weights));
        }
        open.save();
    }

    /** A node attests in order, and to nothing new before what it last attested to is certified. */
    private static void checkOrder(
            EventBlobAttestation last, long checkpoint, Optional<Long> latestCertified, long epoch) {
        boolean earlierEpoch = last.epoch() < epoch;
        Abort.unless(earlierEpoch || checkpoint > last.checkpointSequenceNum(), SystemState.MODULE, FUNCTION, 7);
        boolean certified = latestCertified
                .filter(latest -> last.checkpointSequenceNum() <= latest)
                .isPresent();
        Abort.unless(earlierEpoch || certified, SystemState.MODULE, FUNCTION, 6);
    }

    /** Registers and certifies the blob, for free; its object is burned at once. */
    private static void register(WalrusCall call, SystemState system, Blobs.Content content) {
        long encoded = system.encodedSize(content.size(), content.encodingType());
        var storage = system.reserveForEventBlob(call.newId(), encoded);
        Blob blob = Blobs.register(call.newId(), storage, content, false, system.epoch(), encoded);
        call.emit(Blobs.registered(blob));
        Blob certified =
                Blobs.certify(blob, system.epoch(), new BlobStored(system.epoch(), content.blobId(), Optional.empty()));
        call.emit(Blobs.certified(certified, false));
        call.tx().delete(blob.id());
        call.tx().delete(storage.id());
    }
}
