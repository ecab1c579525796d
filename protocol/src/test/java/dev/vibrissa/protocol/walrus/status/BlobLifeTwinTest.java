package dev.vibrissa.protocol.walrus.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Holds {@link BlobLife} and its naive twin equal over random legal histories; a failure prints seed and length. */
class BlobLifeTwinTest {
    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void agreesWithTheTablesOfANodeAfterEveryEvent(@ForAll long seed, @ForAll @IntRange(min = 1, max = 150) int steps) {
        agree(seed, steps);
    }

    @Tag("soak")
    @Property(tries = 50_000, shrinking = ShrinkingMode.BOUNDED)
    void agreesWithTheTablesOfANodeForLong(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int steps) {
        agree(seed, steps);
    }

    private static void agree(long seed, int steps) {
        var life = BlobLife.complete(Story.BLOB);
        var withoutEpochs = BlobLife.complete(Story.BLOB);
        var node = new NodeTables();
        long epoch = 1;
        int step = 0;
        for (var event : new LegalHistory(seed).events(steps)) {
            var id = Story.eventId(step);
            var fact = new BlobFact.Happened(new Position(step++, 0), id, event);
            node.happened(id, event);
            if (event instanceof EpochEvent.EpochChangeStart start) {
                epoch = start.epoch();
                assertThat(life.status(epoch)).as("before %s", event).isEqualTo(node.status(epoch));
            } else {
                withoutEpochs.apply(fact);
            }
            life.apply(fact);
            assertThat(life.status(epoch)).as("after %d, %s", step, event).isEqualTo(node.status(epoch));
            assertThat(withoutEpochs.status(epoch)).as("without epoch changes").isEqualTo(life.status(epoch));
        }
    }

    /** Events that the contracts could have emitted about one blob id, drawn from a seed. */
    private static final class LegalHistory {
        private record Held(
                String name,
                @Nullable String pool,
                long end,
                boolean deletable,
                @Nullable Long certified) {}

        private final SplittableRandom random;
        private final List<Held> held = new ArrayList<>();
        private final Map<String, Long> pools = new HashMap<>();
        private long epoch = 1;
        private int names;

        LegalHistory(long seed) {
            random = new SplittableRandom(seed);
        }

        List<WalrusEvent> events(int count) {
            var events = new ArrayList<WalrusEvent>();
            while (events.size() < count) {
                next().ifPresent(events::add);
            }
            return events;
        }

        /** The next event, or none if what was drawn is not possible now. */
        private Optional<WalrusEvent> next() {
            return switch (random.nextInt(24)) {
                case 0, 1, 2, 3 -> Optional.of(register());
                case 4, 5 -> anyPool().map(this::registerIn);
                case 6, 7, 8, 9, 10, 11 -> any(held -> held.certified == null).map(this::certify);
                case 12, 13, 14 ->
                    any(held -> held.certified != null && held.pool == null).map(this::extend);
                case 15, 16 -> any(Held::deletable).map(this::delete);
                case 17 -> Optional.of(createPool());
                case 18 -> anyPool().map(this::extendPool);
                case 19 ->
                    random.nextInt(20) == 0
                            ? Optional.of(new BlobEvent.InvalidBlobID(epoch, Story.BLOB))
                            : Optional.empty();
                default -> Optional.of(startEpoch());
            };
        }

        private WalrusEvent register() {
            var object = new Held("o" + names++, null, laterThan(epoch), random.nextBoolean(), null);
            held.add(object);
            return new BlobEvent.BlobRegistered(
                    epoch, Story.BLOB, 1, 1, object.end, object.deletable, Story.id(object.name));
        }

        private WalrusEvent registerIn(String pool) {
            var object = new Held("o" + names++, pool, 0, random.nextBoolean(), null);
            held.add(object);
            return new BlobEvent.PooledBlobRegistered(
                    epoch, Story.BLOB, 1, 1, object.deletable, Story.id(object.name), Story.id(pool));
        }

        private WalrusEvent certify(Held object) {
            replace(object, new Held(object.name, object.pool, object.end, object.deletable, epoch));
            return object.pool == null
                    ? new BlobEvent.BlobCertified(
                            epoch, Story.BLOB, object.end, object.deletable, Story.id(object.name), false)
                    : new BlobEvent.PooledBlobCertified(
                            epoch, Story.BLOB, object.deletable, Story.id(object.name), Story.id(object.pool));
        }

        private WalrusEvent extend(Held object) {
            long end = laterThan(object.end);
            replace(object, new Held(object.name, null, end, object.deletable, object.certified));
            long since = object.certified == null ? epoch : object.certified;
            return new BlobEvent.BlobCertified(since, Story.BLOB, end, object.deletable, Story.id(object.name), true);
        }

        private WalrusEvent delete(Held object) {
            held.remove(object);
            boolean was = object.certified != null;
            return object.pool == null
                    ? new BlobEvent.BlobDeleted(epoch, Story.BLOB, object.end, Story.id(object.name), was)
                    : new BlobEvent.PooledBlobDeleted(
                            epoch, Story.BLOB, Story.id(object.name), was, Story.id(object.pool));
        }

        private WalrusEvent createPool() {
            String pool = "p" + names++;
            long end = laterThan(epoch);
            pools.put(pool, end);
            return new StoragePoolEvent.StoragePoolCreated(epoch, Story.id(pool), 1, epoch, end);
        }

        private WalrusEvent extendPool(String pool) {
            long end = pools.merge(pool, 1L + random.nextInt(3), Long::sum);
            return new StoragePoolEvent.StoragePoolExtended(epoch, Story.id(pool), end);
        }

        private WalrusEvent startEpoch() {
            epoch++;
            pools.values().removeIf(end -> end <= epoch);
            held.removeIf(object -> object.pool == null ? object.end <= epoch : !pools.containsKey(object.pool));
            return new EpochEvent.EpochChangeStart(epoch);
        }

        private long laterThan(long end) {
            return end + 1 + random.nextInt(4);
        }

        private Optional<Held> any(Predicate<Held> which) {
            return pick(held.stream().filter(which).toList());
        }

        private Optional<String> anyPool() {
            return pick(pools.keySet().stream().sorted().toList());
        }

        private <T> Optional<T> pick(List<T> items) {
            return items.isEmpty() ? Optional.empty() : Optional.of(items.get(random.nextInt(items.size())));
        }

        private void replace(Held old, Held now) {
            held.set(held.indexOf(old), now);
        }
    }
}
