package dev.vibrissa.devnet.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.protocol.sui.SuiObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is opened again goes on where it was sealed, however the process before it ended. */
class ReopeningTest {
    private static final long SEED = 11;
    private static final int CHECKPOINTS_PER_SNAPSHOT = 8;

    @TempDir
    Path folder;

    private Ledger open() {
        return open(SEED);
    }

    private Ledger open(long seed) {
        return Ledger.open(folder, RandomLife.genesis(seed), Toys.modules(), CHECKPOINTS_PER_SNAPSHOT);
    }

    /** Lives up to checkpoint 30, with snapshots of 7, 15 and 23. */
    private List<SuiObject> live() {
        try (var ledger = open()) {
            var life = new RandomLife(ledger, SEED);
            while (ledger.tip() < 30) {
                life.checkpoint();
            }
            return audited(ledger);
        }
    }

    private List<SuiObject> audited(Ledger ledger) {
        var audit = new ChainAudit(folder, ChainAudit.firstCommittee(ledger));
        for (long n = 0; n <= ledger.tip(); n++) {
            audit.follow(n);
        }
        audit.agreesWith(ledger);
        return List.copyOf(audit.live.values());
    }

    @Test
    void findsEverythingAgainFromTheSnapshotOn() throws IOException {
        List<SuiObject> before = live();
        assertThat(folder.resolve("live-objects.bcs.zst")).exists();
        Files.write(folder.resolve("5.binpb.zst"), new byte[0]); // before the snapshot: not replayed
        try (var ledger = open()) {
            assertThat(ledger.tip()).isEqualTo(30);
            for (SuiObject object : before) {
                assertThat(ledger.object(object.id())).contains(object);
                assertThat(ledger.object(object.id(), object.version())).contains(object);
                assertThat(ledger.transaction(object.previousTransaction())).isPresent();
            }
            assertThat(ledger.checkpointByDigest(ledger.chainId())).contains(0L);
        }
    }

    @Test
    void replaysEverythingWhereTheSnapshotIsGoneOrBroken() throws IOException {
        List<SuiObject> before = live();
        Files.write(folder.resolve("live-objects.bcs.zst"), new byte[] {1, 2, 3});
        try (var ledger = open()) {
            assertThat(audited(ledger)).isEqualTo(before);
        }
        Files.delete(folder.resolve("index-8.bcs.zst"));
        try (var ledger = open()) {
            assertThat(audited(ledger)).isEqualTo(before);
        }
    }

    @Test
    void dropsAFileThatIsHalfWritten() throws IOException {
        live();
        Path last = folder.resolve("30.binpb.zst");
        byte[] whole = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(whole, whole.length / 2));
        Files.write(folder.resolve("31.binpb.zst.part"), whole);
        try (var ledger = open()) {
            assertThat(ledger.tip()).isEqualTo(29);
            assertThat(folder.resolve("31.binpb.zst.part")).doesNotExist();
            new RandomLife(ledger, SEED).checkpoint();
            assertThat(last).hasBinaryContent(whole);
            audited(ledger);
        }
    }

    @Test
    void writesTheEpochsAgainIfThatWasDueWhenTheProcessEnded() throws IOException {
        live();
        String epochs = Files.readString(folder.resolve("epochs.json"));
        long last;
        try (var ledger = open()) {
            ledger.seal(LedgerTest.START.plusSeconds(60));
            last = ledger.endEpoch(LedgerTest.START.plusSeconds(60));
        }
        Files.writeString(folder.resolve("epochs.json"), epochs, StandardOpenOption.TRUNCATE_EXISTING);
        try (var ledger = open()) {
            assertThat(folder.resolve("epochs.json")).content().endsWith("," + last + "]");
            assertThat(ledger.epochs().getLast().firstCheckpoint()).isEqualTo(last + 1);
        }
    }

    @Test
    void refusesTheChainOfAnotherSeed() {
        live();
        assertThatThrownBy(() -> open(SEED + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void survivesKillAtAnyMoment() throws Exception {
        for (int round = 0; round < 3; round++) {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Endless.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long told = -1;
            try (var lines = process.inputReader()) {
                int awaited = 20 + 13 * round;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    told = Long.parseLong(line);
                    if (--awaited == 0) {
                        process.toHandle().destroyForcibly(); // what it has told can still be read
                    }
                }
            }
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            try (var ledger = open()) {
                assertThat(ledger.tip()).isGreaterThanOrEqualTo(told);
                audited(ledger);
            }
        }
    }

    /** Lives until killed, and tells of each checkpoint once it is sealed. */
    static final class Endless {
        public static void main(String[] arguments) {
            var ledger = Ledger.open(
                    Path.of(arguments[0]), RandomLife.genesis(SEED), Toys.modules(), CHECKPOINTS_PER_SNAPSHOT);
            ledger.subscribe(System.out::println);
            var life = new RandomLife(ledger, SEED);
            while (true) {
                life.checkpoint();
            }
        }
    }

    @Test
    void functionsNeedNotBeThereToRead() {
        List<SuiObject> before = live();
        try (var ledger = Ledger.open(folder, RandomLife.genesis(SEED), new MoveModules())) {
            assertThat(audited(ledger)).isEqualTo(before);
            assertThat(folder.toFile().list((_, name) -> Pattern.matches("index-\\d+\\.bcs\\.zst", name)))
                    .hasSize(3);
        }
    }
}
