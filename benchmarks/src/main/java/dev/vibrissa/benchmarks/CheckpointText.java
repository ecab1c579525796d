package dev.vibrissa.benchmarks;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointCommitment;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutionError;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TransactionKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A checkpoint as lines of text that both decoders can write, to show that they read the same out of the same bytes.
 *
 * <p>Its twin is {@code typescript/text.mjs}. Digests in Base58, other bytes in hex, absent values as {@code -}.
 */
final class CheckpointText {
    private final StringBuilder text = new StringBuilder();

    private CheckpointText() {}

    /**
     * @throws IllegalArgumentException if a part of it could not be decoded
     */
    static String of(Checkpoint checkpoint) {
        var lines = new CheckpointText();
        lines.checkpoint(checkpoint);
        return lines.text.toString();
    }

    private void checkpoint(Checkpoint checkpoint) {
        var summary = checkpoint.summary();
        line(
                "checkpoint",
                unsigned(summary.sequenceNumber()),
                unsigned(summary.epoch()),
                unsigned(summary.networkTotalTransactions()),
                summary.timestamp().toEpochMilli());
        line("digests", summary.contentDigest(), orNone(summary.previousDigest()));
        line("gas", gas(summary.gas()));
        for (var commitment : summary.commitments()) {
            line(
                    "commitment",
                    switch (commitment) {
                        case CheckpointCommitment.LiveObjectSet(var digest) -> digest;
                        case CheckpointCommitment.CheckpointArtifacts(var digest) -> digest;
                    });
        }
        summary.endOfEpoch().ifPresent(end -> {
            line("end-of-epoch", unsigned(end.nextProtocolVersion()));
            end.nextCommittee().forEach(member -> line("member", hex(member.publicKey()), unsigned(member.stake())));
        });
        for (var entry : checkpoint.contents().transactions()) {
            line("entry", entry.transaction(), entry.effects(), all(entry.signatures(), each -> hex(each.bytes())));
        }
        for (var transaction : checkpoint.transactions()) {
            transaction(decoded(transaction.data()));
            effects(decoded(transaction.effects()));
            transaction.events().ifPresent(events -> decoded(events).forEach(this::event));
        }
        checkpoint.objects().undecoded().forEach(CheckpointText::decoded);
        checkpoint.objects().all().forEach(object -> object(decoded(object.object())));
    }

    private void transaction(TransactionData data) {
        var gas = data.gas();
        line(
                "transaction",
                data.sender(),
                kind(data.kind()),
                gas.owner(),
                unsigned(gas.price()),
                unsigned(gas.budget()),
                all(gas.payment(), CheckpointText::ref));
        switch (data.kind()) {
            case TransactionKind.Programmable(var inputs, var commands) -> program(inputs, commands);
            case TransactionKind.ProgrammableSystem(var inputs, var commands) -> program(inputs, commands);
            default -> {} // the other kinds have no more lines
        }
    }

    private void program(List<CallArg> inputs, List<Command> commands) {
        inputs.forEach(this::input);
        commands.forEach(this::command);
    }

    /** The SDK's words. */
    private static String kind(TransactionKind kind) {
        return switch (kind) {
            case TransactionKind.Programmable _ -> "ProgrammableTransaction";
            case TransactionKind.ProgrammableSystem _ -> "ProgrammableSystemTransaction";
            case TransactionKind.ChangeEpoch _ -> "ChangeEpoch";
            case TransactionKind.Genesis _ -> "Genesis";
            case TransactionKind.ConsensusCommitPrologue prologue ->
                "ConsensusCommitPrologue" + (prologue.version() == 1 ? "" : "V" + prologue.version());
            case TransactionKind.AuthenticatorStateUpdate _ -> "AuthenticatorStateUpdate";
            case TransactionKind.EndOfEpoch _ -> "EndOfEpochTransaction";
            case TransactionKind.RandomnessStateUpdate _ -> "RandomnessStateUpdate";
        };
    }

    private void input(CallArg input) {
        switch (input) {
            case CallArg.Pure(var bcs) -> line("input", "pure", hex(bcs));
            case CallArg.Owned(var ref) -> line("input", "owned", ref(ref));
            // The SDK reads the mutability as a boolean.
            case CallArg.Shared(var id, var version, var mutability) ->
                line("input", "shared", id, unsigned(version), mutability == 1);
            case CallArg.Receiving(var ref) -> line("input", "receiving", ref(ref));
            case CallArg.FundsWithdrawal _ -> line("input", "withdrawal");
        }
    }

    private void command(Command command) {
        switch (command) {
            case Command.MoveCall call ->
                line(
                        "call",
                        call.packageId() + "::" + call.module() + "::" + call.function(),
                        call.typeArguments().size(),
                        all(call.typeArguments(), CheckpointText::unspaced),
                        arguments(call.arguments()));
            case Command.TransferObjects(var objects, var recipient) ->
                line("transfer", argument(recipient), arguments(objects));
            case Command.SplitCoins(var coin, var amounts) -> line("split", argument(coin), arguments(amounts));
            case Command.MergeCoins(var into, var coins) -> line("merge", argument(into), arguments(coins));
            case Command.Publish(var modules, var dependencies) -> line("publish", modules.size(), dependencies);
            case Command.MakeMoveVec(var type, var elements) ->
                line("vector", orNone(type.map(CheckpointText::unspaced)), arguments(elements));
            case Command.Upgrade upgrade ->
                line(
                        "upgrade",
                        upgrade.packageId(),
                        argument(upgrade.ticket()),
                        upgrade.modules().size(),
                        upgrade.dependencies());
        }
    }

    private static List<String> arguments(List<Argument> arguments) {
        return all(arguments, CheckpointText::argument);
    }

    private static String argument(Argument argument) {
        return switch (argument) {
            case Argument.GasCoin() -> "gas";
            case Argument.Input(var index) -> "input:" + index;
            case Argument.Result(var command) -> "result:" + command;
            case Argument.NestedResult(var command, var result) -> "nested:" + command + ":" + result;
        };
    }

    private void effects(TransactionEffects effects) {
        if (effects.version() == 1) {
            throw new IllegalArgumentException("effects V1 have no text");
        }
        switch (effects.status()) {
            case ExecutionStatus.Success() -> line("effects", effects.transactionDigest(), "ok", "-");
            case ExecutionStatus.Failure(var error, var command) -> {
                line(
                        "effects",
                        effects.transactionDigest(),
                        "failed",
                        command.isPresent() ? unsigned(command.getAsLong()) : "-");
                if (error instanceof ExecutionError.MoveAbort abort) {
                    line(
                            "abort",
                            abort.location().packageId() + "::"
                                    + abort.location().module(),
                            abort.location().function(),
                            abort.location().instruction(),
                            orNone(abort.location().functionName()),
                            unsigned(abort.code()));
                }
            }
        }
        line("executed", unsigned(effects.epoch()), gas(effects.gas()), orNone(effects.gasObjectIndex()));
        line(
                "after",
                unsigned(effects.lamportVersion()),
                orNone(effects.eventsDigest()),
                orNone(effects.auxiliaryDigest()),
                effects.dependencies());
        effects.changedObjects().forEach(this::changed);
        effects.unchangedConsensusObjects().forEach(unchanged -> line("unchanged", unchanged.id()));
    }

    private void changed(ChangedObject changed) {
        List<Object> before = switch (changed.in()) {
            case InputState.Absent() -> List.of("-");
            case InputState.Exists(var version, var digest, var owner) ->
                List.of("at", unsigned(version), digest, owner(owner));
            case InputState.ExistsV1 _ -> throw new IllegalArgumentException("effects V1 have no text");
        };
        List<Object> after = switch (changed.out()) {
            case OutputState.Absent() -> List.of("-");
            case OutputState.Written(var digest, var owner) -> List.of("written", digest, owner(owner));
            case OutputState.PackageWritten(var version, var digest) -> List.of("package", unsigned(version), digest);
            case OutputState.AccumulatorWritten _ -> List.of("accumulator");
        };
        line("changed", changed.id(), before, after, changed.operation().name().toLowerCase(Locale.ROOT));
    }

    private void event(Event event) {
        line("event", event.packageId(), event.module(), event.sender(), unspaced(event.type()), hex(event.contents()));
    }

    private void object(SuiObject object) {
        List<Object> tail =
                List.of(owner(object.owner()), object.previousTransaction(), unsigned(object.storageRebate()));
        switch (object.data()) {
            case SuiObject.Move move ->
                line(
                        "object",
                        move.id(),
                        unsigned(move.version()),
                        unspaced(move.type()),
                        move.hasPublicTransfer(),
                        tail,
                        sha256(move.contents()));
            case SuiObject.Package code ->
                line(
                        "package",
                        code.id(),
                        unsigned(code.version()),
                        tail,
                        code.typeOrigins().size(),
                        code.linkage().size(),
                        all(code.modules().entrySet(), each -> each.getKey() + "=" + sha256(each.getValue())));
        }
    }

    private static String owner(Owner owner) {
        return switch (owner) {
            case Owner.AddressOwner(var address) -> "address:" + address;
            case Owner.ObjectOwner(var object) -> "object:" + object;
            case Owner.Shared(var version) -> "shared:" + unsigned(version);
            case Owner.Immutable() -> "immutable";
            case Owner.ConsensusAddress(var version, var address) -> "consensus:" + unsigned(version) + ":" + address;
        };
    }

    private static String ref(ObjectRef ref) {
        return ref.id() + ":" + unsigned(ref.version()) + ":" + ref.digest();
    }

    private static List<String> gas(GasCost gas) {
        return all(
                List.of(gas.computation(), gas.storage(), gas.rebate(), gas.nonRefundable()), CheckpointText::unsigned);
    }

    private static String unsigned(long value) {
        return Long.toUnsignedString(value);
    }

    /** Types without the space between type arguments, for spaces part words here. */
    private static String unspaced(Object type) {
        return type.toString().replace(", ", ",");
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static String sha256(Bytes bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static Object orNone(Optional<?> value) {
        return value.isPresent() ? value.get() : "-";
    }

    private static <T> T decoded(Part<T> part) {
        return switch (part) {
            case Part.Decoded<T>(var value, var _) -> value;
            case Part.Undecoded<T>(var _, var reason) -> throw new IllegalArgumentException(reason);
        };
    }

    private static <T> List<String> all(Collection<T> values, Function<T, String> word) {
        var words = new ArrayList<String>(values.size());
        values.forEach(each -> words.add(word.apply(each)));
        return words;
    }

    /** Words parted by spaces; of a list, each element is one. */
    private void line(Object... words) {
        String before = "";
        for (Object word : words) {
            for (Object each : word instanceof List<?> list ? list : List.of(word)) {
                text.append(before).append(each);
                before = " ";
            }
        }
        text.append('\n');
    }
}
