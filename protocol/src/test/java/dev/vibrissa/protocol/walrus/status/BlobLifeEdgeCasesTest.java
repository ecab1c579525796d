package dev.vibrissa.protocol.walrus.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The cases in which a blob's status surprises. Each method is named for one. */
class BlobLifeEdgeCasesTest {
    private static final boolean DELETABLE = true;
    private static final boolean PERMANENT = false;

    private final Story story = Story.completeFrom(1);

    @Test
    void neverSeenIsNonexistent() {
        assertThat(story.status()).isEqualTo(new BlobStatus.Nonexistent(BlobStatus.Why.NEVER));
        assertThat(story.status().toJson()).isEqualTo("nonexistent");
        assertThat(story.state()).isEqualTo(BlobState.NEVER_SEEN);
    }

    @Test
    void registeredAgainWhileAliveMovesTheEndOnlyIfLater() {
        var first = story.registered("a", 5, PERMANENT);
        story.registered("b", 4, PERMANENT);
        story.registered("c", 5, PERMANENT);
        assertThat(story.status()).isEqualTo(permanent(5, false, first, 0, 0, null));

        var later = story.registered("d", 6, PERMANENT);
        assertThat(story.status()).isEqualTo(permanent(6, false, later, 0, 0, null));
    }

    @Test
    void registeredAgainAfterExpiryStartsAfresh() {
        story.registered("a", 3, PERMANENT);
        story.certified("a", 3, PERMANENT);
        story.epochStarts(2);
        story.epochStarts(3);
        assertThat(story.status()).isEqualTo(new BlobStatus.Nonexistent(BlobStatus.Why.EXPIRED));
        assertThat(story.state()).isEqualTo(BlobState.EXPIRED);

        story.registered("b", 9, PERMANENT);
        var certified = story.certified("b", 9, PERMANENT);
        assertThat(story.status()).isEqualTo(permanent(9, true, certified, 0, 0, 3L));
    }

    @Test
    void permanentUncertifiedBesideDeletableCertifiedHasAnInitialCertifiedEpoch() {
        story.registered("d", 9, DELETABLE);
        story.certified("d", 9, DELETABLE);
        story.epochStarts(2);
        var registered = story.registered("p", 5, PERMANENT);

        assertThat(story.status()).isEqualTo(permanent(5, false, registered, 1, 1, 1L));
        assertThat(story.state()).isEqualTo(BlobState.CERTIFIED);
        assertThat(story.life.certifiedUntil(2)).hasValue(9);
    }

    @Test
    void shorterCertifiedPermanentWinsOverLongerUncertifiedUntilItExpires() {
        var longer = story.registered("long", 9, PERMANENT);
        story.registered("short", 3, PERMANENT);
        var certified = story.certified("short", 3, PERMANENT);
        story.epochStarts(2);
        assertThat(story.status()).isEqualTo(permanent(3, true, certified, 0, 0, 1L));
        assertThat(story.life.certifiedUntil(2)).hasValue(3);
        assertThat(story.life.registeredUntil(2)).hasValue(9);

        story.epochStarts(3);
        assertThat(story.status()).isEqualTo(permanent(9, false, longer, 0, 0, null));
        assertThat(story.state()).isEqualTo(BlobState.REGISTERED);
    }

    @Test
    void extensionOfAShorterObjectChangesNothingForTheBlob() {
        story.registered("long", 9, PERMANENT);
        var certified = story.certified("long", 9, PERMANENT);
        story.registered("short", 3, PERMANENT);
        story.certified("short", 3, PERMANENT);
        var before = story.status();
        story.epochStarts(2);
        story.extended("short", 1, 9, PERMANENT);

        assertThat(story.status()).isEqualTo(before).isEqualTo(permanent(9, true, certified, 0, 0, 1L));

        var extended = story.extended("short", 1, 10, PERMANENT);
        assertThat(story.status()).isEqualTo(permanent(10, true, extended, 0, 0, 1L));
    }

    @Test
    void extensionOfADeletableObjectLeavesTheStatusAndMovesItsEnd() {
        story.registered("d", 3, DELETABLE);
        story.certified("d", 3, DELETABLE);
        var before = story.status();
        story.epochStarts(2);
        story.extended("d", 1, 7, DELETABLE);

        assertThat(story.status()).isEqualTo(before).isEqualTo(deletable(1, 1, 1L));
        assertThat(story.life.certifiedUntil(2)).hasValue(7);
    }

    @Test
    void initialCertifiedEpochOutlivesTheFirstObjectIfAnotherIsCertified() {
        story.registered("a", 9, DELETABLE);
        story.certified("a", 9, DELETABLE);
        story.epochStarts(2);
        story.registered("b", 9, DELETABLE);
        story.certified("b", 9, DELETABLE);
        story.deleted("a", 9, true);

        assertThat(story.status()).isEqualTo(deletable(1, 1, 1L));
    }

    @Test
    void deletedFirstAndCertifiedAfterwardsInOneEpochRestarts() {
        story.registered("a", 9, DELETABLE);
        story.registered("b", 9, DELETABLE);
        story.certified("a", 9, DELETABLE);
        story.epochStarts(2);
        story.deleted("a", 9, true);
        story.certified("b", 9, DELETABLE);

        assertThat(story.status()).isEqualTo(deletable(1, 1, 2L));
    }

    @Test
    void intervalsThatOnlyTouchDoNotJoin() {
        story.registered("a", 3, PERMANENT);
        story.certified("a", 3, PERMANENT);
        story.registered("b", 9, PERMANENT);
        story.epochStarts(2);
        story.epochStarts(3);
        var certified = story.certified("b", 9, PERMANENT);

        assertThat(story.status()).isEqualTo(permanent(9, true, certified, 0, 0, 3L));
    }

    @Test
    void invalidIsFinalWhateverFollows() {
        var invalidated = story.invalidated();
        story.registered("a", 3, PERMANENT);
        story.certified("a", 3, PERMANENT);
        story.registered("d", 9, DELETABLE);
        story.deleted("d", 9, false);
        story.invalidated();
        story.epochStarts(9);

        assertThat(story.status()).isEqualTo(new BlobStatus.Invalid(invalidated));
        assertThat(story.state()).isEqualTo(BlobState.INVALID);
    }

    @Test
    void invalidNeedsNoRegistration() {
        var invalidated = story.invalidated();
        assertThat(story.status()).isEqualTo(new BlobStatus.Invalid(invalidated));
        assertThat(story.life.objects()).isEmpty();
    }

    @Test
    void allBlobsOfAPoolLeaveWhenItEnds() {
        story.poolCreated("pool", 3);
        story.registeredIn("pool", "a", DELETABLE);
        story.registeredIn("pool", "b", PERMANENT);
        story.certifiedIn("pool", "b", PERMANENT);
        story.epochStarts(2);
        assertThat(story.status()).isEqualTo(deletable(2, 1, 1L));

        story.epochStarts(3);
        assertThat(story.status()).isEqualTo(new BlobStatus.Nonexistent(BlobStatus.Why.EXPIRED));
    }

    @Test
    void pooledAndNotDeletableStillCountsAsDeletable() {
        story.poolCreated("pool", 3);
        story.registeredIn("pool", "a", PERMANENT);
        assertThat(story.status()).isEqualTo(deletable(1, 0, null));
    }

    @Test
    void sameBlobInTwoPoolsAndPermanentCountsSeparately() {
        story.poolCreated("one", 9);
        story.poolCreated("two", 5);
        story.registeredIn("one", "a", DELETABLE);
        story.registeredIn("two", "b", DELETABLE);
        story.certifiedIn("two", "b", DELETABLE);
        var registered = story.registered("p", 3, PERMANENT);

        assertThat(story.status()).isEqualTo(permanent(3, false, registered, 2, 1, 1L));
    }

    @Test
    void poolExtensionLengthensEveryMember() {
        story.poolCreated("pool", 2);
        story.registeredIn("pool", "a", DELETABLE);
        story.certifiedIn("pool", "a", DELETABLE);
        story.poolExtended("pool", 5);
        story.epochStarts(4);

        assertThat(story.status()).isEqualTo(deletable(1, 1, 1L));
        assertThat(story.life.certifiedUntil(4)).hasValue(5);
    }

    @Test
    void burnedBlobStaysStoredToItsEnd() {
        story.registered("a", 3, PERMANENT);
        var certified = story.certified("a", 3, PERMANENT);
        story.burned("a");
        assertThat(story.status()).isEqualTo(permanent(3, true, certified, 0, 0, 1L));
        assertThat(story.state()).isEqualTo(BlobState.BURNED);

        story.epochStarts(3);
        assertThat(story.state()).isEqualTo(BlobState.EXPIRED);
    }

    @Test
    void burnedMeansEveryLiveObject() {
        story.registered("a", 3, PERMANENT);
        story.registered("b", 5, PERMANENT);
        story.burned("b");
        assertThat(story.state()).isEqualTo(BlobState.REGISTERED);

        story.epochStarts(3);
        assertThat(story.state()).as("only the burned one is left").isEqualTo(BlobState.BURNED);
    }

    @Test
    void permanentBlobCannotBeDeleted() {
        story.registered("a", 3, PERMANENT);
        assertThatThrownBy(() -> story.deleted("a", 3, false)).isInstanceOf(BrokenHistoryException.class);
    }

    @Test
    void registeredAndNeverCertifiedStaysRegisteredToItsEnd() {
        var registered = story.registered("a", 4, PERMANENT);
        story.epochStarts(3);
        assertThat(story.status()).isEqualTo(permanent(4, false, registered, 0, 0, null));
        story.epochStarts(4);
        assertThat(story.state()).isEqualTo(BlobState.EXPIRED);
    }

    @Test
    void whatRemovedTheLastObjectIsTheReason() {
        story.registered("short", 2, DELETABLE);
        story.registered("long", 9, DELETABLE);
        story.epochStarts(2);
        story.deleted("long", 9, false);
        assertThat(story.state()).isEqualTo(BlobState.DELETED);

        story.registered("expiring", 3, DELETABLE);
        story.registered("other", 3, DELETABLE);
        story.deleted("other", 3, false);
        story.epochStarts(3);
        assertThat(story.state()).isEqualTo(BlobState.EXPIRED);
    }

    @Test
    void denyListedIsAFlagThatLeavesTheStatus() {
        story.registered("a", 9, PERMANENT);
        story.certified("a", 9, PERMANENT);
        var before = story.status();
        var listed = story.denyListed();

        assertThat(story.status()).isEqualTo(before);
        assertThat(story.life.denyListing()).contains(listed);
    }

    @Test
    void expiryNeedsNoEvent() {
        story.registered("a", 3, PERMANENT);
        story.certified("a", 3, PERMANENT);

        assertThat(story.life.state(2)).isEqualTo(BlobState.CERTIFIED);
        assertThat(story.life.status(3)).isEqualTo(new BlobStatus.Nonexistent(BlobStatus.Why.EXPIRED));
        assertThat(story.life.initialCertifiedEpoch(3)).isEmpty();
    }

    @Test
    void epochsBeforeTheLastFactAreNotAnswered() {
        story.epochStarts(4);
        assertThatThrownBy(() -> story.life.status(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epoch 3 is asked for, but the facts reach into epoch 4");
    }

    @Test
    void sizeIsThatOfTheRegistration() {
        assertThat(story.life.size()).isEmpty();
        story.registered("a", 3, PERMANENT);
        assertThat(story.life.size()).hasValue(Story.SIZE);
    }

    private static BlobStatus permanent(
            long endEpoch, boolean isCertified, EventId event, int total, int certified, @Nullable Long initial) {
        return new BlobStatus.Permanent(
                endEpoch,
                isCertified,
                Optional.of(event),
                new BlobStatus.DeletableCounts(total, certified),
                Optional.ofNullable(initial));
    }

    private static BlobStatus deletable(int total, int certified, @Nullable Long initialCertifiedEpoch) {
        return new BlobStatus.Deletable(
                Optional.ofNullable(initialCertifiedEpoch), new BlobStatus.DeletableCounts(total, certified));
    }
}
