package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointCommitment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.UnchangedConsensusObject;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck.Artifacts;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck.Contradiction;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck.Intact;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck.Mismatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Follows the digests from a checkpoint's summary down to every part. Says nothing about the summary itself: that
 * takes a certificate or a link.
 */
public final class CheckpointIntegrity {
    private final Checkpoint checkpoint;
    private final List<Integer> unproven = new ArrayList<>();
    private final List<ObjectRef> written = new ArrayList<>();

    /** What effects name, by digest: a digest stands for one id and one version, not the other way round. */
    private final Map<Digest, ObjectRef> named = new LinkedHashMap<>();

    /** What the changes of effects name; the file should hold it. What was only read may be absent. */
    private final List<ObjectRef> required = new ArrayList<>();

    private int unprovenObjects;

    private CheckpointIntegrity(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Checks contents, transactions, effects, events, objects and the commitment to objects, in this order. */
    public static IntegrityCheck check(Checkpoint checkpoint) {
        return new CheckpointIntegrity(checkpoint).check();
    }

    private IntegrityCheck check() {
        return contents()
                .or(this::transactions)
                .or(this::objects)
                .orElseGet(() -> new Intact(List.copyOf(unproven), missing(), unprovenObjects, artifacts()));
    }

    private Optional<IntegrityCheck> contents() {
        return compare(
                "the list of transactions",
                checkpoint.summary().contentDigest(),
                DigestKind.CHECKPOINT_CONTENTS,
                checkpoint.contentsBcs());
    }

    private Optional<IntegrityCheck> transactions() {
        for (ExecutedTransaction transaction : checkpoint.transactions()) {
            var fault = transaction(transaction, "transaction " + transaction.index());
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private Optional<IntegrityCheck> transaction(ExecutedTransaction transaction, String name) {
        return compare(
                        name,
                        transaction.digest(),
                        DigestKind.TRANSACTION,
                        transaction.data().bcs())
                .or(() -> compare(
                        name + ", effects",
                        transaction.effectsDigest(),
                        DigestKind.EFFECTS,
                        transaction.effects().bcs()))
                .or(() -> switch (transaction.effects()) {
                    case Part.Decoded<TransactionEffects>(TransactionEffects effects, Bytes _) ->
                        effects(transaction, effects, name);
                    case Part.Undecoded<TransactionEffects> _ -> {
                        unproven.add(transaction.index());
                        yield Optional.empty();
                    }
                });
    }

    private Optional<IntegrityCheck> effects(ExecutedTransaction transaction, TransactionEffects effects, String name) {
        if (!effects.transactionDigest().equals(transaction.digest())) {
            return contradiction("%s is %s, its effects are of %s"
                    .formatted(name, transaction.digest(), effects.transactionDigest()));
        }
        if (effects.eventsDigest().isPresent() != transaction.events().isPresent()) {
            return contradiction("%s: effects say it emitted %s, the file has %s"
                    .formatted(name, some(effects.eventsDigest()), some(transaction.events())));
        }
        effects.changedObjects().forEach(change -> name(effects, change));
        effects.unchangedConsensusObjects().forEach(this::name);
        return transaction
                .events()
                .flatMap(events -> compare(
                        name + ", events", effects.eventsDigest().orElseThrow(), DigestKind.EVENTS, events.bcs()));
    }

    private static String some(Optional<?> events) {
        return events.isPresent() ? "events" : "none";
    }

    private void name(TransactionEffects effects, ChangedObject change) {
        if (change.in() instanceof InputState.Exists(long version, Digest digest, Owner _)) {
            require(new ObjectRef(change.id(), version, digest));
        }
        switch (change.out()) {
            case OutputState.Written(Digest digest, Owner _) ->
                write(new ObjectRef(change.id(), effects.lamportVersion(), digest));
            case OutputState.PackageWritten(long version, Digest digest) ->
                write(new ObjectRef(change.id(), version, digest));
            case OutputState.Absent _, OutputState.AccumulatorWritten _ -> {}
        }
    }

    private void write(ObjectRef ref) {
        written.add(ref);
        require(ref);
    }

    private void name(UnchangedConsensusObject unchanged) {
        if (unchanged instanceof UnchangedConsensusObject.ReadOnlyRoot(SuiAddress id, long version, Digest digest)) {
            name(new ObjectRef(id, version, digest));
        }
    }

    private void require(ObjectRef ref) {
        required.add(ref);
        name(ref);
    }

    private void name(ObjectRef ref) {
        named.put(ref.digest(), ref);
    }

    /** Every object must have a digest that effects name for it. */
    private Optional<IntegrityCheck> objects() {
        var versions = new HashMap<Version, ObjectRef>();
        named.values().forEach(ref -> versions.put(new Version(ref.id(), ref.version()), ref));
        for (RawObject object : checkpoint.objects().all()) {
            Digest digest = DigestKind.OBJECT.digest(object.bcs());
            ObjectRef expected = versions.get(new Version(object.id(), object.version()));
            if (expected == null) {
                unprovenObjects++;
            } else if (!named.containsKey(digest)) {
                return Optional.of(new Mismatch(
                        "object %s version %d".formatted(object.id(), object.version()), expected.digest(), digest));
            }
        }
        return Optional.empty();
    }

    private List<ObjectRef> missing() {
        var undecoded = checkpoint.objects().undecoded().stream()
                .map(object -> DigestKind.OBJECT.digest(object.bcs()))
                .collect(Collectors.toSet());
        return required.stream()
                .filter(ref ->
                        checkpoint.objects().find(ref.id(), ref.version()).isEmpty()
                                && !undecoded.contains(ref.digest()))
                .distinct()
                .toList();
    }

    private record Version(SuiAddress id, long number) {}

    private Artifacts artifacts() {
        for (CheckpointCommitment commitment : checkpoint.summary().commitments()) {
            if (commitment instanceof CheckpointCommitment.CheckpointArtifacts(Digest digest)) {
                if (!unproven.isEmpty()) {
                    return Artifacts.UNDECIDED;
                }
                return ObjectTree.commitment(written).equals(digest) ? Artifacts.MATCHES : Artifacts.DIFFERS;
            }
        }
        return Artifacts.ABSENT;
    }

    private static Optional<IntegrityCheck> compare(String what, Digest expected, DigestKind kind, Bytes bcs) {
        Digest actual = kind.digest(bcs);
        return actual.equals(expected) ? Optional.empty() : Optional.of(new Mismatch(what, expected, actual));
    }

    private static Optional<IntegrityCheck> contradiction(String reason) {
        return Optional.of(new Contradiction(reason));
    }
}
