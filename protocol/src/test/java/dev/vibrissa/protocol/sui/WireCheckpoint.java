package dev.vibrissa.protocol.sui;

import com.google.protobuf.CodedOutputStream;
import dev.vibrissa.protocol.bcs.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A checkpoint in parts that tests damage and put on the wire again. */
public final class WireCheckpoint {
    public Bytes summary = Bytes.EMPTY;
    public Bytes contents = Bytes.EMPTY;
    public final List<Transaction> transactions = new ArrayList<>();
    public final List<Bytes> objects = new ArrayList<>();
    private AuthoritySignature signature = new AuthoritySignature(0, Bytes.of(new byte[48]), Bytes.EMPTY);

    /** Empty events are left out. */
    public static final class Transaction {
        public Bytes data = Bytes.EMPTY;
        public Bytes effects = Bytes.EMPTY;
        public Bytes events = Bytes.EMPTY;
    }

    private WireCheckpoint() {}

    public static WireCheckpoint of(Checkpoint checkpoint) {
        var wire = new WireCheckpoint();
        wire.summary = checkpoint.summaryBcs();
        wire.contents = checkpoint.contentsBcs();
        wire.signature = checkpoint.signature();
        for (var each : checkpoint.transactions()) {
            var transaction = new Transaction();
            transaction.data = each.data().bcs();
            transaction.effects = each.effects().bcs();
            transaction.events = each.events().map(Part::bcs).orElse(Bytes.EMPTY);
            wire.transactions.add(transaction);
        }
        checkpoint.objects().all().forEach(object -> wire.objects.add(object.bcs()));
        return wire;
    }

    public byte[] toProto() {
        return message(out -> {
            field(out, 3, bcs(summary));
            field(out, 4, message(inner -> {
                inner.writeUInt64(1, signature.epoch());
                inner.writeByteArray(2, signature.signature().toByteArray());
                inner.writeByteArray(3, signature.bitmap().toByteArray());
            }));
            field(out, 5, bcs(contents));
            for (Transaction each : transactions) {
                field(out, 6, message(inner -> {
                    field(inner, 2, bcs(each.data));
                    field(inner, 4, bcs(each.effects));
                    if (!each.events.isEmpty()) {
                        field(inner, 5, bcs(each.events));
                    }
                }));
            }
            field(out, 7, message(inner -> {
                for (Bytes object : objects) {
                    field(inner, 1, bcs(object));
                }
            }));
        });
    }

    /** The message that has a field {@code bcs}, inside of which the value is. */
    private static byte[] bcs(Bytes value) {
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
