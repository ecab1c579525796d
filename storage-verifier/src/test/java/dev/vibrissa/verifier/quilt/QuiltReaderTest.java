package dev.vibrissa.verifier.quilt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.eventblob.EventBlobStore;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import dev.vibrissa.verifier.node.StillNetwork.Conduct;
import dev.vibrissa.verifier.quilt.QuiltReader.Read;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads the list of files of a quilt that the reference client wrote, from nodes on real sockets. */
class QuiltReaderTest {
    private static final Path QUILT = Path.of(
            System.getProperty("vibrissa.root"), "redstuff/src/test/resources/vectors/quilt/three-files-n10/quilt.bin");
    private static StillNetwork network;
    private static BlobId quilt;

    @BeforeAll
    static void network() throws Exception {
        network = new StillNetwork(1);
        quilt = network.keep(Files.readAllBytes(QUILT));
    }

    @AfterAll
    static void close() throws Exception {
        network.close();
    }

    @BeforeEach
    void honest() {
        network.operators().forEach(each -> each.conduct(Conduct.HONEST));
    }

    private static Read read(BlobId blobId) throws Exception {
        try (var db = network.database().connect()) {
            return new QuiltReader(
                            new NodeClient(StillNetwork.settings()),
                            new EncodingConfig(10),
                            EventBlobStore.holders(db),
                            Duration.ofSeconds(20),
                            new SplittableRandom(7))
                    .read(blobId);
        }
    }

    @Test
    void theListIsReadFromOneSliver() throws Exception {
        assertThat(quilt).hasToString("jTWLhbVpRWMsb5Y0OxdYCLcV0Ez2rQN-2bu7NG2tHlM");
        int before = slivers();
        assertThat(read(quilt)).isInstanceOfSatisfying(Read.Listed.class, listed -> {
            assertThat(listed.files()).hasSize(3);
            var first = listed.files().getFirst();
            assertThat(first.patch().identifier()).isEqualTo("assets/logo.svg");
            assertThat(first.patch().tags()).containsEntry("content-type", "image/svg+xml");
            assertThat(first.patchId()).isEqualTo("jTWLhbVpRWMsb5Y0OxdYCLcV0Ez2rQN-2bu7NG2tHlMBAQACAA");
        });
        assertThat(slivers() - before).isEqualTo(1);
    }

    private static int slivers() {
        return (int) network.operators().stream()
                .flatMap(each -> each.asked().stream())
                .filter(each -> each.contains("/slivers/"))
                .count();
    }

    @Test
    void whatNobodyGivesIsUnavailable() throws Exception {
        network.operators().forEach(each -> each.conduct(Conduct.without("/slivers/")));
        assertThat(read(quilt))
                .isInstanceOfSatisfying(
                        Read.Unavailable.class,
                        unavailable -> assertThat(unavailable.why()).contains("column 0", quilt.toString()));
        network.operators().forEach(each -> each.conduct(Conduct.without("/metadata")));
        assertThat(read(quilt)).isInstanceOf(Read.Unavailable.class);
    }

    /** Whoever registers a blob may call it a quilt. */
    @Test
    void whatIsNoQuiltIsUnfit() throws Exception {
        assertThat(read(network.keep("no quilt at all".repeat(500).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(Read.Unfit.class);
    }
}
