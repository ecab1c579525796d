package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.Calls;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;

/**
 * Which registrations are of event blobs. Most attestations register nothing, for want of a quorum, and whoever makes
 * one may register a blob of their own beside it.
 */
final class EventBlobs {
    private static final int BLOB_ID = 2;

    private EventBlobs() {}

    static boolean isOne(TransactionFacts transaction, PackageChain packages, BlobRegistered registered) {
        if (!transaction.calls("system::certify_event_blob") || !isCertifiedAtOnce(transaction, registered)) {
            return false;
        }
        var calls = Calls.of(transaction, packages);
        var attestations = calls.to("system", "certify_event_blob");
        return attestations.isEmpty()
                || attestations.stream()
                        .anyMatch(call -> calls.value(call, BLOB_ID, BlobId::decode)
                                .map(registered.blobId()::equals)
                                .orElse(true));
    }

    private static boolean isCertifiedAtOnce(TransactionFacts transaction, BlobRegistered registered) {
        return transaction.events().stream()
                .anyMatch(fact -> fact.event().orElse(null) instanceof BlobCertified certified
                        && !certified.isExtension()
                        && certified.objectId().equals(registered.objectId()));
    }
}
