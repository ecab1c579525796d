package dev.vibrissa.indexer;

import com.google.protobuf.CodedOutputStream;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointContents;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TransactionKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Continues a chain with checkpoints of one transaction each: every digest and link is right, nobody signs. */
final class BuiltCheckpoints {
    private static final SuiAddress SENDER = SuiAddress.parse("0x5e4de4");

    private final Path directory;
    private CheckpointSummary summary;
    private Digest digest;

    /** @param last the checkpoint to go on after */
    BuiltCheckpoints(Path directory, Checkpoint last) {
        this.directory = directory;
        this.summary = last.summary();
        this.digest = last.digest();
    }

    /**
     * Writes the next checkpoint.
     *
     * @param lamportVersion version of everything the transaction writes
     * @param objects versions that it read or wrote
     */
    Path add(long lamportVersion, List<ChangedObject> changes, List<SuiObject> objects) {
        return add(lamportVersion, changes, objects, List.of());
    }

    /** The same with events. */
    Path add(long lamportVersion, List<ChangedObject> changes, List<SuiObject> objects, List<Event> emitted) {
        Optional<Bytes> events =
                emitted.isEmpty() ? Optional.empty() : Optional.of(bcs(out -> Event.encodeList(emitted, out)));
        Bytes data = bcs(new TransactionData(
                new TransactionKind.Programmable(List.of(), List.of()),
                SENDER,
                // The budget sets one transaction apart from another.
                new TransactionData.GasData(List.of(), SENDER, 1, summary.sequenceNumber()),
                new TransactionData.Expiration.None())::encode);
        Digest transaction = DigestKind.TRANSACTION.digest(data);
        Bytes effects = bcs(new TransactionEffects(
                2,
                new ExecutionStatus.Success(),
                summary.epoch(),
                new GasCost(0, 0, 0, 0),
                transaction,
                Optional.empty(),
                events.map(DigestKind.EVENTS::digest),
                List.of(),
                lamportVersion,
                changes,
                List.of(),
                Optional.empty())::encode);
        Bytes contents =
                bcs(new CheckpointContents(
                        1,
                        List.of(new CheckpointContents.Entry(
                                transaction, DigestKind.EFFECTS.digest(effects), List.of())))::encode);
        summary = new CheckpointSummary(
                summary.epoch(),
                summary.sequenceNumber() + 1,
                summary.networkTotalTransactions() + 1,
                DigestKind.CHECKPOINT_CONTENTS.digest(contents),
                Optional.of(digest),
                summary.gas(),
                summary.timestamp().plusMillis(250),
                List.of(),
                Optional.empty(),
                summary.versionSpecificData());
        Bytes summaryBcs = bcs(summary::encode);
        digest = DigestKind.CHECKPOINT_SUMMARY.digest(summaryBcs);
        byte[] file = message(out -> {
            field(out, 3, part(summaryBcs));
            field(out, 4, message(inner -> {
                inner.writeUInt64(1, summary.epoch());
                inner.writeByteArray(2, new byte[48]);
            }));
            field(out, 5, part(contents));
            field(out, 6, message(inner -> {
                field(inner, 2, part(data));
                field(inner, 4, part(effects));
                if (events.isPresent()) {
                    field(inner, 5, part(events.get()));
                }
            }));
            field(out, 7, message(inner -> {
                for (SuiObject object : objects) {
                    field(inner, 1, part(bcs(object::encode)));
                }
            }));
        });
        try {
            return Files.write(directory.resolve(summary.sequenceNumber() + ".binpb"), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Digest digest(SuiObject object) {
        return DigestKind.OBJECT.digest(bcs(object::encode));
    }

    private static Bytes bcs(Consumer<BcsWriter> value) {
        var out = new BcsWriter();
        value.accept(out);
        return Bytes.of(out.toByteArray());
    }

    /** The message that has a field {@code bcs}, inside of which the value is. */
    private static byte[] part(Bytes value) {
        return message(out -> field(out, 1, message(inner -> inner.writeByteArray(2, value.toByteArray()))));
    }

    private static void field(CodedOutputStream out, int number, byte[] message) throws IOException {
        out.writeByteArray(number, message);
    }

    @FunctionalInterface
    private interface Body {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Body body) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        try {
            body.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
