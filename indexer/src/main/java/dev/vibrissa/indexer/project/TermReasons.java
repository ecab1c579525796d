package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import java.util.List;
import java.util.Map;

/**
 * How an extension came about: paid, by a storage resource bought before, or by a shared blob's funds.
 *
 * <p>No event tells. The calls of the transaction explain it as long as each extension has its call; a contract in
 * between hides the calls, and then the objects decide: only paying writes the System's inner state.
 */
final class TermReasons {
    private static final Map<String, String> CALLS = Map.of(
            "system::extend_blob", "paid",
            "system::extend_blob_with_resource", "resource",
            "shared_blob::extend", "shared_blob");

    private final TransactionFacts transaction;
    private final List<EventFact> extensions;
    private final List<String> calls;

    TermReasons(TransactionFacts transaction) {
        this.transaction = transaction;
        this.extensions = transaction.events().stream()
                .filter(event ->
                        event.event().orElse(null) instanceof BlobCertified certified && certified.isExtension())
                .toList();
        this.calls = transaction.calls().stream().filter(CALLS::containsKey).toList();
    }

    String of(EventFact extension, BlobObjectRow object) {
        if (calls.size() == extensions.size()) {
            return CALLS.getOrDefault(calls.get(extensions.indexOf(extension)), "paid");
        }
        boolean inSharedBlob = object.ownerKind.equals("shared")
                || transaction.objects().stream()
                        .anyMatch(fact ->
                                fact.before().flatMap(ObjectState::value).orElse(null) instanceof SharedBlob shared
                                        && shared.blob().id().equals(object.objectId));
        if (inSharedBlob) {
            return "shared_blob";
        }
        return transaction.systemStateWritten() ? "paid" : "resource";
    }
}
