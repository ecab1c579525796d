package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.devnet.node.EncodedBlob;
import dev.vibrissa.devnet.rpc.TypeScriptClient;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.redstuff.EncodingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official Walrus client finds a blob on the chain and reads it from the storage nodes, two of which are bad. */
class TypeScriptWalrusTest {
    private static final int SHARDS = 100;
    private static final int SLIVERS_TO_DECODE = 34; // SHARDS − 2 · ⌊(SHARDS − 1) / 3⌋

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(420) // the packages may have to be fetched
    void readsABlobThatItVerifies() throws Exception {
        var client = TypeScriptClient.install();
        var settings = new DevnetSettings(
                folder,
                3,
                Optional.empty(),
                SHARDS,
                12,
                Duration.ofMinutes(3),
                Duration.ofMillis(250),
                FaultScript.usual(),
                2,
                0,
                0);
        try (var devnet = Devnet.start(settings)) {
            var walrus = devnet.network();
            var seen = client.trusting(devnet.certificatesFile())
                    .run(
                            devnet.address().toString(),
                            "grpc",
                            "blob",
                            new ObjectMapper()
                                    .writeValueAsString(Map.of(
                                            "system",
                                            walrus.objects().system().toString(),
                                            "staking",
                                            walrus.objects().staking().toString(),
                                            "eventType",
                                            "%s::%s::BlobCertified"
                                                    .formatted(
                                                            walrus.walrus()
                                                                    .ids()
                                                                    .get(1L),
                                                            WalrusEvent.MODULE))));

            byte[] content = HexFormat.of().parseHex(seen.get("content").asText());
            assertThat(content).hasSize(seen.get("size").asInt());
            assertThat(seen.get("slivers").asInt()).isGreaterThanOrEqualTo(SLIVERS_TO_DECODE);
            assertThat(seen.at("/status/type").asText()).isIn("permanent", "deletable");
            assertThat(EncodedBlob.of(new EncodingConfig(SHARDS), content).blobId())
                    .hasToString(seen.get("blobId").asText());
        }
    }
}
