package dev.vibrissa.verifier.eventblob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.eventblob.Element;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the head back, as far as the links hold. */
class WalkTest {
    @TempDir
    private Path folder;

    @Test
    void endsWithTheFirstOfAll() throws Exception {
        var chain = new WrittenChain(folder, 3).write();

        var walk = walk(chain.head(), 0);

        assertThat(walk.stop()).isEqualTo(new Walk.Stop.Complete());
        assertThat(walk.newestFirst())
                .extracting(EventBlobFile::blobId)
                .containsExactlyElementsOf(chain.ids.reversed());
        assertThat(new FolderEventBlobs(folder, WrittenChain.CONFIG, 1).newest())
                .contains(chain.head());
    }

    @Test
    void endsWhereWeHaveWhatIsBefore() throws Exception {
        var chain = new WrittenChain(folder, 3).write();

        var walk = walk(chain.head(), chain.lastCheckpoint(0) + 1);

        assertThat(walk.stop()).isEqualTo(new Walk.Stop.ReachedKnown(chain.lastCheckpoint(0) + 1));
        assertThat(walk.newestFirst()).hasSize(2);
    }

    @Test
    void saysWhichFileIsGone() throws Exception {
        var chain = new WrittenChain(folder, 3).write();
        Files.delete(NodeEventBlobs.file(folder, chain.ids.getFirst()));

        var walk = walk(chain.head(), 0);

        assertThat(walk.stop())
                .isInstanceOfSatisfying(
                        Walk.Stop.Gone.class, gone -> assertThat(gone.blobId()).isEqualTo(chain.ids.getFirst()));
        assertThat(walk.newestFirst()).hasSize(2);
    }

    @Test
    void aFaultThatMayPassIsNoEndOfHistory() throws Exception {
        var chain = new WrittenChain(folder, 2).write();
        EventBlobSource files = new FolderEventBlobs(folder, WrittenChain.CONFIG, 1);

        var walk = Walk.back(
                id -> id.equals(chain.ids.getFirst()) ? new Fetched.Unavailable("later") : files.fetch(id),
                chain.head(),
                0,
                _ -> {});

        assertThat(walk.stop()).isEqualTo(new Walk.Stop.Unavailable(chain.ids.getFirst(), "later"));
    }

    @Test
    void refusesAHeadThatEndsElsewhere() throws Exception {
        var chain = new WrittenChain(folder, 1).write();

        var walk = walk(new Link(chain.ids.getFirst(), chain.lastCheckpoint(0) + 1), 0);

        assertThat(walk.stop())
                .isEqualTo(new Walk.Stop.Broken(
                        chain.ids.getFirst(),
                        "event blob %s ends with checkpoint 102, where 103 is due".formatted(chain.ids.getFirst())));
    }

    @Test
    void refusesAGapOfCheckpointsAndAGapOfElements() throws Exception {
        var chain = new WrittenChain(folder, 3);
        chain.files.remove(1);
        chain.write();
        assertThat(walk(new Link(chain.ids.getLast(), chain.lastCheckpoint(2)), 0)
                        .stop())
                .isInstanceOfSatisfying(
                        Walk.Stop.Broken.class,
                        broken -> assertThat(broken.reason()).contains("ends with checkpoint 102, where 105 is due"));

        var shifted = new WrittenChain(Files.createDirectory(folder.resolve("shifted")), 2);
        shifted.files.set(
                1, shifted.files.get(1).stream().map(WalkTest::oneLater).toList());
        shifted.write();
        assertThat(Walk.back(new FolderEventBlobs(shifted.folder, WrittenChain.CONFIG, 1), shifted.head(), 0, _ -> {})
                        .stop())
                .isInstanceOfSatisfying(
                        Walk.Stop.Broken.class,
                        broken -> assertThat(broken.reason()).contains("ends before element 9, where 10 is due"));
    }

    private static Element oneLater(Element element) {
        return switch (element) {
            case Element.Occurrence each ->
                new Element.Occurrence(each.index() + 1, each.checkpoint(), each.counter(), each.id(), each.event());
            case Element.Boundary each -> new Element.Boundary(each.index() + 1, each.checkpoint(), each.counter());
        };
    }

    private Walk walk(Link head, long known) throws IOException, InterruptedException {
        List<EventBlobFile> seen = new ArrayList<>();
        var walk = Walk.back(new FolderEventBlobs(folder, WrittenChain.CONFIG, 1), head, known, seen::add);
        assertThat(walk.newestFirst()).isEqualTo(seen);
        return walk;
    }
}
