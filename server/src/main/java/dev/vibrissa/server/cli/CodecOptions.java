package dev.vibrissa.server.cli;

import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.kernel.Kernel;
import dev.vibrissa.server.slivers.SliverFolder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the commands of the erasure code have in common. */
final class CodecOptions {
    /** Shards of the public networks. */
    static final int SHARDS = 1000;

    /** Bytes of a blob; measured at 1000 shards on two cores. */
    private static final long VECTORS_PAY = 16 << 20;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that share the work. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    int threads() {
        if (threads < 1 || threads > 1024) {
            throw new CommandFailure(ExitCode.USAGE, "--threads is %d, not 1 to 1024".formatted(threads));
        }
        return threads;
    }

    /**
     * Chooses the kernel that is done sooner, unless one is forced: the JVM takes about a second to compile vector code, which plain
     * Java has the work done in for blobs up to some 24 MB. Before the first use of the code.
     */
    static void chooseKernel(long blobBytes) {
        if (blobBytes < VECTORS_PAY && System.getProperty(Kernel.PROPERTY) == null) {
            System.setProperty(Kernel.PROPERTY, Kernel.SCALAR.toString());
        }
    }

    static EncodingConfig config(int shards) {
        if (shards < EncodingConfig.MIN_SHARDS || shards > BlobEncoder.MAX_SHARDS) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--shards is %d, not %d to %d"
                            .formatted(shards, EncodingConfig.MIN_SHARDS, BlobEncoder.MAX_SHARDS));
        }
        return new EncodingConfig(shards);
    }

    /** A blob to encode, mapped. */
    static MemorySegment map(Path file, EncodingConfig config, Arena arena) throws IOException {
        needFile(file);
        MemorySegment blob = SliverFolder.map(file, arena);
        if (blob.byteSize() > config.maxBlobBytes()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "%s has %d bytes, and a blob for %d shards at most %d"
                            .formatted(file, blob.byteSize(), config.shards(), config.maxBlobBytes()));
        }
        chooseKernel(blob.byteSize());
        return blob;
    }

    static void needFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "there is no file '%s'".formatted(file));
        }
    }

    /** Names what is wrong with a blob id instead of the class that refused it. */
    static final class BlobIdConverter implements ITypeConverter<BlobId> {
        @Override
        public BlobId convert(String text) {
            try {
                return BlobId.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
