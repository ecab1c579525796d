package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.contract.NodeCommittee.Weight;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.walrus.BlobEvent.DenyListBlobDeleted;
import dev.vibrissa.protocol.walrus.CertificateMessage.DenyListUpdated;
import dev.vibrissa.protocol.walrus.CertificateMessage.DenyListedBlobDeleted;
import dev.vibrissa.protocol.walrus.CertificateMessage.ProtocolVersion;
import dev.vibrissa.protocol.walrus.DenyListEvent.DenyListUpdate;
import dev.vibrissa.protocol.walrus.DenyListEvent.RegisterDenyListUpdate;
import dev.vibrissa.protocol.walrus.ProtocolEvent.ProtocolVersionUpdated;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import java.math.BigInteger;
import java.util.LinkedHashMap;

/** What the committee decides by certificate besides the storing of blobs: deny lists and the protocol's version. */
final class CommitteeFunctions {
    private CommitteeFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "system")
                .does("register_deny_list_update", CommitteeFunctions::announce)
                .does("update_deny_list", CommitteeFunctions::update)
                .does("delete_deny_listed_blob", CommitteeFunctions::delete)
                .does("update_protocol_version", CommitteeFunctions::updateProtocolVersion);
    }

    private static void announce(WalrusCall call) {
        var system = call.system(0).state();
        StorageNodeCap cap = call.move().read(1, call.types().nodeCap);
        BigInteger root = call.move().take(2, MoveType.U256);
        long sequence = call.u64(3);
        checkMember(system, cap, "register_deny_list_update");
        checkNewer(sequence, cap, "register_deny_list_update");
        call.emit(new RegisterDenyListUpdate(system.epoch(), root, sequence, cap.nodeId()));
    }

    private static void update(WalrusCall call) {
        String function = "update_deny_list";
        var system = call.system(0).state();
        var reference = call.move().borrow(1, call.types().nodeCap);
        StorageNodeCap cap = reference.get();
        checkMember(system, cap, function);
        var list = NodeCommittee.verify(system.committee(), call.certificate(2), Weight.QUORUM, DenyListUpdated.class);
        Abort.unless(list.nodeId().equals(cap.nodeId()), SystemState.MODULE, function, 10);
        checkNewer(list.sequenceNumber(), cap, function);
        reference.set(NodeCaps.denying(cap, list));
        call.extended(system.denyListSizes(), call.types().denyListSizes).update(UnitKey.UNIT, before -> {
            var sizes = new LinkedHashMap<>(before);
            sizes.put(cap.nodeId(), list.sizeBytes());
            return sizes;
        });
        call.emit(new DenyListUpdate(system.epoch(), list.root(), list.sequenceNumber(), cap.nodeId()));
    }

    private static void delete(WalrusCall call) {
        var system = call.system(0).state();
        var deleted = NodeCommittee.verify(
                system.committee(), call.certificate(1), Weight.ONE_CORRECT_NODE, DenyListedBlobDeleted.class);
        call.emit(new DenyListBlobDeleted(system.epoch(), deleted.blobId()));
    }

    private static void updateProtocolVersion(WalrusCall call) {
        String function = "update_protocol_version";
        var system = call.system(0).state();
        checkMember(system, call.move().read(1, call.types().nodeCap), function);
        var version =
                NodeCommittee.verify(system.committee(), call.certificate(2), Weight.QUORUM, ProtocolVersion.class);
        Abort.unless(version.startEpoch() >= system.epoch(), SystemState.MODULE, function, 12);
        call.emit(new ProtocolVersionUpdated(system.epoch(), version.startEpoch(), version.version()));
    }

    private static void checkMember(SystemState system, StorageNodeCap cap, String function) {
        boolean member = NodeCommittee.member(system.committee(), cap.nodeId()).isPresent();
        Abort.unless(member, SystemState.MODULE, function, 8);
    }

    private static void checkNewer(long sequence, StorageNodeCap cap, String function) {
        Abort.unless(Long.compareUnsigned(sequence, cap.denyListSequence()) > 0, SystemState.MODULE, function, 9);
    }
}
