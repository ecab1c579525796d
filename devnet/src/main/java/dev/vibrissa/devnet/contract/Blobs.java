package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.Storage;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Rules of a blob by itself.
 *
 * @see "Move: walrus::blob"
 */
final class Blobs {
    private static final String MODULE = "blob";

    private Blobs() {}

    /**
     * What is registered.
     *
     * @param size unencoded bytes
     */
    record Content(BlobId blobId, BigInteger rootHash, long size, int encodingType) {
        void check(String module, String function, long code) {
            var preimage = new BcsWriter().u8(encodingType).u64(size).u256(rootHash);
            Abort.unless(new BlobId(Blake2b.hash(preimage.toByteArray())).equals(blobId), module, function, code);
        }
    }

    static Blob register(
            SuiAddress id, Storage storage, Content content, boolean deletable, long epoch, long encodedSize) {
        Abort.unless(epoch >= storage.startEpoch() && epoch < storage.endEpoch(), MODULE, "new", 2);
        Abort.unless(Long.compareUnsigned(encodedSize, storage.storageSize()) <= 0, MODULE, "new", 3);
        content.check(MODULE, "new", 6);
        return new Blob(
                id,
                epoch,
                content.blobId(),
                content.size(),
                content.encodingType(),
                Optional.empty(),
                storage,
                deletable);
    }

    static BlobRegistered registered(Blob blob) {
        return new BlobRegistered(
                blob.registeredEpoch(),
                blob.blobId(),
                blob.size(),
                blob.encodingType(),
                blob.storage().endEpoch(),
                blob.deletable(),
                blob.id());
    }

    static Blob certify(Blob blob, long epoch, BlobStored message) {
        String function = "certify_with_certified_msg";
        Abort.unless(blob.blobId().equals(message.blobId()), MODULE, function, 6);
        Abort.unless(blob.certifiedEpoch().isEmpty(), MODULE, function, 5);
        Abort.unless(epoch < blob.storage().endEpoch(), MODULE, function, 2);
        Abort.unless(blob.deletable() == message.deletableObject().isPresent(), MODULE, function, 9);
        Abort.unless(
                message.deletableObject().filter(id -> !id.equals(blob.id())).isEmpty(), MODULE, function, 10);
        return new Blob(
                blob.id(),
                blob.registeredEpoch(),
                blob.blobId(),
                blob.size(),
                blob.encodingType(),
                Optional.of(epoch),
                blob.storage(),
                blob.deletable());
    }

    /** @param extension whether the blob was certified before and now ends later */
    static BlobCertified certified(Blob blob, boolean extension) {
        return new BlobCertified(
                blob.certifiedEpoch().orElseThrow(),
                blob.blobId(),
                blob.storage().endEpoch(),
                blob.deletable(),
                blob.id(),
                extension);
    }

    static void checkCertifiedAndAlive(Blob blob, long epoch) {
        Abort.unless(blob.certifiedEpoch().isPresent(), MODULE, "assert_certified_not_expired", 0);
        Abort.unless(epoch < blob.storage().endEpoch(), MODULE, "assert_certified_not_expired", 2);
    }

    static Blob with(Blob blob, Storage storage) {
        return new Blob(
                blob.id(),
                blob.registeredEpoch(),
                blob.blobId(),
                blob.size(),
                blob.encodingType(),
                blob.certifiedEpoch(),
                storage,
                blob.deletable());
    }

    /** Pays for more epochs of the blob's storage. */
    static Blob extend(Blob blob, SystemState system, long epochs, Balance payment) {
        checkCertifiedAndAlive(blob, system.epoch());
        Storage storage = blob.storage();
        system.extend(storage.storageSize(), storage.endEpoch(), epochs, payment, "extend_blob");
        return with(blob, Storages.until(storage, storage.endEpoch() + epochs));
    }
}
