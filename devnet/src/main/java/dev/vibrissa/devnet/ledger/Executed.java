package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of a transaction. It is on the chain once a checkpoint with it is sealed.
 *
 * @param written the objects it wrote, as it left them, by id
 */
public record Executed(Digest digest, TransactionEffects effects, List<Event> events, List<SuiObject> written) {
    public boolean isSuccess() {
        return effects.status().isSuccess();
    }

    /**
     * This, if the transaction succeeded.
     *
     * @throws IllegalStateException saying why it failed
     */
    public Executed orThrow() {
        if (effects.status() instanceof ExecutionStatus.Failure(var error, var command)) {
            throw new IllegalStateException("transaction %s failed in command %s: %s"
                    .formatted(digest, command.isPresent() ? command.getAsLong() : "none", error));
        }
        return this;
    }

    /** Objects of this type that it created. */
    public List<SuiObject> created(StructTag type) {
        var created = effects.changedObjects().stream()
                .filter(change -> change.operation() == IdOperation.CREATED)
                .map(ChangedObject::id)
                .collect(Collectors.toSet());
        return written.stream()
                .filter(object -> created.contains(object.id())
                        && object.data() instanceof SuiObject.Move move
                        && move.type().equals(type))
                .toList();
    }

    /** Packages that it published or upgraded to. */
    public List<SuiObject.Package> packages() {
        return written.stream()
                .map(SuiObject::data)
                .filter(SuiObject.Package.class::isInstance)
                .map(SuiObject.Package.class::cast)
                .toList();
    }
}
