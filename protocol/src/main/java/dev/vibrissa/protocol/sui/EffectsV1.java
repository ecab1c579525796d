package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads effects of version 1, which keep a list for each fate of an object, into the shape of version 2.
 *
 * <p>They say less: of an object's state before, only the version. Packages are told from other objects by their
 * own count of versions; a package whose version happens to be the lamport version looks like an object, and is
 * found by the same id and version.
 */
final class EffectsV1 {
    private record Written(ObjectRef ref, Owner owner) {
        static Written decode(BcsReader in) {
            return new Written(ObjectRef.decode(in), Owner.decode(in));
        }
    }

    private final List<ChangedObject> changed = new ArrayList<>();
    private final Map<SuiAddress, Long> versionsBefore = new HashMap<>();
    private long lamport;

    static TransactionEffects decode(BcsReader in) {
        return new EffectsV1().read(in);
    }

    private TransactionEffects read(BcsReader in) {
        ExecutionStatus status = ExecutionStatus.decode(in);
        long epoch = in.u64();
        GasCost gasCost = GasCost.decode(in);
        for (int left = in.length(40); left > 0; left--) {
            versionsBefore.put(SuiAddress.decode(in), in.u64());
        }
        List<ObjectRef> shared = refs(in);
        Digest transaction = Digest.decode(in);
        List<Written> created = written(in);
        List<Written> mutated = written(in);
        List<Written> unwrapped = written(in);
        List<ObjectRef> deleted = refs(in);
        List<ObjectRef> unwrappedThenDeleted = refs(in);
        List<ObjectRef> wrapped = refs(in);
        Written gasObject = Written.decode(in);
        Optional<Digest> events = in.option(Digest::decode);
        List<Digest> dependencies = in.list(33, Digest::decode);

        // The coin that pays is always written. Only genesis pays with nothing; there every version is 1.
        boolean paid = !gasObject.ref.id().isZero();
        lamport = paid ? gasObject.ref.version() : 1;
        write(created, IdOperation.CREATED);
        write(mutated, IdOperation.NONE);
        write(unwrapped, IdOperation.NONE);
        remove(deleted, IdOperation.DELETED);
        remove(unwrappedThenDeleted, IdOperation.DELETED);
        remove(wrapped, IdOperation.NONE);
        return new TransactionEffects(
                1,
                status,
                epoch,
                gasCost,
                transaction,
                paid ? indexOf(gasObject.ref.id()) : Optional.empty(),
                events,
                dependencies,
                lamport,
                List.copyOf(changed),
                unchanged(shared),
                Optional.empty());
    }

    private static List<ObjectRef> refs(BcsReader in) {
        return in.list(ObjectRef.BYTES, ObjectRef::decode);
    }

    private static List<Written> written(BcsReader in) {
        return in.list(ObjectRef.BYTES + 1, Written::decode);
    }

    private void write(List<Written> objects, IdOperation operation) {
        for (Written each : objects) {
            ObjectRef ref = each.ref;
            OutputState out = ref.version() == lamport
                    ? new OutputState.Written(ref.digest(), each.owner)
                    : new OutputState.PackageWritten(ref.version(), ref.digest());
            changed.add(new ChangedObject(ref.id(), before(ref.id()), out, operation));
        }
    }

    private void remove(List<ObjectRef> objects, IdOperation operation) {
        for (ObjectRef ref : objects) {
            changed.add(new ChangedObject(ref.id(), before(ref.id()), new OutputState.Absent(), operation));
        }
    }

    private InputState before(SuiAddress id) {
        Long version = versionsBefore.get(id);
        return version == null ? new InputState.Absent() : new InputState.ExistsV1(version);
    }

    private Optional<Integer> indexOf(SuiAddress id) {
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).id().equals(id)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Shared inputs that were only read. */
    private List<UnchangedConsensusObject> unchanged(List<ObjectRef> shared) {
        var unchanged = new ArrayList<UnchangedConsensusObject>();
        for (ObjectRef ref : shared) {
            if (indexOf(ref.id()).isEmpty()) {
                unchanged.add(new UnchangedConsensusObject.ReadOnlyRoot(ref.id(), ref.version(), ref.digest()));
            }
        }
        return List.copyOf(unchanged);
    }
}
