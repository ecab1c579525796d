package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Facts of a transaction that another contract made: nothing shows but events, objects and accounts. */
final class BuiltTransaction {
    static final SuiAddress SENDER = SuiAddress.parse("0xa11ce");
    static final SuiAddress RELAY = SuiAddress.parse("0xcafe01");

    private final List<EventFact> events = new ArrayList<>();
    private final List<ObjectFact> objects = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private Optional<SystemChange> system = Optional.empty();

    BuiltTransaction event(WalrusEvent event) {
        events.add(new EventFact(
                events.size(),
                events.size(),
                event.name(),
                SuiAddress.ZERO,
                RELAY + "::relay",
                Optional.of(event),
                Bytes.EMPTY));
        return this;
    }

    BuiltTransaction object(ObjectFact object) {
        objects.add(object);
        return this;
    }

    BuiltTransaction call(String call) {
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
                List.of(ring)));
        return this;
    }

    TransactionFacts facts() {
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
                new Part.Undecoded<>(Bytes.EMPTY, "of no interest"),
                system);
    }

    /** A checkpoint with nothing else. */
    CheckpointFacts checkpoint(long sequenceNumber) {
        return new CheckpointFacts(
                sequenceNumber,
                Instant.EPOCH,
                PackageChain.none(),
                PackageChain.none(),
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
