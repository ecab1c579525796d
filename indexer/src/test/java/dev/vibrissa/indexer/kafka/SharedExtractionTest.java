package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.testbroker.TestBroker;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole scenarios through a real broker: what is stored is what one process alone would have stored. */
@Timeout(300)
class SharedExtractionTest {
    @AutoClose
    static final TestBroker BROKER = TestBroker.start();

    @ParameterizedTest
    @CsvSource({"blob-life, 1", "governance, 2"})
    void extractorsMakeNoDifference(String scenario, int extractors) throws Exception {
        try (var shared = new SharedExtraction(BROKER, scenario)) {
            for (int i = 0; i < extractors; i++) {
                shared.extractor("x" + i);
            }
            var outcome = shared.project();
            assertThat(outcome.anchored()).isTrue();
            shared.isLikeUndisturbed();
            assertThat(shared.text("select count(*) from extraction_range where complete_at is null"))
                    .isEqualTo("0");
            assertThat(shared.text("select count(*) from dead_letter")).isEqualTo("0");
        }
    }
}
