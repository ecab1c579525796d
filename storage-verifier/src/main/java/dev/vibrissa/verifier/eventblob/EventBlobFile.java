package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobFormatException;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobHeader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.End;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Extent;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Unknown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event blob that was read once from end to end.
 *
 * @param firstCheckpoint of the trailer, like {@code lastCheckpoint}; confirmed by the elements where there is an extent
 * @param extent what it covers; empty if it has an element that is not known here
 * @param unknown that element
 */
public record EventBlobFile(
        BlobId blobId,
        Path path,
        long bytes,
        EventBlobHeader header,
        long firstCheckpoint,
        long lastCheckpoint,
        Optional<Extent> extent,
        Optional<Unknown> unknown) {
    private static final int TRAILER_BYTES = 16;

    /** What reading a file came to. */
    public sealed interface Inspected {}

    public record Readable(EventBlobFile file) implements Inspected {}

    /** It is damaged, or was never an event blob. */
    public record Malformed(String reason) implements Inspected {}

    /** Reads a file from end to end, holding one element at a time. */
    public static Inspected inspect(BlobId blobId, Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ);
                var reader = EventBlobReader.open(path)) {
            long bytes = channel.size();
            EventBlobReader.Next last = reader.next();
            while (last instanceof Read) {
                last = reader.next();
            }
            return switch (last) {
                case End(Extent extent) ->
                    new Readable(new EventBlobFile(
                            blobId,
                            path,
                            bytes,
                            reader.header(),
                            extent.firstCheckpoint(),
                            extent.lastCheckpoint(),
                            Optional.of(extent),
                            Optional.empty()));
                case Unknown unknown -> {
                    var trailer = ByteBuffer.allocate(TRAILER_BYTES);
                    channel.read(trailer, bytes - TRAILER_BYTES);
                    long firstCheckpoint = trailer.getLong(0);
                    long lastCheckpoint = trailer.getLong(Long.BYTES);
                    if (firstCheckpoint < 0 || lastCheckpoint < firstCheckpoint) {
                        yield new Malformed("a trailer of checkpoints %s to %s"
                                .formatted(
                                        Long.toUnsignedString(firstCheckpoint), Long.toUnsignedString(lastCheckpoint)));
                    }
                    yield new Readable(new EventBlobFile(
                            blobId,
                            path,
                            bytes,
                            reader.header(),
                            firstCheckpoint,
                            lastCheckpoint,
                            Optional.empty(),
                            Optional.of(unknown)));
                }
                case Read _ -> throw new IllegalStateException("an element is not the last");
            };
        } catch (EventBlobFormatException e) {
            return new Malformed(String.valueOf(e.getMessage()));
        }
    }

    /** The event blob before this one; empty if this is the first of all. */
    public Optional<Link> older() {
        OptionalLong firstIndex = extent.filter(each -> each.elements() > 0)
                .map(each -> OptionalLong.of(each.firstIndex()))
                .orElse(OptionalLong.empty());
        return header.previous().map(previous -> new Link(previous, firstCheckpoint - 1, firstIndex));
    }
}
