package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader;
import dev.vibrissa.redstuff.EncodingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Event blobs in files, under whatever names: known by the ids that their bytes encode to. */
public final class FolderEventBlobs implements EventBlobSource {
    private final Map<BlobId, Path> files = new HashMap<>();
    private final Path folder;

    /** Encodes every regular file of the folder. */
    public FolderEventBlobs(Path folder, EncodingConfig config, int threads) throws IOException {
        this.folder = folder;
        List<Path> found;
        try (var list = Files.list(folder)) {
            found = list.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().endsWith(".part"))
                    .sorted()
                    .toList();
        }
        for (Path file : found) {
            long bytes = Files.size(file);
            if (bytes >= EventBlobReader.MIN_BYTES && bytes <= NodeEventBlobs.MOST_BYTES) {
                files.put(BlobFile.id(file, config, threads), file);
            }
        }
    }

    /** The blob id that a file's bytes encode to. */
    public static BlobId id(Path file, EncodingConfig config, int threads) throws IOException {
        return BlobFile.id(file, config, threads);
    }

    @Override
    public Fetched fetch(BlobId blobId) throws IOException {
        Path file = files.get(blobId);
        return file == null
                ? new Fetched.Gone("%s has no file that encodes to %s".formatted(folder, blobId))
                : new Fetched.Found(file, Files.size(file));
    }

    /**
     * The file that no other names as the one before it: where a walk begins.
     *
     * @return empty if there is none, or several
     */
    public Optional<Link> newest() throws IOException {
        var heads = new HashMap<BlobId, Link>();
        for (var each : files.entrySet()) {
            if (EventBlobFile.inspect(each.getKey(), each.getValue()) instanceof EventBlobFile.Readable readable) {
                heads.put(each.getKey(), new Link(each.getKey(), readable.file().lastCheckpoint()));
            }
        }
        for (var each : files.entrySet()) {
            if (EventBlobFile.inspect(each.getKey(), each.getValue()) instanceof EventBlobFile.Readable readable) {
                readable.file().header().previous().ifPresent(heads::remove);
            }
        }
        return heads.size() == 1 ? Optional.of(heads.values().iterator().next()) : Optional.empty();
    }
}
