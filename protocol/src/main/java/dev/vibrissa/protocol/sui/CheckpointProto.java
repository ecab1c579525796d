package dev.vibrissa.protocol.sui;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code sui.rpc.v2.Checkpoint}, which module {@code sui-rpc} defines. Only a few fields deep inside matter, all
 * of them bytes; so instead of a tree of messages this walks the wire format once and copies nothing. Fields nobody
 * here knows are stepped over, as protobuf promises its senders.
 */
final class CheckpointProto {
    private static final int LENGTH_DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final byte[] message;
    private final CodedInputStream in;

    private @Nullable Long sequenceNumber;
    private @Nullable Bytes summary;
    private @Nullable Bytes contents;
    private long signatureEpoch;
    private Bytes signature = Bytes.EMPTY;
    private Bytes bitmap = Bytes.EMPTY;
    private final List<TransactionBytes> transactions = new ArrayList<>();
    private final List<Bytes> objects = new ArrayList<>();

    /** The BCS of one transaction's parts. */
    private static final class TransactionBytes {
        private @Nullable Bytes data;
        private @Nullable Bytes effects;
        private @Nullable Bytes events;
    }

    /** Reads one field's content; gets the field number. */
    @FunctionalInterface
    private interface Field {
        /** Gives false for a field it does not know, having read nothing. */
        boolean read(int number, int wireType) throws IOException;
    }

    private CheckpointProto(byte[] message) {
        this.message = message;
        this.in = CodedInputStream.newInstance(message);
    }

    static Checkpoint read(byte[] message, String name) {
        var proto = new CheckpointProto(message);
        try {
            proto.fields(proto::checkpointField);
        } catch (IOException e) {
            throw new CheckpointFormatException(
                    name,
                    "no protobuf at byte %d of %d: %s"
                            .formatted(proto.in.getTotalBytesRead(), message.length, e.getMessage()),
                    e);
        }
        return proto.checkpoint(name);
    }

    private boolean checkpointField(int number, int wireType) throws IOException {
        if (wireType == WireFormat.WIRETYPE_VARINT && number == 1) {
            sequenceNumber = in.readUInt64();
            return true;
        }
        if (wireType != LENGTH_DELIMITED) {
            return false;
        }
        switch (number) {
            case 3 -> summary = bcsField();
            case 4 -> inside(this::signatureField);
            case 5 -> contents = bcsField();
            case 6 -> transactions.add(transaction());
            case 7 -> inside(this::objectSetField);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean signatureField(int number, int wireType) throws IOException {
        if (number == 1 && wireType == WireFormat.WIRETYPE_VARINT) {
            signatureEpoch = in.readUInt64();
        } else if (number == 2 && wireType == LENGTH_DELIMITED) {
            signature = bytes();
        } else if (number == 3 && wireType == LENGTH_DELIMITED) {
            bitmap = bytes();
        } else {
            return false;
        }
        return true;
    }

    private TransactionBytes transaction() throws IOException {
        var transaction = new TransactionBytes();
        inside((number, wireType) -> {
            if (wireType != LENGTH_DELIMITED) {
                return false;
            }
            switch (number) {
                case 2 -> transaction.data = bcsField();
                case 4 -> transaction.effects = bcsField();
                case 5 -> transaction.events = bcsField();
                case 9 -> inside(this::objectSetField);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return transaction;
    }

    private boolean objectSetField(int number, int wireType) throws IOException {
        if (number != 1 || wireType != LENGTH_DELIMITED) {
            return false;
        }
        Bytes object = bcsField();
        if (object != null) {
            objects.add(object);
        }
        return true;
    }

    /** The value of the field {@code bcs}, which is number 1 in every message that has one. */
    private @Nullable Bytes bcsField() throws IOException {
        var found = new Object() {
            @Nullable
            Bytes value;
        };
        inside((number, wireType) -> {
            if (number != 1 || wireType != LENGTH_DELIMITED) {
                return false;
            }
            inside((inner, innerType) -> {
                if (inner != 2 || innerType != LENGTH_DELIMITED) {
                    return false;
                }
                found.value = bytes();
                return true;
            });
            return true;
        });
        return found.value;
    }

    private void inside(Field field) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        fields(field);
        in.checkLastTagWas(0);
        in.popLimit(outer);
    }

    private void fields(Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag)) && !in.skipField(tag)) {
                throw new IOException("a group ends that did not begin");
            }
        }
    }

    private Bytes bytes() throws IOException {
        int length = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        in.skipRawBytes(length);
        return Bytes.of(message, start, length);
    }

    private Checkpoint checkpoint(String name) {
        Bytes summaryBcs = required(summary, "summary", name);
        Bytes contentsBcs = required(contents, "contents", name);
        var decodedSummary = BcsReader.decode(summaryBcs, CheckpointSummary::decode);
        if (sequenceNumber != null && sequenceNumber != decodedSummary.sequenceNumber()) {
            throw new CheckpointFormatException(
                    name,
                    "says it is checkpoint %d, its summary %d"
                            .formatted(sequenceNumber, decodedSummary.sequenceNumber()));
        }
        if (signature.length() != AuthoritySignature.SIGNATURE_BYTES) {
            throw new CheckpointFormatException(
                    name,
                    "a signature of %d bytes where %d are due"
                            .formatted(signature.length(), AuthoritySignature.SIGNATURE_BYTES));
        }
        var decodedContents = BcsReader.decode(contentsBcs, CheckpointContents::decode);
        return new Checkpoint(
                decodedSummary,
                summaryBcs,
                DigestKind.CHECKPOINT_SUMMARY.digest(summaryBcs),
                new AuthoritySignature(signatureEpoch, signature, bitmap),
                decodedContents,
                contentsBcs,
                executed(decodedContents, name),
                ObjectSet.of(objects));
    }

    private List<ExecutedTransaction> executed(CheckpointContents decodedContents, String name) {
        var entries = decodedContents.transactions();
        if (entries.size() != transactions.size()) {
            throw new CheckpointFormatException(
                    name, "%d transactions, but its contents list %d".formatted(transactions.size(), entries.size()));
        }
        var executed = new ArrayList<ExecutedTransaction>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            var transaction = transactions.get(i);
            String where = "transaction " + i;
            executed.add(new ExecutedTransaction(
                    i,
                    entries.get(i).transaction(),
                    entries.get(i).effects(),
                    Part.decode(required(transaction.data, where, name), TransactionData::decode),
                    Part.decode(required(transaction.effects, where + ", effects", name), TransactionEffects::decode),
                    Optional.ofNullable(transaction.events).map(bcs -> Part.decode(bcs, Event::decodeList))));
        }
        return List.copyOf(executed);
    }

    private static Bytes required(@Nullable Bytes bytes, String what, String name) {
        if (bytes == null) {
            throw new CheckpointFormatException(name, "no BCS of its " + what);
        }
        return bytes;
    }
}
