package dev.vibrissa.protocol.sui.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.SuiFixtures;
import dev.vibrissa.protocol.sui.WireCheckpoint;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One bit flipped anywhere below the summary is noticed. */
class CheckpointIntegrityTest {
    enum Damaged {
        CONTENTS("the list of transactions"),
        TRANSACTION("transaction 1"),
        EFFECTS("transaction 1, effects"),
        EVENTS("transaction 1, events"),
        OBJECT("object");

        private final String what;

        Damaged(String what) {
            this.what = what;
        }
    }

    @ParameterizedTest
    @EnumSource(Damaged.class)
    void noticesADamaged(Damaged part) {
        var wire = WireCheckpoint.of(SuiFixtures.checkpoint("synthetic-walrus-1000-register-certify.binpb.zst"));
        switch (part) {
            case CONTENTS -> wire.contents = flipLast(wire.contents);
            case TRANSACTION -> wire.transactions.get(1).data = flipLast(wire.transactions.get(1).data);
            case EFFECTS -> wire.transactions.get(1).effects = flip(wire.transactions.get(1).effects, 5);
            case EVENTS -> wire.transactions.get(1).events = flipLast(wire.transactions.get(1).events);
            case OBJECT -> wire.objects.replaceAll(flipOnce());
        }
        Checkpoint damaged;
        try {
            damaged = CheckpointFile.read(wire.toProto(), "damaged.binpb");
        } catch (CheckpointFormatException e) {
            // Contents that cannot be read at all are refused even earlier.
            assertThat(part).isEqualTo(Damaged.CONTENTS);
            return;
        }
        assertThat(CheckpointIntegrity.check(damaged))
                .isInstanceOfSatisfying(IntegrityCheck.Mismatch.class, mismatch -> {
                    assertThat(mismatch.what()).startsWith(part.what);
                    assertThat(mismatch.expected()).isNotEqualTo(mismatch.actual());
                });
    }

    @Test
    void noticesEventsThatAreWithheldOrInvented() {
        var original = SuiFixtures.checkpoint("synthetic-walrus-1000-register-certify.binpb.zst");
        var withheld = WireCheckpoint.of(original);
        withheld.transactions.get(0).events = Bytes.EMPTY;
        assertThat(check(withheld))
                .isEqualTo(new IntegrityCheck.Contradiction(
                        "transaction 0: effects say it emitted events, the file has none"));
        var swapped = WireCheckpoint.of(original);
        swapped.transactions.get(0).events = swapped.transactions.get(1).events;
        assertThat(check(swapped)).isInstanceOf(IntegrityCheck.Mismatch.class);
    }

    @Test
    void listsObjectsThatAreWithheld() {
        var wire = WireCheckpoint.of(SuiFixtures.checkpoint("synthetic-walrus-1003-next-epoch.binpb.zst"));
        wire.objects.clear();
        assertThat(check(wire))
                .isInstanceOfSatisfying(
                        IntegrityCheck.Intact.class,
                        intact -> assertThat(intact.missing()).hasSize(2));
    }

    @Test
    void countsObjectsThatNoEffectsName() {
        var wire = WireCheckpoint.of(SuiFixtures.checkpoint("synthetic-walrus-1003-next-epoch.binpb.zst"));
        wire.objects.addAll(
                WireCheckpoint.of(SuiFixtures.checkpoint("synthetic-walrus-1000-register-certify.chk")).objects);
        assertThat(check(wire))
                .isInstanceOfSatisfying(
                        IntegrityCheck.Intact.class,
                        intact -> assertThat(intact.unprovenObjects()).isEqualTo(5));
    }

    @Test
    void aBitFlippedAnywhereIsRefusedOrChangesNothing() {
        flipEach(11); // of 8 bits in a byte, so every bit has its turn
    }

    @Test
    @Tag("soak")
    void everyBitFlippedIsRefusedOrChangesNothing() {
        flipEach(1);
    }

    /** The promise that everything rests on: of a file with any bit flipped, nothing false is believed. */
    private static void flipEach(int stride) {
        Checkpoint original = SuiFixtures.checkpoint("synthetic-walrus-1002-epoch-end.binpb.zst");
        var verifier =
                new CommitteeVerifier(SuiFixtures.committee(SuiFixtures.fixture("synthetic-epoch5.committee.bcs")));
        byte[] file = WireCheckpoint.of(original).toProto();
        int refused = 0;
        for (int bit = 0; bit < 8 * file.length; bit += stride) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Checkpoint read;
            try {
                read = CheckpointFile.read(flipped, "flipped.binpb");
            } catch (CheckpointFormatException e) {
                refused++;
                continue;
            }
            if (isBelieved(read, original, verifier)) {
                assertThat(read).as("bit %d", bit).isEqualTo(original);
            } else {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(file.length * 7 / stride);
    }

    private static boolean isBelieved(Checkpoint read, Checkpoint original, CommitteeVerifier verifier) {
        boolean sameSignature =
                read.signature().equals(original.signature()) && read.digest().equals(original.digest());
        return CheckpointIntegrity.check(read) instanceof IntegrityCheck.Intact intact
                && intact.missing().isEmpty()
                && intact.unprovenObjects() == 0
                && (sameSignature || verifier.verify(read).isValid());
    }

    private static IntegrityCheck check(WireCheckpoint wire) {
        return CheckpointIntegrity.check(CheckpointFile.read(wire.toProto(), "wire.binpb"));
    }

    private static Bytes flipLast(Bytes bytes) {
        return flip(bytes, bytes.length() - 1);
    }

    private static Bytes flip(Bytes bytes, int at) {
        byte[] flipped = bytes.toByteArray();
        flipped[at] ^= 1;
        return Bytes.of(flipped);
    }

    private static UnaryOperator<Bytes> flipOnce() {
        var done = new boolean[1];
        return bytes -> {
            if (done[0]) {
                return bytes;
            }
            done[0] = true;
            return flipLast(bytes);
        };
    }
}
