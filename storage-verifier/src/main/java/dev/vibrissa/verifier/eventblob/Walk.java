package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.BlobId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way back from a certified head, file by file.
 *
 * @param newestFirst the files, each linked to the one before it in this list
 */
public record Walk(List<EventBlobFile> newestFirst, Stop stop) {
    public Walk {
        newestFirst = List.copyOf(newestFirst);
    }

    /** Why a walk ended. */
    public sealed interface Stop {
        /** With the first event blob of all: the history is whole. */
        record Complete() implements Stop {}

        /** With a file of which we have all that is before it. */
        record ReachedKnown(long checkpoint) implements Stop {}

        /** The next file does not exist any more: history begins with the last one. */
        record Gone(BlobId blobId, String reason) implements Stop {}

        /** The next file was not to be had now. */
        record Unavailable(BlobId blobId, String reason) implements Stop {}

        /** The next file is damaged, or is not the one that is meant. */
        record Broken(BlobId blobId, String reason) implements Stop {}
    }

    /**
     * Walks.
     *
     * @param known files that end before this checkpoint are not wanted
     * @param progress told of each file
     */
    public static Walk back(EventBlobSource source, Link head, long known, Consumer<EventBlobFile> progress)
            throws IOException, InterruptedException {
        var files = new ArrayList<EventBlobFile>();
        // Ends: each file covers checkpoints before those of the file that named it.
        for (Link link = head; ; ) {
            if (link.lastCheckpoint() < known) {
                return new Walk(files, new Stop.ReachedKnown(known));
            }
            switch (source.fetch(link.blobId())) {
                case Fetched.Found found -> {
                    switch (EventBlobFile.inspect(link.blobId(), found.file())) {
                        case EventBlobFile.Malformed(String reason) -> {
                            return new Walk(files, new Stop.Broken(link.blobId(), reason));
                        }
                        case EventBlobFile.Readable(EventBlobFile file) -> {
                            Optional<String> fault = link.fault(file);
                            if (fault.isPresent()) {
                                return new Walk(files, new Stop.Broken(link.blobId(), fault.get()));
                            }
                            files.add(file);
                            progress.accept(file);
                            Optional<Link> older = file.older();
                            if (older.isEmpty()) {
                                return new Walk(files, new Stop.Complete());
                            }
                            link = older.get();
                        }
                    }
                }
                case Fetched.Gone(String reason) -> {
                    return new Walk(files, new Stop.Gone(link.blobId(), reason));
                }
                case Fetched.Unavailable(String reason) -> {
                    return new Walk(files, new Stop.Unavailable(link.blobId(), reason));
                }
                case Fetched.Unfit(String reason) -> {
                    return new Walk(files, new Stop.Broken(link.blobId(), reason));
                }
            }
        }
    }
}
