package dev.vibrissa.server.slivers;

import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Decodes a blob from what is left of a folder of slivers.
 *
 * <p>Each sliver is verified before it is used. The code works on each block of 64 bytes of a symbol alone, so blobs are decoded in strips: the
 * same blocks of every symbol. Two strips are in memory, together up to 128 MB (or the least possible ones), and while slivers
 * are verified one expanded sliver per thread.
 */
public final class SliverFolderReader {
    private static final int STRIP_BYTES = 64 << 20;

    /** The code pairs low and high bytes within blocks of so many bytes. */
    private static final int BLOCK = 64;

    private final SliverFolder folder;
    private final VerifiedMetadata metadata;
    private final EncodingConfig config;
    private final int threads;
    private final int stripBytes;

    public SliverFolderReader(SliverFolder folder, VerifiedMetadata metadata, int threads) {
        this(folder, metadata, threads, STRIP_BYTES);
    }

    /** A reader with strips of about {@code stripBytes}, so that a test can have many. */
    SliverFolderReader(SliverFolder folder, VerifiedMetadata metadata, int threads, int stripBytes) {
        this.folder = folder;
        this.metadata = metadata;
        this.threads = threads;
        this.stripBytes = stripBytes;
        config = metadata.config();
    }

    /** A file that is no sliver of the blob, and why. */
    public record Bad(Path file, String reason) {}

    /**
     * What the slivers of one type came to.
     *
     * @param good indices of verified ones, no more than are needed
     * @param missing how many files are not there
     * @param bad among those that were looked at, which ends when there are enough
     */
    public record Found(SliverType type, List<Integer> good, int missing, List<Bad> bad) {
        public Found {
            good = List.copyOf(good);
            bad = List.copyOf(bad);
        }
    }

    /** Verifies slivers of a type until there are as many as decode the blob. */
    public Found find(SliverType type) throws InterruptedException {
        List<Integer> there = IntStream.range(0, config.shards())
                .filter(index -> Files.isRegularFile(folder.sliver(type, index)))
                .boxed()
                .toList();
        var good = new ArrayList<Integer>();
        var bad = new ArrayList<Bad>();
        int needed = config.sliversToDecode(type);
        try (var pool = Executors.newFixedThreadPool(threads)) {
            int next = 0;
            while (good.size() < needed && next < there.size()) {
                List<Integer> batch = there.subList(next, Math.min(next + needed - good.size(), there.size()));
                next += batch.size();
                var verdicts = new ArrayList<Future<SliverVerdict>>();
                for (int index : batch) {
                    verdicts.add(pool.submit((Callable<SliverVerdict>) () -> verdictOn(type, index)));
                }
                for (int i = 0; i < batch.size(); i++) {
                    Path file = folder.sliver(type, batch.get(i));
                    try {
                        switch (verdicts.get(i).get()) {
                            case SliverVerdict.Accepted _ -> good.add(batch.get(i));
                            case SliverVerdict.Refused(var reason, var detail) ->
                                bad.add(new Bad(file, reason + ", " + detail));
                        }
                    } catch (ExecutionException e) {
                        if (!(e.getCause() instanceof IOException fault)) {
                            throw new IllegalStateException(e.getCause());
                        }
                        bad.add(new Bad(file, "it cannot be read: " + fault)); // the others may do
                    }
                }
            }
        }
        return new Found(type, good, config.shards() - there.size(), bad);
    }

    private SliverVerdict verdictOn(SliverType type, int index) throws IOException {
        Path file = folder.sliver(type, index);
        long due = metadata.sliverAnswerBytes(type);
        long size = Files.size(file);
        if (size != due) { // before a byte of it is read
            return new SliverVerdict.Refused(
                    SliverVerdict.Reason.SLIVER_SIZE_MISMATCH, "a file of %d bytes, not %d".formatted(size, due));
        }
        return metadata.verifySliver(type, config.sliverIndex(type, index), Files.readAllBytes(file));
    }

    /** Takes how many bytes of the blob are decoded. */
    @FunctionalInterface
    public interface Progress {
        void done(long bytes);
    }

    /**
     * Decodes.
     *
     * @param found as many good slivers as are needed
     * @param blob of the length that metadata says
     */
    public void decode(Found found, MemorySegment blob, Progress progress) throws IOException {
        int symbolBytes = metadata.symbolBytes();
        int k1 = config.primarySymbols();
        int k2 = config.secondarySymbols();
        int width = Math.min(Math.max(stripBytes / (k1 * k2) / BLOCK * BLOCK, BLOCK), symbolBytes);
        var decoder = new BlobDecoder(config, threads);
        try (var arena = Arena.ofShared()) {
            var files = new ArrayList<MemorySegment>();
            for (int index : found.good()) {
                files.add(SliverFolder.map(folder.sliver(found.type(), index), arena));
            }
            for (int begin = 0; begin < symbolBytes; begin += width) {
                int count = Math.min(width, symbolBytes - begin);
                List<Sliver> strips = strips(found, files, begin, count);
                if (count == symbolBytes) {
                    decoder.decode(strips, blob);
                } else {
                    byte[] strip = new byte[k1 * k2 * count];
                    decoder.decode(strips, MemorySegment.ofArray(strip));
                    scatter(strip, count, blob, begin);
                }
                progress.done(blob.byteSize() * (begin + count) / symbolBytes);
            }
        }
    }

    /** The same {@code count} bytes of every symbol, as slivers with symbols of that size. */
    private List<Sliver> strips(Found found, List<MemorySegment> files, int begin, int count) {
        int symbols = config.symbolsIn(found.type());
        int symbolBytes = metadata.symbolBytes();
        long data = config.sliverBytes(found.type(), symbolBytes);
        return IntStream.range(0, files.size())
                .mapToObj(i -> {
                    MemorySegment file = files.get(i);
                    long header = Sliver.encodedBytes(data) - data - 4;
                    byte[] strip = new byte[symbols * count];
                    for (int symbol = 0; symbol < symbols; symbol++) {
                        long from = header + (long) symbol * symbolBytes + begin;
                        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, from, strip, symbol * count, count);
                    }
                    return new Sliver(found.type(), found.good().get(i), count, strip);
                })
                .toList();
    }

    private void scatter(byte[] strip, int count, MemorySegment blob, int begin) {
        int symbols = strip.length / count;
        for (int symbol = 0; symbol < symbols; symbol++) {
            long at = (long) symbol * metadata.symbolBytes() + begin;
            int there = (int) Math.clamp(blob.byteSize() - at, 0, count);
            if (there == 0) {
                return; // zeros behind the end of the blob
            }
            MemorySegment.copy(strip, symbol * count, blob, ValueLayout.JAVA_BYTE, at, there);
        }
    }

    /** Fills a blob. */
    @FunctionalInterface
    public interface BlobWork {
        /** Whether the blob may be kept. */
        boolean fill(MemorySegment blob) throws IOException;
    }

    /**
     * Where a file of that name can be put: the file itself, or what a link leads to.
     *
     * @throws IOException if there is something else, such as a folder or a device, or no folder to put it in
     */
    public static Path target(Path file) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException("%s is there and no regular file".formatted(file));
        }
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("there is no folder for %s".formatted(file));
        }
        return target;
    }

    /**
     * Writes a file that is there whole or not at all: it gets its name when {@code work} says so, and takes the place of one
     * that has it.
     *
     * @param target as {@link #target} gives it
     * @return whether it did
     */
    public static boolean write(Path target, long bytes, BlobWork work) throws IOException {
        Path directory = Objects.requireNonNull(target.getParent(), "a target has a folder");
        SliverFolder.needRoom(directory, bytes);
        Path part = target.resolveSibling(".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID()));
        try (var arena = Arena.ofShared()) {
            MemorySegment blob = SliverFolder.create(part, bytes, arena);
            if (!work.fill(blob)) {
                return false;
            }
            blob.force();
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            SliverFolder.sync(directory);
            return true;
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
