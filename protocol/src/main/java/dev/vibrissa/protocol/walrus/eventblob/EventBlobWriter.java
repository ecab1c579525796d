package dev.vibrissa.protocol.walrus.eventblob;

import dev.vibrissa.protocol.bcs.BcsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes an event blob as a storage node does: the inverse of {@link EventBlobReader}. */
public final class EventBlobWriter {
    private final OutputStream out;
    private long firstCheckpoint = -1;
    private long lastCheckpoint = -1;

    public EventBlobWriter(OutputStream out, EventBlobHeader header) throws IOException {
        this.out = out;
        out.write(header.encode());
    }

    /** A whole file, none of whose elements is checked. */
    public static void write(OutputStream out, EventBlobHeader header, List<Element> elements) throws IOException {
        var writer = new EventBlobWriter(out, header);
        for (Element element : elements) {
            writer.add(element);
        }
        writer.end();
    }

    public void add(Element element) throws IOException {
        add(element.checkpoint(), BcsWriter.encode(element, (to, each) -> each.encode(to)));
    }

    /** An element of whatever kind, as it is to stand in the file. */
    public void add(long checkpoint, byte[] payload) throws IOException {
        out.write(new BcsWriter().uleb(payload.length).u8(1).toByteArray());
        out.write(payload);
        if (firstCheckpoint < 0) {
            firstCheckpoint = checkpoint;
        }
        lastCheckpoint = checkpoint;
    }

    /** The trailer. */
    public void end() throws IOException {
        out.write(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(firstCheckpoint)
                .putLong(lastCheckpoint)
                .array());
    }
}
