package dev.vibrissa.benchmarks;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The checkpoints that both sides decode, uncompressed: node 20 has no zstd, and its speed is not what is compared.
 *
 * @param files sorted by name
 */
record Corpus(List<Entry> files) {
    static final String EXTENSION = ".binpb";

    /**
     * One checkpoint.
     *
     * @param name {@code scenario-sequence.binpb}
     * @param bytes a {@code sui.rpc.v2.Checkpoint}, uncompressed
     */
    record Entry(String name, byte[] bytes) {
        String scenario() {
            return name.substring(0, name.lastIndexOf('-'));
        }
    }

    /** All {@code *.binpb.zst} of {@code folders}, each folder's name before its files'. */
    static Corpus read(List<Path> folders) throws IOException {
        var entries = new ArrayList<Entry>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(each -> each.toString().endsWith(EXTENSION + ".zst"))
                        .sorted()
                        .toList()) {
                    String name = file.getFileName().toString();
                    entries.add(new Entry(
                            folder.getFileName() + "-" + name.substring(0, name.length() - ".zst".length()),
                            decompress(file)));
                }
            }
        }
        if (entries.isEmpty()) {
            throw new IOException("no *.binpb.zst in " + folders);
        }
        entries.sort((a, b) -> a.name().compareTo(b.name()));
        return new Corpus(List.copyOf(entries));
    }

    /** What {@link #writeTo} wrote. */
    static Corpus readUncompressed(Path folder) throws IOException {
        var entries = new ArrayList<Entry>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList()) {
                entries.add(new Entry(file.getFileName().toString(), Files.readAllBytes(file)));
            }
        }
        return new Corpus(List.copyOf(entries));
    }

    private static byte[] decompress(Path file) throws IOException {
        byte[] compressed = Files.readAllBytes(file);
        long size = Zstd.getFrameContentSize(compressed);
        if (size <= 0 || size > Integer.MAX_VALUE) {
            throw new IOException("%s does not say how large its content is".formatted(file));
        }
        try {
            return Zstd.decompress(compressed, (int) size);
        } catch (ZstdException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    void writeTo(Path folder) throws IOException {
        for (Entry each : files) {
            Files.write(folder.resolve(each.name()), each.bytes());
        }
    }

    Corpus without(Set<String> names) {
        var left = new HashSet<>(names);
        return new Corpus(
                files.stream().filter(each -> !left.contains(each.name())).toList());
    }

    /** Each scenario for itself, by name. */
    List<Corpus> byScenario() {
        var scenarios = new TreeMap<String, List<Entry>>();
        for (Entry each : files) {
            scenarios.computeIfAbsent(each.scenario(), _ -> new ArrayList<>()).add(each);
        }
        return scenarios.values().stream()
                .map(entries -> new Corpus(List.copyOf(entries)))
                .toList();
    }

    long bytes() {
        return files.stream().mapToLong(each -> each.bytes().length).sum();
    }
}
