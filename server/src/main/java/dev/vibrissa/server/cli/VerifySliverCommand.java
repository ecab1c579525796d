package dev.vibrissa.server.cli;

import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges one answer of a storage node, from files. */
@Command(
        name = "verify-sliver",
        description = "Check a sliver against the metadata of its blob. Exit code 1 if either is refused.")
final class VerifySliverCommand implements Callable<Integer> {
    /** More than any sliver for as many shards as can be encoded for. */
    private static final long MOST_BYTES = 256L << 20;

    @Parameters(paramLabel = "FILE", description = "The body of a node's answer to a request for a sliver.")
    private Path file = Path.of("");

    @Option(
            names = "--metadata",
            paramLabel = "FILE",
            required = true,
            description = "The body of a node's answer to a request for metadata: blob id, then metadata.")
    private Path metadataFile = Path.of("");

    @Option(names = "--pair", paramLabel = "N", required = true, description = "The sliver pair that was asked for.")
    private int pair;

    @Option(
            names = "--type",
            paramLabel = "primary|secondary",
            required = true,
            description = "The sliver of it that was asked for.")
    private SliverType type = SliverType.PRIMARY;

    @Option(
            names = "--blob-id",
            paramLabel = "ID",
            converter = CodecOptions.BlobIdConverter.class,
            description = "The blob that was asked for. Default: what the metadata says.")
    private @Nullable BlobId blobId;

    @Option(names = "--shards", paramLabel = "N", description = "Default: as many as the metadata has pairs.")
    private @Nullable Integer shards;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ConsoleLog.warnings(spec);
        CodecOptions.needFile(file);
        VerifiedMetadata metadata = MetadataFile.read(metadataFile, blobId, shards);
        int pairs = metadata.config().shards();
        if (pair < 0 || pair >= pairs) {
            throw new CommandFailure(ExitCode.USAGE, "--pair is %d, not 0 to %d".formatted(pair, pairs - 1));
        }
        var out = Terminal.of(spec).out();
        return switch (verdict(metadata)) {
            case SliverVerdict.Accepted(var sliver) -> {
                out.println("accepted: %s of %s".formatted(sliver, metadata.blobId()));
                yield ExitCode.OK.number();
            }
            case SliverVerdict.Refused(var reason, var detail) -> {
                out.println("refused: %s: %s".formatted(reason, detail));
                yield ExitCode.CHECK_FAILED.number();
            }
        };
    }

    private SliverVerdict verdict(VerifiedMetadata metadata) throws IOException {
        long size = Files.size(file);
        return size > MOST_BYTES
                ? new SliverVerdict.Refused(
                        SliverVerdict.Reason.SLIVER_SIZE_MISMATCH,
                        "a file of %d bytes, not %d".formatted(size, metadata.sliverAnswerBytes(type)))
                : metadata.verifySliver(type, pair, Files.readAllBytes(file));
    }
}
