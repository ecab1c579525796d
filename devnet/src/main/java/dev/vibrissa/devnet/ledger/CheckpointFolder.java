package dev.vibrissa.devnet.ledger;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder where a ledger keeps its checkpoints, laid out as a checkpoint store: {@code {n}.binpb.zst}, and
 * {@code epochs.json} with the last checkpoint of each epoch. A file is there entirely or not at all, whenever the process is
 * killed: it is written under another name, forced to the disk, and renamed.
 */
final class CheckpointFolder {
    private static final Pattern CHECKPOINT = Pattern.compile("(0|[1-9]\\d{0,17})\\.binpb\\.zst");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String UNFINISHED = ".part";
    private static final int LEVEL = 3;

    private final Path folder;

    /** Opens the folder, makes it if need be, and removes what was being written when a process ended. */
    CheckpointFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            for (Path file : list()) {
                if (file.getFileName().toString().endsWith(UNFINISHED)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    Path path() {
        return folder;
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The last checkpoint that is there; -1 if there is none. */
    long last() {
        return matching(CHECKPOINT).keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(-1);
    }

    /** Files whose name matches, by the number that the first group of the pattern is. */
    TreeMap<Long, Path> matching(Pattern pattern) {
        var found = new TreeMap<Long, Path>();
        try {
            for (Path file : list()) {
                Matcher name = pattern.matcher(file.getFileName().toString());
                if (name.matches()) {
                    found.put(Long.valueOf(name.group(1)), file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list %s: %s".formatted(folder, e.getMessage()), e);
        }
        return found;
    }

    void writeCheckpoint(long sequenceNumber, byte[] message) {
        write(name(sequenceNumber), compress(message));
    }

    /** The message, not compressed. */
    Optional<byte[]> readCheckpoint(long sequenceNumber) {
        return read(name(sequenceNumber)).map(CheckpointFolder::decompress);
    }

    static byte[] decompress(byte[] frame) {
        return Zstd.decompress(frame, (int) Zstd.getFrameContentSize(frame)); // our own frames say their size
    }

    static byte[] compress(byte[] bytes) {
        return Zstd.compress(bytes, LEVEL);
    }

    void deleteCheckpoint(long sequenceNumber) {
        delete(name(sequenceNumber));
    }

    void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete %s: %s".formatted(name, e.getMessage()), e);
        }
    }

    void writeEpochs(List<Long> lastCheckpoints) {
        write("epochs.json", lastCheckpoints.toString().replace(" ", "").getBytes(StandardCharsets.US_ASCII));
    }

    /** Empty where no epoch has ended. */
    List<Long> readEpochs() {
        return read("epochs.json")
                .map(json -> NUMBER.matcher(new String(json, StandardCharsets.US_ASCII))
                        .results()
                        .map(number -> Long.valueOf(number.group()))
                        .toList())
                .orElse(List.of());
    }

    private static String name(long sequenceNumber) {
        return sequenceNumber + ".binpb.zst";
    }

    Optional<byte[]> read(String name) {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s: %s".formatted(name, e.getMessage()), e);
        }
    }

    void write(String name, byte[] bytes) {
        Path unfinished = folder.resolve(name + UNFINISHED);
        try {
            try (var channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                var rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s: %s".formatted(name, e.getMessage()), e);
        }
    }
}
