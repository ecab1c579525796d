package dev.vibrissa.protocol.walrus.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories that begin in the middle: what is not known is taken as the chain shows it, and nothing is invented. */
class PartialHistoryTest {
    private static final boolean DELETABLE = true;
    private static final boolean PERMANENT = false;
    private static final BlobStatus.DeletableCounts NONE = new BlobStatus.DeletableCounts(0, 0);

    private final Story story = Story.partialFrom(22);

    @Test
    void anObservedObjectCanBeCertified() {
        story.observed("a", new Term.Own(48), 22, Optional.empty(), PERMANENT);
        assertThat(story.status())
                .isEqualTo(new BlobStatus.Permanent(48, false, Optional.empty(), NONE, Optional.empty()));

        var certified = story.certified("a", 48, PERMANENT);
        assertThat(story.status())
                .isEqualTo(new BlobStatus.Permanent(48, true, Optional.of(certified), NONE, Optional.of(22L)));
        assertThat(story.life.size()).hasValue(Story.SIZE);
    }

    @Test
    void aCertificationAloneTellsAllButTheRegistration() {
        var certified = story.certified("a", 48, PERMANENT);

        assertThat(story.status())
                .isEqualTo(new BlobStatus.Permanent(48, true, Optional.of(certified), NONE, Optional.of(22L)));
        assertThat(story.life.objects())
                .singleElement()
                .satisfies(object -> assertThat(object.registeredEpoch()).isEmpty());
        assertThat(story.life.size()).isEmpty();
    }

    @Test
    void anExtensionAloneIsARegistrationAndACertification() {
        var extended = story.extended("a", 17, 60, PERMANENT);

        assertThat(story.life.status(22))
                .isEqualTo(new BlobStatus.Permanent(60, true, Optional.of(extended), NONE, Optional.of(17L)));
        assertThat(story.life.epoch()).as("an extension says little of now").isEqualTo(17);
    }

    @Test
    void anExtensionOfAnObservedObjectIsTheStatusEventOnlyIfItReachesFurther() {
        story.observed("long", new Term.Own(70), 10, Optional.of(11L), PERMANENT);
        story.observed("short", new Term.Own(30), 12, Optional.of(13L), PERMANENT);
        story.extended("short", 13, 60, PERMANENT);
        assertThat(story.life.status(22))
                .isEqualTo(new BlobStatus.Permanent(70, true, Optional.empty(), NONE, Optional.of(11L)));

        var extended = story.extended("short", 13, 71, PERMANENT);
        assertThat(story.life.status(22))
                .isEqualTo(new BlobStatus.Permanent(71, true, Optional.of(extended), NONE, Optional.of(11L)));
    }

    @Test
    void aDeletionAloneIsADeletion() {
        story.deleted("a", 48, true);
        assertThat(story.state()).isEqualTo(BlobState.DELETED);
    }

    @Test
    void aPooledBlobWithoutItsPoolLastsForTheEpoch() {
        story.certifiedIn("pool", "a", DELETABLE);
        assertThat(story.state()).isEqualTo(BlobState.CERTIFIED);
        assertThat(story.life.state(23)).isEqualTo(BlobState.EXPIRED);
    }

    @Test
    void aPooledBlobEndsWithItsObservedPool() {
        story.poolObserved("pool", 30);
        story.observed("a", new Term.InPool(Story.id("pool")), 20, Optional.of(21L), DELETABLE);

        assertThat(story.life.status(29))
                .isEqualTo(new BlobStatus.Deletable(Optional.of(21L), new BlobStatus.DeletableCounts(1, 1)));
        assertThat(story.life.state(30)).isEqualTo(BlobState.EXPIRED);
    }

    @Test
    void anObservedObjectThatHasExpiredCountsForNothing() {
        story.epochStarts(23);
        story.observed("dead", new Term.Own(20), 10, Optional.of(10L), PERMANENT);
        story.observed("alive", new Term.Own(40), 15, Optional.of(15L), PERMANENT);

        assertThat(story.life.initialCertifiedEpoch(23)).contains(15L);
    }

    @Test
    void observingAKnownObjectChangesNothing() {
        story.registered("a", 48, PERMANENT);
        var before = story.status();
        story.observed("a", new Term.Own(99), 1, Optional.of(1L), DELETABLE);
        assertThat(story.status()).isEqualTo(before);
    }

    @Test
    void whatIsKnownIsStillHeldToTheRules() {
        story.certified("a", 48, PERMANENT);
        assertThatThrownBy(() -> story.certified("a", 48, PERMANENT)).isInstanceOf(BrokenHistoryException.class);
    }

    @Test
    void burningAnUnknownObjectIsPassedOver() {
        story.burned("a");
        assertThat(story.state()).isEqualTo(BlobState.NEVER_SEEN);
    }

    @Test
    void anUnknownStatusEventIsNullInJson() {
        story.observed("a", new Term.Own(48), 22, Optional.empty(), PERMANENT);
        assertThat(story.status().toJson()).asString().contains("statusEvent=null");
    }
}
