package dev.vibrissa.indexer.kafka;

import dev.vibrissa.kafka.v1.Part;
import java.io.ByteArrayOutputStream;

/** A checkpoint in parts, from one publisher in one partition. */
final class Assembly {
    /** What a checkpoint of the chain can be at most, as we read it elsewhere. */
    static final int MOST_BYTES = 256 << 20;

    final long sequenceNumber;
    final int count;
    final int partition;
    /** Of the first part. */
    final long offset;

    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int parts;
    private boolean isLetGo;

    /** @throws MalformedRecordException if it is not the first part */
    Assembly(Part first, int partition, long offset) {
        if (first.getIndex() != 0 || first.getCount() < 1 || first.getCount() > MOST_BYTES / Wire.MOST_PART_BYTES) {
            throw new MalformedRecordException("part %d of %d of checkpoint %d, which did not begin"
                    .formatted(first.getIndex(), first.getCount(), first.getSequenceNumber()));
        }
        this.sequenceNumber = first.getSequenceNumber();
        this.count = first.getCount();
        this.partition = partition;
        this.offset = offset;
        add(first);
    }

    /** @throws MalformedRecordException if it is not the next part */
    void add(Part part) {
        if (part.getIndex() != parts || part.getCount() != count || part.getSequenceNumber() != sequenceNumber) {
            throw new MalformedRecordException("part %d of %d of checkpoint %d where part %d of %d of %d is due"
                    .formatted(
                            part.getIndex(), part.getCount(), part.getSequenceNumber(), parts, count, sequenceNumber));
        }
        if (bytes.size() + part.getBytes().size() > MOST_BYTES) {
            throw new MalformedRecordException(
                    "checkpoint %d has more than %d bytes".formatted(sequenceNumber, MOST_BYTES));
        }
        if (!isLetGo) {
            bytes.writeBytes(part.getBytes().toByteArray());
        }
        parts++;
    }

    boolean isWhole() {
        return parts == count;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    int size() {
        return bytes.size();
    }

    /** Nobody wants it: parts that are still to come are told apart from those of others, and not kept. */
    void letGo() {
        isLetGo = true;
        bytes = new ByteArrayOutputStream();
    }

    boolean isLetGo() {
        return isLetGo;
    }
}
