package dev.vibrissa.devnet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever people do, every checkpoint convinces a stranger, and the ledger's objects are what the files say. */
class RandomChainTest {
    private static final int CHECKPOINTS = 120;
    private static final int CHECKPOINTS_PER_SNAPSHOT = 16;

    @TempDir
    Path folder;

    @Test
    void aRandomLifeIsIntactSignedAndLinkedAndComesToWhatTheLedgerHolds() {
        long seed = System.nanoTime();
        System.out.printf("seed RandomChain=%d%n", seed);
        try (var ledger = open("life", seed)) {
            var life = new RandomLife(ledger, seed);
            var audit = new ChainAudit(folder.resolve("life"), ChainAudit.firstCommittee(ledger));
            audit.follow(0);
            while (ledger.tip() < CHECKPOINTS) {
                life.checkpoint();
                audit.follow(ledger.tip());
            }
            audit.agreesWith(ledger);
            assertThat(audit.failed).isPositive();
            assertThat(ledger.epochs()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aLifeThatIsInterruptedWritesTheSameBytesAsOneThatIsNot() throws IOException {
        long seed = System.nanoTime();
        System.out.printf("seed InterruptedChain=%d%n", seed);
        try (var ledger = open("whole", seed)) {
            var life = new RandomLife(ledger, seed);
            while (ledger.tip() < CHECKPOINTS) {
                life.checkpoint();
            }
        }
        var random = new Random(seed);
        for (long tip = 0; tip < CHECKPOINTS; ) {
            try (var ledger = open("pieces", seed)) {
                var life = new RandomLife(ledger, seed);
                long stop = Math.min(CHECKPOINTS, tip + 1 + random.nextInt(40));
                while (ledger.tip() < stop) {
                    life.checkpoint();
                }
                tip = ledger.tip();
                ledger.sender(Account.of(seed, "person 0")).execute(_ -> {}); // not sealed, so it never was
            }
        }
        for (long n = 0; n <= CHECKPOINTS; n++) {
            String name = n + ".binpb.zst";
            assertThat(Files.readAllBytes(folder.resolve("pieces").resolve(name)))
                    .as(name)
                    .isEqualTo(Files.readAllBytes(folder.resolve("whole").resolve(name)));
        }
        assertThat(folder.resolve("pieces/epochs.json")).hasSameTextualContentAs(folder.resolve("whole/epochs.json"));
    }

    private Ledger open(String name, long seed) {
        return Ledger.open(folder.resolve(name), RandomLife.genesis(seed), Toys.modules(), CHECKPOINTS_PER_SNAPSHOT);
    }
}
