package dev.vibrissa.devnet;

import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A devnet with 100 shards, 5 nodes and epochs of 10 s, whose time passes when it is told to. */
final class SteppedDevnet implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration STEP = Duration.ofMillis(250);
    private static final int MOST_STEPS = 20_000;

    private final Path folder;
    private final Devnet devnet;
    private final List<WalrusEvent> events = new ArrayList<>();
    private Instant time;
    private long next = 1;

    private SteppedDevnet(Path folder, FaultScript faults, Instant time) {
        this.folder = folder;
        this.time = time;
        devnet = Devnet.open(settings(folder, faults));
    }

    static DevnetSettings settings(Path folder, FaultScript faults) {
        return new DevnetSettings(folder, 7, Optional.of(START), 100, 5, Duration.ofSeconds(10), STEP, faults, 1, 0, 0);
    }

    static SteppedDevnet open(Path folder, FaultScript faults) {
        return new SteppedDevnet(folder, faults, START);
    }

    /** Goes on where another one stopped. */
    SteppedDevnet reopened(FaultScript faults) {
        var again = new SteppedDevnet(folder, faults, time);
        again.next = next;
        return again;
    }

    void step() {
        time = time.plus(STEP);
        devnet.step(time);
        for (; Files.exists(file()); next++) {
            try {
                for (var transaction : CheckpointFile.read(Files.readAllBytes(file()), next + ".binpb.zst")
                        .transactions()) {
                    transaction
                            .events()
                            .flatMap(Part::decoded)
                            .ifPresent(list -> list.stream()
                                    .filter(event -> event.type().module().equals(WalrusEvent.MODULE))
                                    .forEach(event -> {
                                        if (WalrusEvent.decode(event.type().name(), event.contents())
                                                instanceof Decoding.Known<WalrusEvent>(WalrusEvent known)) {
                                            events.add(known);
                                        }
                                    }));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Path file() {
        return folder.resolve("checkpoints").resolve(next + ".binpb.zst");
    }

    void until(BooleanSupplier enough) {
        for (int i = 0; !enough.getAsBoolean(); i++) {
            if (i == MOST_STEPS) {
                throw new AssertionError("not after %d checkpoints".formatted(MOST_STEPS));
            }
            step();
        }
    }

    Devnet devnet() {
        return devnet;
    }

    /** Of all checkpoints that this object made. */
    List<WalrusEvent> events() {
        return events;
    }

    /** The last checkpoint. */
    long tip() {
        return next - 1;
    }

    Duration age() {
        return Duration.between(START, time);
    }

    StakingInner staking() {
        return devnet.walrus().state().stakingInner();
    }

    long epoch() {
        return staking().epoch();
    }

    /** Whether all members of the committee have said that they have their shards. */
    boolean isSynced() {
        return synced() == staking().committee().shards().size();
    }

    /** How many have. */
    int synced() {
        long epoch = epoch();
        return Math.toIntExact(events.stream()
                .filter(event -> event instanceof EpochEvent.ShardsReceived && event.epoch() == epoch)
                .count());
    }

    @Override
    public void close() {
        devnet.close();
    }
}
