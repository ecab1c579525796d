package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Whatever was decoded is written back byte for byte, over every checkpoint at hand. */
class RoundTripTest {
    @Test
    void everyPartOfEveryCheckpointIsWrittenAsItWasRead() {
        for (Path file : SuiFixtures.everyCheckpoint()) {
            Checkpoint checkpoint = SuiFixtures.checkpoint(file);
            same(file, checkpoint.summary(), checkpoint.summaryBcs(), (out, summary) -> summary.encode(out));
            same(file, checkpoint.contents(), checkpoint.contentsBcs(), (out, contents) -> contents.encode(out));
            for (var transaction : checkpoint.transactions()) {
                same(file, transaction.data(), (out, data) -> data.encode(out));
                same(file, transaction.effects(), (out, effects) -> effects.encode(out));
                transaction.events().ifPresent(events -> same(file, events, (out, all) -> Event.encodeList(all, out)));
            }
            checkpoint.objects().all().forEach(object -> same(file, object.object(), (out, each) -> each.encode(out)));
        }
    }

    private static <T> void same(Path file, Part<T> part, BiConsumer<BcsWriter, T> encoder) {
        same(file, part.decoded().orElseThrow(), part.bcs(), encoder);
    }

    private static <T> void same(Path file, T value, Bytes bcs, BiConsumer<BcsWriter, T> encoder) {
        assertThat(Bytes.of(BcsWriter.encode(value, encoder)))
                .as("%s: %s", file, value)
                .isEqualTo(bcs);
    }
}
