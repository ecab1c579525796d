package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import org.jspecify.annotations.Nullable;

/** The identifiers by which an object's change is looked up, besides its own. */
final class ObjectKeys {
    private ObjectKeys() {}

    static byte @Nullable [] blobId(@Nullable WalrusObject object) {
        return switch (object) {
            case Blob blob -> blob.blobId().toByteArray();
            case PooledBlob blob -> blob.blobId().toByteArray();
            case SharedBlob shared -> shared.blob().blobId().toByteArray();
            case null, default -> null;
        };
    }

    /** The Blob in a SharedBlob or in a dynamic field; the parent of any other dynamic field. */
    static byte @Nullable [] innerObjectId(ObjectFact fact) {
        var state = fact.lastState().orElse(null);
        if (state == null) {
            return null;
        }
        if (state.value().orElse(null) instanceof SharedBlob shared) {
            return shared.blob().id().toByteArray();
        }
        if (state.value().orElse(null) instanceof Blob blob && !blob.id().equals(fact.id())) {
            return blob.id().toByteArray(); // the parent is the owner, which has a column of its own
        }
        return state.owner() instanceof Owner.ObjectOwner(var parent) ? parent.toByteArray() : null;
    }
}
