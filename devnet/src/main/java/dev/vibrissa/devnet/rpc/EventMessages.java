package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.walrus.WalrusEvent;

/** Events as {@code sui.rpc.v2} shows them. */
final class EventMessages {
    private EventMessages() {}

    static dev.vibrissa.rpc.v2.Event of(Event event, ReadMask mask) {
        return mask.trim(message(event, mask).build());
    }

    /** An event delivered by itself, which then says where it happened. */
    static dev.vibrissa.rpc.v2.Event of(StoredCheckpoint.Transaction transaction, int index, ReadMask mask) {
        var message = message(transaction.events().get(index), mask)
                .setCheckpoint(transaction.checkpoint().sequenceNumber())
                .setTransactionIndex(transaction.executed().index())
                .setEventIndex(index);
        if (mask.has("transaction_digest")) {
            message.setTransactionDigest(transaction.executed().digest().toString());
        }
        return mask.trim(message.build());
    }

    private static dev.vibrissa.rpc.v2.Event.Builder message(Event event, ReadMask mask) {
        String type = event.type().toString();
        var message = dev.vibrissa.rpc.v2.Event.newBuilder()
                .setPackageId(event.packageId().toString())
                .setModule(event.module())
                .setSender(event.sender().toString())
                .setEventType(type)
                .setContents(ObjectMessages.bcs(type, event.contents()));
        if (mask.has("json") && event.type().module().equals(WalrusEvent.MODULE)) {
            WalrusEvent.decode(event.type().name(), event.contents())
                    .known()
                    .ifPresent(known -> message.setJson(MoveJson.event(known)));
        }
        return message;
    }
}
