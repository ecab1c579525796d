package dev.vibrissa.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The name that Walrus gives to the content of a file. */
@Command(name = "blob-id", description = "Compute the blob id of a file, offline.")
final class BlobIdCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The content.")
    private Path file = Path.of("");

    @Option(names = "--shards", paramLabel = "N", description = "Shards of the network. Default: 1000.")
    private int shards = CodecOptions.SHARDS;

    @Mixin
    private CodecOptions codec = new CodecOptions();

    @Option(names = "--json", description = "Answer as JSON, with root hash and sizes.")
    private boolean json;

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
            BlobMetadata metadata;
            try (var progress = ByteProgress.on(terminal.err(), "blob-id", blob.byteSize())) {
                metadata = new BlobEncoder(config, threads).encode(blob, null, progress::done);
            }
            terminal.out().println(json ? document(config, metadata) : metadata.blobId());
        }
        return ExitCode.OK.number();
    }

    private static String document(EncodingConfig config, BlobMetadata metadata) throws JsonProcessingException {
        long bytes = metadata.unencodedBytes();
        var document = new LinkedHashMap<String, Object>();
        document.put("blobId", metadata.blobId().toString());
        document.put("rootHash", metadata.root().toString());
        document.put("shards", config.shards());
        document.put("sizeBytes", bytes);
        document.put("symbolBytes", config.symbolBytes(bytes));
        document.put("encodedBytes", config.encodedBytes(bytes));
        document.put("kernel", Kernel.chosen().toString());
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }
}
