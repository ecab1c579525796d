package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.UnchangedConsensusObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes effects and object versions of what a workspace holds in the end.
 *
 * <p>A storage fee is paid for each byte written and given back, less one percent, when the object is next written or
 * goes; so an object knows its own fee, its rebate, as its last eight bytes.
 */
final class Outcome {
    private static final long MIST_PER_BYTE = 7_600;
    private static final long COMPUTATION_MIST = 1_000_000;

    private final Workspace workspace;
    private final Set<SuiAddress> inputs;
    private final List<UnchangedConsensusObject> readOnly;
    private final Map<SuiAddress, StoredObject> written = new TreeMap<>();

    /**
     * @param inputs objects that the transaction names
     * @param readOnly those of them that are shared and only read
     */
    Outcome(Workspace workspace, Set<SuiAddress> inputs, List<UnchangedConsensusObject> readOnly) {
        this.workspace = workspace;
        this.inputs = inputs;
        this.readOnly = readOnly;
    }

    /** What the transaction costs, once everything that it writes is in place. */
    GasCost cost() {
        long storage = 0;
        for (Workspace.Draft draft : workspace.drafts().values()) {
            storage += MIST_PER_BYTE * encode(draft, 0).length();
        }
        for (SuiObject.Package code : workspace.packages()) {
            storage += MIST_PER_BYTE
                    * encode(new SuiObject(code, new Owner.Immutable(), workspace.digest(), 0))
                            .length();
        }
        long before = 0;
        for (StoredObject object : workspace.loaded().values()) {
            if (isChanged(object.id())) {
                before += object.object().storageRebate();
            }
        }
        long kept = before / 100;
        return new GasCost(COMPUTATION_MIST, storage, before - kept, kept);
    }

    static long net(GasCost cost) {
        return cost.computation() + cost.storage() - cost.rebate();
    }

    /** Sets what is left on the coin that paid. */
    void charge(SuiAddress gasCoin, long balance) {
        workspace
                .drafts()
                .computeIfPresent(gasCoin, (id, draft) -> draft.with(Framework.SUI_COIN.encode(new Coin(id, balance))));
    }

    /**
     * Everything in its final form.
     *
     * @param gasCoin what paid; empty for the system's own transactions, which cost nothing
     * @throws IllegalStateException if a contract lost an object
     */
    Pending finish(
            Bytes dataBcs, List<Bytes> signatures, ExecutionStatus status, Optional<SuiAddress> gasCoin, GasCost cost) {
        checkNothingIsLost();
        boolean paid = gasCoin.isPresent();
        workspace.drafts().forEach((id, draft) -> {
            StoredObject object = StoredObject.of(encode(draft, paid ? rebate(draft) : 0));
            StoredObject before = workspace.loaded().get(id);
            if (before != null && Long.compareUnsigned(before.version(), object.version()) >= 0) {
                throw new IllegalStateException("object %s of version %d would become version %d: no input is as new"
                        .formatted(id, before.version(), object.version()));
            }
            written.put(id, object);
        });
        for (SuiObject.Package code : workspace.packages()) {
            var object = new SuiObject(code, new Owner.Immutable(), workspace.digest(), 0);
            long rebate = paid ? MIST_PER_BYTE * encode(object).length() : 0;
            written.put(
                    code.id(),
                    StoredObject.of(new SuiObject(code, object.owner(), object.previousTransaction(), rebate)));
        }
        List<ChangedObject> changes = changes();
        Optional<Bytes> events = workspace.events().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Bytes.of(BcsWriter.encode(workspace.events(), (out, each) -> Event.encodeList(each, out))));
        var effects = new TransactionEffects(
                2,
                status,
                workspace.epoch(),
                cost,
                workspace.digest(),
                gasCoin.map(id -> index(changes, id)),
                events.map(DigestKind.EVENTS::digest),
                dependencies(),
                workspace.lamport(),
                changes,
                readOnly,
                Optional.empty());
        Bytes effectsBcs = Bytes.of(BcsWriter.encode(effects, (out, each) -> each.encode(out)));
        return new Pending(
                workspace.digest(),
                dataBcs,
                signatures,
                effects,
                effectsBcs,
                DigestKind.EFFECTS.digest(effectsBcs),
                List.copyOf(workspace.events()),
                events,
                List.copyOf(workspace.loaded().values()),
                List.copyOf(written.values()),
                changes.stream()
                        .filter(change -> change.out() instanceof OutputState.Absent)
                        .map(ChangedObject::id)
                        .toList(),
                loadedOnly());
    }

    /** A contract that forgets an object would be caught by Move's compiler; here by looking for its id. */
    private void checkNothingIsLost() {
        for (SuiAddress id : workspace.taken()) {
            if (!workspace.drafts().containsKey(id) && !workspace.deleted().contains(id) && !isWrapped(id)) {
                throw new IllegalStateException(
                        "object %s was taken by value, but not handed on, wrapped or deleted".formatted(id));
            }
        }
    }

    private boolean isWrapped(SuiAddress id) {
        Bytes needle = Bytes.of(id.toByteArray());
        return workspace.drafts().values().stream().anyMatch(draft -> contains(draft.contents(), needle));
    }

    private static boolean contains(Bytes contents, Bytes needle) {
        for (int at = 0; at <= contents.length() - needle.length(); at++) {
            if (contents.at(at) == needle.at(0)
                    && contents.slice(at, needle.length()).equals(needle)) {
                return true;
            }
        }
        return false;
    }

    private long rebate(Workspace.Draft draft) {
        return MIST_PER_BYTE * encode(draft, 0).length();
    }

    private Bytes encode(Workspace.Draft draft, long rebate) {
        var move = new SuiObject.Move(draft.type(), draft.hasPublicTransfer(), workspace.lamport(), draft.contents());
        return encode(new SuiObject(move, draft.owner(), workspace.digest(), rebate));
    }

    private static Bytes encode(SuiObject object) {
        return Bytes.of(BcsWriter.encode(object, (out, each) -> each.encode(out)));
    }

    private boolean isChanged(SuiAddress id) {
        return workspace.drafts().containsKey(id)
                || workspace.deleted().contains(id)
                || workspace.taken().contains(id);
    }

    /** By id. */
    private List<ChangedObject> changes() {
        var ids = new TreeSet<SuiAddress>();
        ids.addAll(workspace.created());
        ids.addAll(workspace.deleted());
        ids.addAll(workspace.taken());
        ids.addAll(written.keySet());
        return ids.stream().map(this::change).toList();
    }

    private ChangedObject change(SuiAddress id) {
        StoredObject before = workspace.loaded().get(id);
        StoredObject after = written.get(id);
        InputState in = before == null
                ? new InputState.Absent()
                : new InputState.Exists(
                        before.version(), before.digest(), before.object().owner());
        OutputState out = switch (after) {
            case null -> new OutputState.Absent();
            case StoredObject(SuiObject object, Bytes _, Digest digest)
            when object.data() instanceof SuiObject.Package code ->
                new OutputState.PackageWritten(code.version(), digest);
            case StoredObject(SuiObject object, Bytes _, Digest digest) ->
                new OutputState.Written(digest, object.owner());
        };
        IdOperation operation = IdOperation.NONE;
        if (workspace.created().contains(id) || out instanceof OutputState.PackageWritten) {
            operation = IdOperation.CREATED;
        } else if (workspace.deleted().contains(id)) {
            operation = IdOperation.DELETED;
        }
        return new ChangedObject(id, in, out, operation);
    }

    private static int index(List<ChangedObject> changes, SuiAddress id) {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i).id().equals(id)) {
                return i;
            }
        }
        throw new IllegalStateException("gas coin %s is not among the %d changes".formatted(id, changes.size()));
    }

    private List<Digest> dependencies() {
        var digests = new TreeSet<Digest>();
        workspace
                .loaded()
                .values()
                .forEach(object -> digests.add(object.object().previousTransaction()));
        return List.copyOf(digests);
    }

    private List<ObjectRef> loadedOnly() {
        var refs = new ArrayList<ObjectRef>();
        workspace.loaded().forEach((id, object) -> {
            if (!inputs.contains(id) && !isChanged(id)) {
                refs.add(object.ref());
            }
        });
        return List.copyOf(refs);
    }
}
