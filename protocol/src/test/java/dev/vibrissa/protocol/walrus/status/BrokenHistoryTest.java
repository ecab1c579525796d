package dev.vibrissa.protocol.walrus.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no chain can have produced is refused: the stream is broken, not the blob. */
class BrokenHistoryTest {
    private static final boolean DELETABLE = true;
    private static final boolean PERMANENT = false;

    static Stream<Named<Consumer<Story>>> impossibleSteps() {
        return Stream.of(
                step("registered twice", s -> s.registered("permanent", 9, PERMANENT)),
                step("registered until now", s -> s.registered("new", 2, PERMANENT)),
                step("certified twice", s -> s.certified("certified", 9, PERMANENT)),
                step("certified without registration", s -> s.certified("stranger", 9, PERMANENT)),
                step("certified for another end", s -> s.certified("permanent", 8, PERMANENT)),
                step("certified with another flag", s -> s.certified("permanent", 9, DELETABLE)),
                step("certified after expiry", s -> s.certified("expired", 2, PERMANENT)),
                step("certified in another pool", s -> s.certifiedIn("other", "pooled", DELETABLE)),
                step("extended without registration", s -> s.extended("stranger", 1, 10, PERMANENT)),
                step("extended uncertified", s -> s.extended("permanent", 1, 10, PERMANENT)),
                step("extended backwards", s -> s.extended("certified", 1, 8, PERMANENT)),
                step("extended after expiry", s -> s.extended("expired", 1, 9, PERMANENT)),
                step("extended though pooled", s -> s.extended("pooled", 1, 9, DELETABLE)),
                step("deleted without registration", s -> s.deleted("stranger", 9, false)),
                step("deleted though permanent", s -> s.deleted("permanent", 9, false)),
                step("deleted twice", s -> s.deleted("deleted", 9, false)),
                step("deleted as certified", s -> s.deleted("deletable", 9, true)),
                step("in a pool never created", s -> s.registeredIn("nowhere", "new", DELETABLE)),
                step("in a pool that ended", s -> s.registeredIn("ended", "new", DELETABLE)),
                step("pool created twice", s -> s.poolCreated("pool", 9)),
                step("pool extended after its end", s -> s.poolExtended("ended", 9)),
                step("burned without registration", s -> s.burned("stranger")),
                step(
                        "observed in a complete history",
                        s -> s.observed("stranger", new Term.Own(9), 1, Optional.empty(), false)),
                step("epoch again", s -> s.epochStarts(2)),
                step("back to an earlier epoch", s -> s.tell(new BlobEvent.InvalidBlobID(1, Story.BLOB))),
                step(
                        "out of order",
                        s -> s.life.apply(new BlobFact.Burned(new Position(0, 0), Story.id("permanent")))));
    }

    private static Named<Consumer<Story>> step(String name, Consumer<Story> step) {
        return Named.of(name, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("impossibleSteps")
    void isRefused(Consumer<Story> step) {
        var story = Story.completeFrom(1);
        story.poolCreated("pool", 9);
        story.poolCreated("other", 9);
        story.poolCreated("ended", 2);
        story.registered("permanent", 9, PERMANENT);
        story.registered("certified", 9, PERMANENT);
        story.certified("certified", 9, PERMANENT);
        story.registered("expired", 2, PERMANENT);
        story.certified("expired", 2, PERMANENT);
        story.registered("deletable", 9, DELETABLE);
        story.registered("deleted", 9, DELETABLE);
        story.deleted("deleted", 9, false);
        story.registeredIn("pool", "pooled", DELETABLE);
        story.epochStarts(2);

        assertThatThrownBy(() -> step.accept(story)).isInstanceOf(BrokenHistoryException.class);
    }

    @Test
    void namesPlaceBlobAndNumbers() {
        var story = Story.completeFrom(1);
        story.registered("a", 9, PERMANENT);
        assertThatThrownBy(() -> story.registered("a", 9, PERMANENT))
                .isInstanceOfSatisfying(
                        BrokenHistoryException.class,
                        e -> assertThat(e.position()).isEqualTo(new Position(2, 0)))
                .hasMessage("at 2/0: blob %s: object %s is registered twice", Story.BLOB, Story.id("a"));
    }

    @Test
    void refusesTheSameEventAgain() {
        var life = BlobLife.complete(Story.BLOB);
        var fact = new BlobFact.Happened(
                new Position(7, 0), Story.eventId(1), new BlobEvent.DenyListBlobDeleted(1, Story.BLOB));
        life.apply(fact);
        assertThatThrownBy(() -> life.apply(fact))
                .isInstanceOf(BrokenHistoryException.class)
                .hasMessageContaining("event 0 of the transaction comes after event 0");
    }

    @Test
    void factsOfOtherBlobsAndOtherMattersAreACallersMistake() {
        var story = Story.completeFrom(1);
        var other = BlobId.parse("iIWkkUTzPZx-d1E_A7LqUynnYFD-ztk39_tP8MLdS2Y");
        assertThatThrownBy(() -> story.tell(new BlobEvent.InvalidBlobID(1, other)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> story.tell(new EpochEvent.EpochChangeDone(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
