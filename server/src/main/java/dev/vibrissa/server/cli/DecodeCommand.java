package dev.vibrissa.server.cli;

import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.ConsistencyCheck;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.server.slivers.SliverFolder;
import dev.vibrissa.server.slivers.SliverFolderReader;
import dev.vibrissa.server.slivers.SliverFolderReader.Found;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a reader does with the slivers that nodes gave, from files. */
@Command(
        name = "decode",
        description = "Decode a blob from what is left of a folder that encode wrote. Exit code 1 if there are too few "
                + "good slivers, or the blob is inconsistent.")
final class DecodeCommand implements Callable<Integer> {
    /** How the decoded blob is held against its metadata. */
    enum Check {
        DEFAULT,
        STRICT,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "DIR", description = "A folder with metadata.bin and slivers.")
    private Path directory = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the blob goes.")
    private Path out = Path.of("");

    @Option(
            names = "--check",
            paramLabel = "KIND",
            description = "strict encodes the blob again, default recomputes the roots of slivers that are part of it, "
                    + "none trusts the writer. Default: strict.")
    private Check check = Check.STRICT;

    @Option(
            names = "--blob-id",
            paramLabel = "ID",
            converter = CodecOptions.BlobIdConverter.class,
            description = "The blob it should be. Default: what metadata.bin says.")
    private @Nullable BlobId blobId;

    @Option(names = "--shards", paramLabel = "N", description = "Default: as many as metadata.bin has pairs.")
    private @Nullable Integer shards;

    @Mixin
    private CodecOptions codec = new CodecOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int threads = codec.threads();
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "there is no folder '%s'".formatted(directory));
        }
        var folder = new SliverFolder(directory);
        if (!Files.isRegularFile(folder.metadata())) {
            throw new CommandFailure(
                    ExitCode.CHECK_FAILED, "'%s' has no metadata.bin: no whole encoding".formatted(directory));
        }
        Path target = target();
        ConsoleLog.warnings(spec);
        var terminal = Terminal.of(spec);
        VerifiedMetadata metadata = MetadataFile.read(folder.metadata(), blobId, shards);
        var reader = new SliverFolderReader(folder, metadata, threads);
        Found found = find(reader, metadata, terminal);
        long bytes = metadata.metadata().unencodedBytes();
        try (var progress = ByteProgress.on(terminal.err(), "decode", bytes)) {
            if (!SliverFolderReader.write(target, bytes, blob -> {
                reader.decode(found, blob, progress::done);
                return holds(metadata, blob, found, threads);
            })) {
                throw new CommandFailure(
                        ExitCode.CHECK_FAILED,
                        "the blob %s is inconsistent: the %s check failed, nothing is written"
                                .formatted(metadata.blobId(), check));
            }
        }
        terminal.out()
                .println("decoded %d bytes of %s from %d %s slivers (%s); check: %s"
                        .formatted(
                                bytes,
                                metadata.blobId(),
                                found.good().size(),
                                name(found.type()),
                                losses(found),
                                check));
        return ExitCode.OK.number();
    }

    /** Before anything is read: what cannot be written need not be decoded. */
    private Path target() {
        try {
            return SliverFolderReader.target(out);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** Primary slivers first: those that are part of the blob need no decoding. */
    private static Found find(SliverFolderReader reader, VerifiedMetadata metadata, Terminal terminal)
            throws InterruptedException {
        var tried = new ArrayList<Found>();
        for (SliverType type : SliverType.values()) {
            Found found = reader.find(type);
            found.bad()
                    .forEach(bad ->
                            terminal.err().println("vibrissa: %s is left out: %s".formatted(bad.file(), bad.reason())));
            if (found.good().size() >= metadata.config().sliversToDecode(type)) {
                return found;
            }
            tried.add(found);
        }
        throw new CommandFailure(
                ExitCode.CHECK_FAILED,
                tried.stream()
                        .map(found -> "%d good %s slivers of %d that are due (%s)"
                                .formatted(
                                        found.good().size(),
                                        name(found.type()),
                                        metadata.config().sliversToDecode(found.type()),
                                        losses(found)))
                        .collect(Collectors.joining(" and ", "too few slivers: ", "")));
    }

    private boolean holds(VerifiedMetadata metadata, MemorySegment blob, Found found, int threads) {
        var verified = new BitSet();
        if (found.type() == SliverType.PRIMARY) {
            found.good().forEach(verified::set);
        }
        return switch (check) {
            case NONE -> true;
            case DEFAULT -> ConsistencyCheck.DEFAULT.holds(metadata, blob, verified, threads);
            case STRICT -> ConsistencyCheck.STRICT.holds(metadata, blob, verified, threads);
        };
    }

    private static String losses(Found found) {
        return "%d missing, %d bad".formatted(found.missing(), found.bad().size());
    }

    private static String name(SliverType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
