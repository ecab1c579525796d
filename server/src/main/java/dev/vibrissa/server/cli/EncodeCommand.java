package dev.vibrissa.server.cli;

import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.server.slivers.SliverFolder;
import dev.vibrissa.server.slivers.SliverFolderWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a publisher would hand out to storage nodes, as files. */
@Command(
        name = "encode",
        description = "Encode a file into a folder: metadata.bin as a node answers it, and each sliver as "
                + "primary-NNNN.bin or secondary-NNNN.bin, named by sliver index.")
final class EncodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The content.")
    private Path file = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where to; must be empty or not exist. A run that breaks off leaves no metadata.bin.")
    private Path out = Path.of("");

    @Option(names = "--shards", paramLabel = "N", description = "Shards of the network. Default: 1000.")
    private int shards = CodecOptions.SHARDS;

    @Mixin
    private CodecOptions codec = new CodecOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        EncodingConfig config = CodecOptions.config(shards);
        int threads = codec.threads();
        var terminal = Terminal.of(spec);
        ConsoleLog.warnings(spec);
        try (var arena = Arena.ofShared()) {
            var blob = CodecOptions.map(file, config, arena);
            makeEmpty(out);
            BlobMetadata metadata;
            try (var progress = ByteProgress.on(terminal.err(), "encode", blob.byteSize())) {
                metadata = new SliverFolderWriter(config, threads, new SliverFolder(out)).write(blob, progress::done);
            }
            terminal.out()
                    .println("encoded %d bytes as %s: %d slivers with symbols of %d bytes in %s"
                            .formatted(
                                    blob.byteSize(),
                                    metadata.blobId(),
                                    2 * config.shards(),
                                    config.symbolBytes(blob.byteSize()),
                                    out));
        }
        return ExitCode.OK.number();
    }

    private static void makeEmpty(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CommandFailure(ExitCode.USAGE, "'%s' is no folder".formatted(folder));
        }
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new CommandFailure(ExitCode.USAGE, "the folder '%s' is not empty".formatted(folder));
            }
        }
    }
}
