package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.eventblob.Element;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobHeader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobWriter;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.EncodingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain of event blobs, three checkpoints each and two events in every checkpoint, as honest nodes write it. */
final class WrittenChain {
    static final EncodingConfig CONFIG = new EncodingConfig(10);
    static final int CHECKPOINTS_PER_FILE = 3;
    static final int EVENTS_PER_CHECKPOINT = 2;
    static final long FIRST_CHECKPOINT = 100;

    final List<List<Element>> files = new ArrayList<>();
    final List<BlobId> ids = new ArrayList<>();
    final Path folder;

    /** Prepares the elements; nothing is written yet. */
    WrittenChain(Path folder, int files) {
        this.folder = folder;
        long index = 0;
        long checkpoint = FIRST_CHECKPOINT;
        for (int file = 0; file < files; file++) {
            var elements = new ArrayList<Element>();
            for (int i = 0; i < CHECKPOINTS_PER_FILE; i++, checkpoint++) {
                for (int counter = 0; counter < EVENTS_PER_CHECKPOINT; counter++) {
                    elements.add(new Element.Occurrence(
                            index++, checkpoint, counter, id(checkpoint, counter), event(checkpoint, counter)));
                }
                elements.add(new Element.Boundary(index++, checkpoint, EVENTS_PER_CHECKPOINT));
            }
            this.files.add(elements);
        }
    }

    static EventId id(long checkpoint, int counter) {
        byte[] digest = new byte[32];
        digest[0] = (byte) checkpoint;
        digest[1] = (byte) counter;
        return new EventId(new Digest(digest), 0);
    }

    static WalrusEvent event(long checkpoint, int counter) {
        byte[] id = new byte[32];
        id[0] = (byte) checkpoint;
        id[1] = (byte) counter;
        return new BlobRegistered(7, new BlobId(id), 1_000 + checkpoint, 1, 12, true, new SuiAddress(id));
    }

    /** Writes the files, each under its id, and links them. */
    WrittenChain write() throws IOException {
        ids.clear();
        Optional<BlobId> previous = Optional.empty();
        for (List<Element> elements : files) {
            Path part = folder.resolve("written.part");
            try (var out = Files.newOutputStream(part)) {
                EventBlobWriter.write(out, new EventBlobHeader(7, previous), elements);
            }
            previous = Optional.of(keep(part));
        }
        return this;
    }

    /** Writes the files, with one of them changed before it gets its id. */
    WrittenChain write(int changed, Change change) throws IOException {
        ids.clear();
        Optional<BlobId> previous = Optional.empty();
        for (int i = 0; i < files.size(); i++) {
            Path part = folder.resolve("written.part");
            try (var out = Files.newOutputStream(part)) {
                EventBlobWriter.write(out, new EventBlobHeader(7, previous), files.get(i));
            }
            if (i == changed) {
                Files.write(part, change.of(Files.readAllBytes(part)));
            }
            previous = Optional.of(keep(part));
        }
        return this;
    }

    @FunctionalInterface
    interface Change {
        byte[] of(byte[] file);
    }

    private BlobId keep(Path part) throws IOException {
        BlobId id = BlobFile.id(part, CONFIG, 1);
        Files.move(part, NodeEventBlobs.file(folder, id));
        ids.add(id);
        return id;
    }

    long lastCheckpoint(int file) {
        return FIRST_CHECKPOINT + (long) (file + 1) * CHECKPOINTS_PER_FILE - 1;
    }

    Link head() {
        return new Link(ids.getLast(), lastCheckpoint(ids.size() - 1));
    }

    /** Length of an element in a file, with what stands before it. */
    static int bytes(Element element) {
        int payload = BcsWriter.encode(element, (out, each) -> each.encode(out)).length;
        return payload + (payload < 128 ? 1 : 2) + 1;
    }
}
