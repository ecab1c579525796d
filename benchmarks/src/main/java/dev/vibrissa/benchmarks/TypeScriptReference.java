package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code benchmarks/typescript}: the Sui TypeScript SDK under node, decoding the same files. */
record TypeScriptReference(NodePackage node) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * What {@code decode.mjs} printed.
     *
     * @param checkpointsPerSecond container and BCS, as the Java side
     * @param bcsOnlyCheckpointsPerSecond BCS alone, from containers parsed before
     * @param sha256 of the text of all it decoded
     */
    record Measured(
            int checkpoints,
            long bytes,
            double checkpointsPerSecond,
            double bcsOnlyCheckpointsPerSecond,
            String sdkVersion,
            String nodeVersion,
            String sha256,
            List<Undecodable> undecodable) {}

    /** A file the SDK has no variant for. */
    record Undecodable(String name, String reason) {}

    static TypeScriptReference in(Path folder) {
        return new TypeScriptReference(new NodePackage(folder, "@mysten/sui"));
    }

    Measured measure(Path data, Duration warmUp, Duration measured)
            throws NodePackage.UnavailableException, InterruptedException, IOException {
        String printed = node.run(
                List.of(
                        "node",
                        "decode.mjs",
                        data.toString(),
                        "--warm-up",
                        Long.toString(warmUp.toSeconds()),
                        "--seconds",
                        Long.toString(measured.toSeconds())),
                warmUp.plus(measured).multipliedBy(3).plusMinutes(2));
        return JSON.readValue(printed, Measured.class);
    }
}
