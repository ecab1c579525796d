package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionEffects;
import java.util.List;
import java.util.Optional;

/**
 * A transaction that was executed and waits for a checkpoint.
 *
 * @param read objects as they were before, inputs and loaded children
 * @param written objects as it left them, by id
 * @param removed ids of what it deleted or wrapped
 * @param loadedOnly children that were read and left as they are
 */
record Pending(
        Digest digest,
        Bytes dataBcs,
        List<Bytes> signatures,
        TransactionEffects effects,
        Bytes effectsBcs,
        Digest effectsDigest,
        List<Event> events,
        Optional<Bytes> eventsBcs,
        List<StoredObject> read,
        List<StoredObject> written,
        List<SuiAddress> removed,
        List<ObjectRef> loadedOnly) {

    Executed executed() {
        return new Executed(
                digest,
                effects,
                events,
                written.stream().map(StoredObject::object).toList());
    }
}
