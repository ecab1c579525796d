package dev.vibrissa.devnet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.ChainPosition;
import dev.vibrissa.protocol.sui.proof.CheckpointIntegrity;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows a chain from its checkpoint files alone, as a stranger would who trusts the first committee and nothing else, and
 * keeps its own book of live objects.
 */
final class ChainAudit {
    private final Path folder;
    final Map<SuiAddress, SuiObject> live = new TreeMap<>();
    private CommitteeVerifier committee;
    private Optional<ChainPosition> position = Optional.empty();
    long failed;

    ChainAudit(Path folder, Committee first) {
        this.folder = folder;
        committee = new CommitteeVerifier(first);
    }

    static Committee firstCommittee(ChainReader chain) {
        return new Committee(0, chain.epochs().getFirst().committeeMembers());
    }

    Checkpoint follow(long sequenceNumber) {
        Checkpoint checkpoint = read(sequenceNumber);
        assertThat(CheckpointIntegrity.check(checkpoint))
                .isInstanceOfSatisfying(IntegrityCheck.Intact.class, intact -> {
                    assertThat(intact.unproven()).isEmpty();
                    assertThat(intact.missing()).isEmpty();
                });
        assertThat(committee.verify(checkpoint)).isInstanceOf(CertificateCheck.Valid.class);
        if (position.isPresent()) {
            assertThat(position.get().follow(checkpoint)).isInstanceOf(ChainPosition.Link.Linked.class);
        } else {
            assertThat(checkpoint.summary().previousDigest()).isEmpty();
        }
        position = Optional.of(ChainPosition.of(checkpoint));
        checkpoint.transactions().forEach(transaction -> account(checkpoint, transaction));
        checkpoint.summary().nextCommittee().ifPresent(next -> committee = new CommitteeVerifier(next));
        return checkpoint;
    }

    private Checkpoint read(long sequenceNumber) {
        String name = sequenceNumber + ".binpb.zst";
        try {
            return CheckpointFile.read(Files.readAllBytes(folder.resolve(name)), name);
        } catch (IOException e) {
            throw new AssertionError("no " + name, e);
        }
    }

    private void account(Checkpoint checkpoint, ExecutedTransaction transaction) {
        TransactionEffects effects = transaction.effects().decoded().orElseThrow();
        TransactionData data = transaction.data().decoded().orElseThrow();
        if (!effects.status().isSuccess()) {
            failed++;
            assertThat(transaction.events()).isEmpty();
        }
        if (data.kind() instanceof TransactionKind.Programmable) {
            var signatures = checkpoint
                    .contents()
                    .transactions()
                    .get(transaction.index())
                    .signatures();
            assertThat(signatures).hasSize(1);
            assertThat(Account.hasSigned(
                            data.sender(),
                            transaction.data().bcs(),
                            signatures.getFirst().bytes()))
                    .isTrue();
            assertThat(effects.changedObjects()
                            .get(effects.gasObjectIndex().orElseThrow())
                            .id())
                    .isEqualTo(data.gas().payment().getFirst().id());
        }
        assertThat(effects.changedObjects()).isSortedAccordingTo((a, b) -> a.id().compareTo(b.id()));
        effects.changedObjects().forEach(change -> account(checkpoint, effects, change));
    }

    private void account(Checkpoint checkpoint, TransactionEffects effects, ChangedObject change) {
        SuiObject before = live.get(change.id());
        switch (change.in()) {
            case InputState.Absent() ->
                assertThat(before).as("before %s", change).isNull();
            case InputState.Exists(var version, var _, var owner) -> {
                Objects.requireNonNull(before, () -> "nothing before " + change);
                assertThat(before.version()).isEqualTo(version).isLessThan(effects.lamportVersion());
                assertThat(before.owner()).isEqualTo(owner);
                assertThat(change.operation()).isNotEqualTo(IdOperation.CREATED);
            }
            case InputState.ExistsV1 _ -> throw new AssertionError("effects V1");
        }
        switch (change.out()) {
            case OutputState.Absent() -> live.remove(change.id());
            case OutputState.Written(var _, var owner) -> {
                SuiObject after = after(checkpoint, effects, change);
                assertThat(after.owner()).isEqualTo(owner);
                assertThat(after.previousTransaction()).isEqualTo(effects.transactionDigest());
                assertThat(change.operation()).isNotEqualTo(IdOperation.DELETED);
                live.put(change.id(), after);
            }
            case OutputState.PackageWritten _ -> live.put(change.id(), after(checkpoint, effects, change));
            case OutputState.AccumulatorWritten _ -> throw new AssertionError("an accumulator");
        }
    }

    private static SuiObject after(Checkpoint checkpoint, TransactionEffects effects, ChangedObject change) {
        return checkpoint
                .objects()
                .after(effects, change)
                .orElseThrow()
                .object()
                .decoded()
                .orElseThrow();
    }

    /** Whether the ledger's objects are those of this book. */
    void agreesWith(Ledger ledger) {
        for (SuiObject object : live.values()) {
            assertThat(ledger.object(object.id())).contains(object);
            assertThat(ledger.ownedBy(object.owner())).contains(object);
        }
        assertThat(live.values().stream()
                        .map(SuiObject::owner)
                        .distinct()
                        .mapToLong(owner -> ledger.ownedBy(owner).size())
                        .sum())
                .isEqualTo(live.size());
    }
}
