package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.sui.CheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoint files on disk, in any order, {@code .binpb.zst}, {@code .binpb} and {@code .chk} mixed.
 *
 * <p>A file named by its sequence number is opened when its turn comes; any other is opened once at the start to
 * learn which checkpoint it holds. The whole list is checked for gaps before anything is handed out.
 */
public final class FileSource implements CheckpointSource {
    private static final Pattern NUMBERED = Pattern.compile("(\\d{1,19})\\.(binpb\\.zst|binpb|chk)");
    private static final List<String> ENDINGS = List.of(".binpb.zst", ".binpb", ".chk"); // first wins for one number
    /** Larger than any checkpoint; keeps a mistaken path from filling the memory. */
    private static final long MAX_FILE_BYTES = 256L << 20;

    private final String location;
    private final NavigableMap<Long, Path> files;

    private FileSource(String location, NavigableMap<Long, Path> files) {
        this.location = location;
        this.files = files;
    }

    /**
     * Lists what lies at {@code paths}: files as they are, directories with the checkpoint files directly in them.
     *
     * @throws SourceException if there is no checkpoint, a gap, or two different files for one checkpoint
     */
    public static FileSource of(List<Path> paths) {
        String location = String.join(", ", paths.stream().map(Path::toString).toList());
        var files = new TreeMap<Long, Path>();
        for (Path file : list(paths)) {
            files.merge(sequenceNumber(file), file, FileSource::preferred);
        }
        if (files.isEmpty()) {
            throw new SourceException("no checkpoint files (%s) in %s".formatted(String.join(", ", ENDINGS), location));
        }
        long expected = files.firstKey();
        for (long found : files.keySet()) {
            if (found != expected) {
                throw new SourceException("gap in %s: checkpoint %d follows %d, %d missing"
                        .formatted(location, found, expected - 1, found - expected));
            }
            expected++;
        }
        return new FileSource(location, files);
    }

    private static List<Path> list(List<Path> paths) {
        var files = new ArrayList<Path>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> entries = Files.list(path)) {
                    entries.filter(FileSource::isCheckpointFile).sorted().forEach(files::add);
                } catch (IOException e) {
                    throw new SourceException("cannot list %s: %s".formatted(path, e.getMessage()), e);
                }
            } else if (Files.isRegularFile(path)) {
                files.add(path);
            } else {
                throw new SourceException("%s is neither a file nor a directory".formatted(path));
            }
        }
        return files;
    }

    private static boolean isCheckpointFile(Path path) {
        return Files.isRegularFile(path)
                && ENDINGS.stream().anyMatch(path.getFileName().toString()::endsWith);
    }

    private static long sequenceNumber(Path file) {
        var numbered = NUMBERED.matcher(file.getFileName().toString());
        if (numbered.matches()) {
            try {
                return Long.parseLong(numbered.group(1));
            } catch (NumberFormatException e) {
                throw new SourceException("%s: no checkpoint has that number".formatted(file), e);
            }
        }
        return CheckpointFile.read(read(file), file.toString()).summary().sequenceNumber();
    }

    private static Path preferred(Path one, Path other) {
        var byEnding = Comparator.comparingInt((Path path) -> ENDINGS.indexOf(
                ENDINGS.stream().filter(path.toString()::endsWith).findFirst().orElse(".chk")));
        int order = byEnding.compare(one, other);
        if (order == 0 && !Arrays.equals(read(one), read(other))) {
            throw new SourceException("%s and %s are two different files of one checkpoint".formatted(one, other));
        }
        return order <= 0 ? one : other;
    }

    private static byte[] read(Path file) {
        size(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static int size(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw new SourceException("%s has %d bytes, more than the %d a checkpoint file may have"
                        .formatted(file, size, MAX_FILE_BYTES));
            }
            return (int) size;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static SourceException unreadable(Path file, IOException fault) {
        return new SourceException("cannot read %s: %s".formatted(file, fault.getMessage()), fault);
    }

    @Override
    public String kind() {
        return "directory";
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public long first() {
        return files.firstKey();
    }

    @Override
    public Optional<Long> last() {
        return Optional.of(files.lastKey());
    }

    @Override
    public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
        Path file = files.get(sequenceNumber);
        if (file == null) {
            return Optional.empty();
        }
        room.take(size(file));
        return Optional.of(new RawCheckpoint(sequenceNumber, file.toString(), read(file)));
    }
}
