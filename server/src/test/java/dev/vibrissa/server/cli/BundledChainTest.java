package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledChainTest {
    @Test
    void unpacksAllCheckpointsAndTheirCommittee(@TempDir Path folder) {
        assertThat(BundledChain.unpack(folder)).isInstanceOf(TrustAnchor.OfCommittee.class);
        var source = FileSource.of(List.of(folder));
        assertThat(source.first()).isEqualTo(1000);
        assertThat(source.last()).contains(1143L);
    }
}
