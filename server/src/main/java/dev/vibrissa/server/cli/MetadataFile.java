package dev.vibrissa.server.cli;

import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.RedStuffFormatException;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A node's answer to a request for metadata, kept in a file: blob id, then metadata. */
final class MetadataFile {
    private MetadataFile() {}

    /**
     * Reads and verifies it.
     *
     * @param requested the blob it should be of; without one it can only be consistent with itself
     * @param shards without them there are as many as it has sliver pairs
     * @throws CommandFailure with exit code 1 if it is refused
     */
    static VerifiedMetadata read(Path file, @Nullable BlobId requested, @Nullable Integer shards) throws IOException {
        CodecOptions.needFile(file);
        int most = VerifiedMetadata.answerBytes(new EncodingConfig(BlobEncoder.MAX_SHARDS));
        long size = Files.size(file);
        if (size > most) {
            throw refused(file, "DECODE_ERROR: %d bytes, where metadata has up to %d".formatted(size, most));
        }
        byte[] body = Files.readAllBytes(file);
        if (body.length < BlobId.SIZE) {
            throw refused(file, "DECODE_ERROR: %d bytes hold no blob id".formatted(body.length));
        }
        BlobMetadata claimed = decode(file, body);
        CodecOptions.chooseKernel(claimed.unencodedBytes());
        EncodingConfig config = CodecOptions.config(shards != null ? shards : shardsOf(file, claimed));
        BlobId blobId = requested != null ? requested : new BlobId(Arrays.copyOf(body, BlobId.SIZE));
        return switch (VerifiedMetadata.verify(config, blobId, body)) {
            case MetadataVerdict.Accepted(var metadata) -> metadata;
            case MetadataVerdict.Refused(var reason, var detail) -> throw refused(file, reason + ": " + detail);
        };
    }

    private static BlobMetadata decode(Path file, byte[] body) {
        try {
            return BlobMetadata.decode(Arrays.copyOfRange(body, BlobId.SIZE, body.length));
        } catch (RedStuffFormatException e) {
            throw refused(file, "DECODE_ERROR: " + e.getMessage());
        }
    }

    private static int shardsOf(Path file, BlobMetadata claimed) {
        int pairs = claimed.hashes().size();
        if (pairs < EncodingConfig.MIN_SHARDS || pairs > BlobEncoder.MAX_SHARDS) {
            throw refused(file, "INVALID_HASH_COUNT: %d sliver pairs".formatted(pairs));
        }
        return pairs;
    }

    private static CommandFailure refused(Path file, String why) {
        return new CommandFailure(ExitCode.CHECK_FAILED, "the metadata in %s is refused: %s".formatted(file, why));
    }
}
