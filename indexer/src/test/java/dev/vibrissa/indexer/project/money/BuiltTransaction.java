package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Facts of a transaction: calls, events, objects, and what became of the accounts of epochs. */
public final class BuiltTransaction {
    public static final SuiAddress SENDER = SuiAddress.parse("0xa11ce");
    public static final SuiAddress RELAY = SuiAddress.parse("0xcafe01");
    public static final SuiAddress WALRUS = SuiAddress.parse("0xfdc8");
    public static final SuiAddress SUBSIDIES = SuiAddress.parse("0xd843");
    public static final PackageChain PACKAGES = new PackageChain(new TreeMap<>(Map.of(1L, WALRUS)));

    private final List<EventFact> events = new ArrayList<>();
    private final List<ObjectFact> objects = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<CallArg> inputs = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private Optional<SystemChange> system = Optional.empty();

    /** Emitted below a call of another contract. */
    public BuiltTransaction event(WalrusEvent event) {
        return event(RELAY + "::relay", event);
    }

    public BuiltTransaction event(String emitter, WalrusEvent event) {
        events.add(new EventFact(
                events.size(), events.size(), event.name(), SuiAddress.ZERO, emitter, Optional.of(event), Bytes.EMPTY));
        return this;
    }

    /**
     * A command that calls Walrus, and what it emits.
     *
     * @param arguments u64 as Long, u32 as Integer, objects by their id, blob ids, other inputs as they are, and results of
     *     commands
     */
    public BuiltTransaction calls(String module, String function, List<Object> arguments, WalrusEvent... emitted) {
        return calls(WALRUS, module, function, arguments, emitted);
    }

    public BuiltTransaction calls(
            SuiAddress packageId, String module, String function, List<Object> arguments, WalrusEvent... emitted) {
        commands.add(new Command.MoveCall(
                packageId,
                module,
                function,
                List.of(),
                arguments.stream().map(this::argument).toList()));
        if (packageId != RELAY) {
            calls.add(module + "::" + function);
        }
        for (WalrusEvent event : emitted) {
            event(packageId + "::" + module, event);
        }
        return this;
    }

    private Argument argument(Object value) {
        if (value instanceof Argument made) {
            return made;
        }
        inputs.add(
                switch (value) {
                    case Long u64 -> pure(out -> out.u64(u64));
                    case Integer u32 -> pure(out -> out.u32(u32));
                    case BlobId id -> new CallArg.Pure(Bytes.of(id.toByteArray()));
                    case CallArg other -> other;
                    case SuiAddress id -> new CallArg.Shared(id, 1, 1);
                    default -> throw new IllegalArgumentException("no argument: " + value);
                });
        return new Argument.Input(inputs.size() - 1);
    }

    private static CallArg pure(Consumer<BcsWriter> value) {
        var out = new BcsWriter();
        value.accept(out);
        return new CallArg.Pure(Bytes.of(out.toByteArray()));
    }

    public BuiltTransaction object(ObjectFact object) {
        objects.add(object);
        return this;
    }

    public BuiltTransaction call(String call) {
        calls.add(call);
        return this;
    }

    BuiltTransaction leaves(Prices before, long epoch, Prices after, RingChange... ring) {
        system = Optional.of(new SystemChange(
                before.storage(),
                before.write(),
                epoch,
                1000,
                1L << 40,
                0,
                after.storage(),
                after.write(),
                List.of(ring),
                Optional.empty(),
                List.of()));
        return this;
    }

    public TransactionFacts facts() {
        return new TransactionFacts(
                0,
                new Digest(new byte[32]),
                SENDER,
                SENDER,
                Optional.empty(),
                List.copyOf(calls),
                Bytes.EMPTY,
                Optional.empty(),
                List.copyOf(events),
                List.copyOf(objects),
                List.of(),
                system.isPresent(),
                new Part.Decoded<>(
                        new TransactionData(
                                new TransactionKind.Programmable(List.copyOf(inputs), List.copyOf(commands)),
                                SENDER,
                                new TransactionData.GasData(List.of(), SENDER, 1, 1),
                                new TransactionData.Expiration.None()),
                        Bytes.EMPTY),
                system);
    }

    /** A checkpoint with nothing else. */
    public CheckpointFacts checkpoint(long sequenceNumber) {
        return new CheckpointFacts(
                sequenceNumber,
                Instant.EPOCH,
                PACKAGES,
                PACKAGES,
                1,
                0,
                List.of(facts()),
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of());
    }
}
