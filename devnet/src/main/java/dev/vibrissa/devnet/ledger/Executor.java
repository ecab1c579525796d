package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.sui.UnchangedConsensusObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Executes one transaction of a user, from its data to its effects; the live objects stay as they are. */
final class Executor {
    private final LiveObjects live;
    private final TransactionData data;
    private final ObjectRef payment;
    private final StoredObject gasCoin;

    /** Objects among the inputs, by id: what they are and where their value is. */
    private final TreeMap<SuiAddress, Input> objects = new TreeMap<>();

    private final List<Slot> slots = new ArrayList<>();
    private final List<UnchangedConsensusObject> readOnly = new ArrayList<>();

    private record Input(StoredObject object, Slot slot, boolean mutable) {}

    /**
     * Checks what a validator checks before it signs.
     *
     * @throws RejectedTransactionException if one would not
     */
    Executor(LiveObjects live, TransactionData data, TransactionKind.Programmable program) {
        this.live = live;
        this.data = data;
        if (data.gas().payment().size() != 1) {
            throw new RejectedTransactionException("%d coins pay where one is taken"
                    .formatted(data.gas().payment().size()));
        }
        if (!data.gas().owner().equals(data.sender())) {
            throw new RejectedTransactionException("%s would pay for %s: there are no sponsors here"
                    .formatted(data.gas().owner(), data.sender()));
        }
        payment = data.gas().payment().getFirst();
        gasCoin = owned(payment);
        if (!(gasCoin.object().data() instanceof SuiObject.Move coin)
                || !coin.type().equals(Framework.SUI_COIN.structTag())) {
            throw new RejectedTransactionException("object %s is no SUI".formatted(payment.id()));
        }
        if (balance() < data.gas().budget()) {
            throw new RejectedTransactionException(
                    "a budget of %d MIST from a coin of %d".formatted(data.gas().budget(), balance()));
        }
        program.inputs().forEach(this::input);
    }

    private long balance() {
        return Framework.SUI_COIN.decode(Workspace.Draft.of(gasCoin).contents()).value();
    }

    private StoredObject owned(ObjectRef ref) {
        StoredObject object = live.find(ref.id())
                .filter(found -> found.ref().equals(ref))
                .orElseThrow(
                        () -> new RejectedTransactionException("object %s is not there in version %d with digest %s"
                                .formatted(ref.id(), ref.version(), ref.digest())));
        switch (object.object().owner()) {
            case Owner.AddressOwner(SuiAddress address) when address.equals(data.sender()) -> {}
            case Owner.Immutable() -> {}
            case Owner owner ->
                throw new RejectedTransactionException(
                        "object %s belongs to %s, not to %s".formatted(ref.id(), owner, data.sender()));
        }
        return object;
    }

    private void input(CallArg argument) {
        switch (argument) {
            case CallArg.Pure(Bytes bcs) -> slots.add(Slot.pure(bcs));
            case CallArg.Owned(ObjectRef ref) -> {
                StoredObject object = owned(ref);
                object(object, !(object.object().owner() instanceof Owner.Immutable));
            }
            case CallArg.Shared shared -> {
                StoredObject object = live.find(shared.id())
                        .filter(found -> found.object().owner().equals(new Owner.Shared(shared.initialVersion())))
                        .orElseThrow(() -> new RejectedTransactionException("object %s is not shared from version %d on"
                                .formatted(shared.id(), shared.initialVersion())));
                object(object, shared.mutability() == 1);
                if (shared.mutability() == 0) {
                    readOnly.add(
                            new UnchangedConsensusObject.ReadOnlyRoot(object.id(), object.version(), object.digest()));
                }
            }
            case CallArg.Receiving _, CallArg.FundsWithdrawal _ ->
                throw new RejectedTransactionException("%s is no input here".formatted(argument));
        }
    }

    private void object(StoredObject object, boolean mutable) {
        if (!(object.object().data() instanceof SuiObject.Move move)) {
            throw new RejectedTransactionException("package %s is no input".formatted(object.id()));
        }
        var slot = Slot.object(move, mutable);
        if (object.id().equals(payment.id()) || objects.put(object.id(), new Input(object, slot, mutable)) != null) {
            throw new RejectedTransactionException("object %s is named twice".formatted(object.id()));
        }
        slots.add(slot);
    }

    Pending execute(
            MoveModules modules,
            TransactionKind.Programmable program,
            Digest digest,
            Bytes dataBcs,
            List<Bytes> signatures,
            long epoch) {
        var workspace = new Workspace(live, digest, data.sender(), epoch, lamport());
        workspace.load(gasCoin);
        objects.values().forEach(input -> workspace.load(input.object));
        long budget = data.gas().budget();
        var gas = Slot.gasCoin(
                (SuiObject.Move) gasCoin.object().data(),
                Framework.SUI_COIN.encode(new Coin(payment.id(), balance() - budget)));
        var inputs = Set.copyOf(workspace.loaded().keySet());
        var outcome = new Outcome(workspace, inputs, readOnly);
        var interpreter = new Interpreter(workspace, modules, gas, slots);
        ExecutionStatus status;
        GasCost cost;
        try {
            interpreter.run(program.commands());
            settle(workspace, gas);
            cost = outcome.cost();
            if (Outcome.net(cost) > budget) {
                throw ExecutionFailure.plain(ExecutionFailure.INSUFFICIENT_GAS);
            }
            status = new ExecutionStatus.Success();
        } catch (ExecutionFailure failure) {
            int position = interpreter.position();
            status = new ExecutionStatus.Failure(
                    failure.error(),
                    position < program.commands().size() ? OptionalLong.of(position) : OptionalLong.empty());
            workspace.revert(inputs);
            keep(workspace);
            cost = outcome.cost();
        }
        long left = Framework.SUI_COIN
                .decode(workspace.draft(payment.id()).contents())
                .value();
        outcome.charge(payment.id(), left + (status.isSuccess() ? budget : 0) - Math.min(budget, Outcome.net(cost)));
        return outcome.finish(dataBcs, signatures, status, Optional.of(payment.id()), cost);
    }

    /** Greater than every version that comes in, so that versions of one object only grow. */
    private long lamport() {
        long newest = gasCoin.version();
        for (Input input : objects.values()) {
            newest = Math.max(newest, input.object.version());
        }
        return newest + 1;
    }

    /** Inputs that nobody took stay where they were, with what became of them. */
    private void settle(Workspace workspace, Slot gas) {
        if (!gas.isGone()) {
            workspace.drafts().put(payment.id(), Workspace.Draft.of(gasCoin).with(gas.bcs()));
        }
        objects.forEach((id, input) -> {
            if (input.mutable && !input.slot.isGone()) {
                workspace.drafts().put(id, Workspace.Draft.of(input.object).with(input.slot.bcs()));
            }
        });
    }

    /** A transaction that failed still writes its inputs, as they were: so it cannot be repeated. */
    private void keep(Workspace workspace) {
        workspace.drafts().put(payment.id(), Workspace.Draft.of(gasCoin));
        objects.forEach((id, input) -> {
            if (input.mutable) {
                workspace.drafts().put(id, Workspace.Draft.of(input.object));
            }
        });
    }
}
