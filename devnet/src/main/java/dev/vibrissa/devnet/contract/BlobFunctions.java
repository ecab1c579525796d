package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.contract.NodeCommittee.Weight;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.InvalidBlobID;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobInvalid;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.Storage;

/** The life of a blob: registered, certified, extended, shared, deleted or burned. */
final class BlobFunctions {
    private BlobFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "system")
                .gives("register_blob", BlobFunctions::register)
                .does("certify_blob", BlobFunctions::certify)
                .does("extend_blob", BlobFunctions::extend)
                .does("extend_blob_with_resource", BlobFunctions::extendWithResource)
                .gives("delete_blob", BlobFunctions::delete)
                .gives("invalidate_blob_id", BlobFunctions::invalidate);
        MoveModule.walrus(modules, types, "blob").does("burn", BlobFunctions::burn);
        MoveModule.walrus(modules, types, "shared_blob")
                .does("new", call -> share(call, Balance.zero()))
                .does("new_funded", call -> share(call, call.takeCoin(1)))
                .does("fund", BlobFunctions::fund)
                .does("extend", BlobFunctions::extendShared);
    }

    private static MoveValue register(WalrusCall call) {
        var system = call.system(0);
        Storage storage = call.move().take(1, call.types().storage);
        var content = new Blobs.Content(
                call.blobId(2),
                call.move().take(3, MoveType.U256),
                call.u64(4),
                call.move().u8(5));
        long encoded = system.state().encodedSize(content.size(), content.encodingType());
        Blob blob = Blobs.register(
                call.newId(),
                storage,
                content,
                call.move().bool(6),
                system.state().epoch(),
                encoded);
        call.emit(Blobs.registered(blob));
        call.paying(7, payment -> {
            system.state().payWrite(encoded, payment);
            return blob;
        });
        system.save();
        return call.types().blob.of(blob);
    }

    private static void certify(WalrusCall call) {
        var system = call.system(0).state();
        var message = NodeCommittee.verify(system.committee(), call.certificate(2), Weight.QUORUM, BlobStored.class);
        var blob = call.move().borrow(1, call.types().blob);
        blob.set(Blobs.certify(blob.get(), system.epoch(), message));
        call.emit(Blobs.certified(blob.get(), false));
    }

    private static void extend(WalrusCall call) {
        var system = call.system(0);
        var blob = call.move().borrow(1, call.types().blob);
        blob.set(call.paying(3, payment -> Blobs.extend(blob.get(), system.state(), call.u32(2), payment)));
        system.save();
        call.emit(Blobs.certified(blob.get(), true));
    }

    private static void extendWithResource(WalrusCall call) {
        var system = call.system(0).state();
        var reference = call.move().borrow(1, call.types().blob);
        Blob blob = reference.get();
        Storage extension = call.move().take(2, call.types().storage);
        Blobs.checkCertifiedAndAlive(blob, system.epoch());
        Abort.unless(extension.endEpoch() > blob.storage().endEpoch(), "blob", "extend_with_resource", 2);
        call.tx().delete(extension.id());
        reference.set(Blobs.with(blob, Storages.fusePeriods(blob.storage(), extension)));
        call.emit(Blobs.certified(reference.get(), true));
    }

    private static MoveValue delete(WalrusCall call) {
        long epoch = call.system(0).state().epoch();
        Blob blob = call.move().take(1, call.types().blob);
        BlobMetadata.of(call, blob.id()).removeIfExists();
        Abort.unless(blob.deletable(), "blob", "delete", 1);
        Abort.unless(blob.storage().endEpoch() > epoch, "blob", "delete", 2);
        call.tx().delete(blob.id());
        call.emit(new BlobDeleted(
                epoch,
                blob.blobId(),
                blob.storage().endEpoch(),
                blob.id(),
                blob.certifiedEpoch().isPresent()));
        return call.types().storage.of(blob.storage());
    }

    private static MoveValue invalidate(WalrusCall call) {
        var system = call.system(0).state();
        var message = NodeCommittee.verify(
                system.committee(), call.certificate(1), Weight.ONE_CORRECT_NODE, BlobInvalid.class);
        call.emit(new InvalidBlobID(system.epoch(), message.blobId()));
        return WalrusTypes.BLOB_ID.of(message.blobId());
    }

    private static void burn(WalrusCall call) {
        Blob blob = call.move().take(0, call.types().blob);
        BlobMetadata.of(call, blob.id()).removeIfExists();
        call.tx().delete(blob.id());
        call.tx().delete(blob.storage().id());
    }

    private static void share(WalrusCall call, Balance funds) {
        Blob blob = call.move().take(0, call.types().blob);
        call.tx()
                .share(
                        call.types().sharedBlob,
                        new SharedBlob(call.newId(), blob, funds.withdrawAll().value()));
    }

    private static void fund(WalrusCall call) {
        var shared = call.move().borrow(0, call.types().sharedBlob);
        var funds = new Balance(shared.get().funds());
        funds.join(call.takeCoin(1));
        shared.update(before -> new SharedBlob(before.id(), before.blob(), funds.value()));
    }

    private static void extendShared(WalrusCall call) {
        var shared = call.move().borrow(0, call.types().sharedBlob);
        var system = call.system(1);
        call.tx().delete(call.newId()); // the funds become a coin for a moment
        var funds = new Balance(shared.get().funds());
        Blob blob = Blobs.extend(shared.get().blob(), system.state(), call.u32(2), funds);
        system.save();
        shared.set(new SharedBlob(shared.get().id(), blob, funds.value()));
        call.emit(Blobs.certified(blob, true));
    }
}
