package dev.vibrissa.devnet;

import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.node.NetworkView;
import dev.vibrissa.devnet.people.Walrus;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.status.BlobFact;
import dev.vibrissa.protocol.walrus.status.BlobLife;
import dev.vibrissa.protocol.walrus.status.BlobState;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.protocol.walrus.status.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The sealed chain as the storage nodes follow it: what became of each blob, and who holds which shards. Told of each
 * checkpoint in order by one thread; asked by many.
 */
final class ChainWatch {
    private static final Logger LOG = Logger.getLogger(ChainWatch.class);

    private final Ledger ledger;
    private final Walrus walrus;
    private final Map<BlobId, BlobLife> lives = new HashMap<>();
    /** Events of pools, for blobs that come into them later. */
    private final Map<SuiAddress, List<BlobFact.Happened>> pools = new HashMap<>();

    private final Map<SuiAddress, Set<BlobId>> blobsInPool = new HashMap<>();
    private long epoch;
    private long events;
    private long checkpoint = -1;
    private Map<Long, StakingInner.Committee> committees = Map.of();

    private final Map<BlobId, Beginning> beginnings = new HashMap<>();
    private final Map<SuiAddress, Beginning> poolBeginnings = new HashMap<>();
    private final Path file;
    private Beginning reading = Beginning.OF_CHAIN;

    /**
     * A checkpoint from which on something, or everything that still matters, can be read.
     *
     * @param eventsBefore events of Walrus in the checkpoints before it
     */
    private record Beginning(long checkpoint, long eventsBefore) {
        private static final Beginning OF_CHAIN = new Beginning(0, 0);
    }

    /** @param file where it remembers from which checkpoint on there is something that still lives; can be made again */
    ChainWatch(Ledger ledger, Walrus walrus, Path file) {
        this.ledger = ledger;
        this.walrus = walrus;
        this.file = file;
        var from =
                remembered().filter(each -> each.checkpoint <= ledger.tip() + 1).orElse(Beginning.OF_CHAIN);
        checkpoint = from.checkpoint - 1;
        events = from.eventsBefore;
    }

    private Optional<Beginning> remembered() {
        try {
            String[] numbers = Files.readString(file).strip().split(" ", -1);
            return Optional.of(new Beginning(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            LOG.warnf("reading from checkpoint 0 file=%s reason=\"%s\"", file, e);
            return Optional.empty();
        }
    }

    /** Notes where a later start may begin to read: nothing that lives began before. */
    private void remember() {
        Beginning from = Stream.concat(beginnings.values().stream(), poolBeginnings.values().stream())
                .min(Comparator.comparingLong(Beginning::checkpoint))
                .orElse(new Beginning(checkpoint + 1, events));
        Path next = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(next, "%d %d%n".formatted(from.checkpoint, from.eventsBefore));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warnf("a later start will read more file=%s reason=\"%s\"", file, e); // from where the last one says
        }
    }

    /** Catches up with what is sealed. */
    synchronized void follow() {
        while (checkpoint < ledger.tip()) {
            long next = checkpoint + 1;
            reading = new Beginning(next, events);
            byte[] message = ledger.checkpoint(next)
                    .orElseThrow(() -> new IllegalStateException("checkpoint %d is not kept".formatted(next)));
            for (ExecutedTransaction each :
                    CheckpointFile.read(message, next + ".binpb").transactions()) {
                each.events().flatMap(Part::decoded).ifPresent(list -> read(next, each, list));
            }
            checkpoint = next;
        }
        StakingInner staking = walrus.state().stakingInner();
        committees = Map.of(staking.epoch(), staking.committee(), staking.epoch() - 1, staking.previousCommittee());
        if (staking.epoch() != epoch) {
            epoch = staking.epoch();
            lives.values().removeIf(life -> switch (life.state(epoch)) {
                case EXPIRED, DELETED -> true;
                case REGISTERED, CERTIFIED, BURNED, INVALID, NEVER_SEEN -> false;
            });
            pools.values()
                    .removeIf(past -> end((StoragePoolEvent) past.getLast().event()) <= epoch);
            blobsInPool.keySet().retainAll(pools.keySet());
            beginnings.keySet().retainAll(lives.keySet());
            poolBeginnings.keySet().retainAll(pools.keySet());
            remember();
        }
    }

    private void read(long sequenceNumber, ExecutedTransaction transaction, List<Event> list) {
        int ordinal = 0;
        var position = new Position(sequenceNumber, transaction.index());
        for (Event event : list) {
            if (walrus.isEvent(event)
                    && WalrusEvent.decode(event.type().name(), event.contents())
                            instanceof Decoding.Known<WalrusEvent>(WalrusEvent known)) {
                happened(new BlobFact.Happened(position, new EventId(transaction.digest(), ordinal), known));
            }
            ordinal += walrus.isEvent(event) ? 1 : 0;
        }
        events += ordinal;
    }

    private void happened(BlobFact.Happened fact) {
        switch (fact.event()) {
            case BlobEvent event -> {
                var life = lives.computeIfAbsent(event.blobId(), BlobLife::partial);
                beginnings.putIfAbsent(event.blobId(), reading);
                pool(event).ifPresent(pool -> {
                    if (blobsInPool.computeIfAbsent(pool, _ -> new HashSet<>()).add(event.blobId())) {
                        pools.getOrDefault(pool, List.of()).stream()
                                .map(past -> new BlobFact.PoolObserved(
                                        fact.position(), pool, end((StoragePoolEvent) past.event())))
                                .forEach(life::apply);
                    }
                });
                life.apply(fact);
            }
            case StoragePoolEvent event -> {
                pools.merge(event.storagePoolId(), List.of(fact), (before, more) -> more);
                poolBeginnings.putIfAbsent(event.storagePoolId(), reading);
                blobsInPool.getOrDefault(event.storagePoolId(), Set.of()).stream()
                        .map(lives::get)
                        .forEach(life -> {
                            if (life != null) {
                                life.apply(fact);
                            }
                        });
            }
            case EpochEvent.EpochChangeStart _ -> lives.values().forEach(life -> life.apply(fact));
            default -> {
                // Nothing to do with blobs.
            }
        }
    }

    private static Optional<SuiAddress> pool(BlobEvent event) {
        return switch (event) {
            case BlobEvent.PooledBlobRegistered e -> Optional.of(e.storagePoolId());
            case BlobEvent.PooledBlobCertified e -> Optional.of(e.storagePoolId());
            case BlobEvent.PooledBlobDeleted e -> Optional.of(e.storagePoolId());
            default -> Optional.empty();
        };
    }

    private static long end(StoragePoolEvent event) {
        return switch (event) {
            case StoragePoolEvent.StoragePoolCreated e -> e.endEpoch();
            case StoragePoolEvent.StoragePoolExtended e -> e.newEndEpoch();
        };
    }

    /** What one node sees. @param nodeId empty while it is not on the chain */
    NetworkView of(Supplier<Optional<SuiAddress>> nodeId) {
        return new Node(nodeId);
    }

    private final class Node implements NetworkView {
        private final Supplier<Optional<SuiAddress>> lookUp;
        private final AtomicReference<Optional<SuiAddress>> known = new AtomicReference<>(Optional.empty());

        Node(Supplier<Optional<SuiAddress>> lookUp) {
            this.lookUp = lookUp;
        }

        @Override
        public long epoch() {
            synchronized (ChainWatch.this) {
                return epoch;
            }
        }

        @Override
        public Set<Integer> shards(long epoch) {
            if (known.get().isEmpty()) {
                known.set(lookUp.get());
            }
            synchronized (ChainWatch.this) {
                return Optional.ofNullable(committees.get(epoch))
                        .flatMap(committee -> known.get().map(committee.shards()::get))
                        .map(Set::copyOf)
                        .orElse(Set.of());
            }
        }

        @Override
        public BlobStatus status(BlobId blobId) {
            synchronized (ChainWatch.this) {
                var life = lives.get(blobId);
                return life == null ? BlobLife.complete(blobId).status(epoch) : life.status(epoch);
            }
        }

        @Override
        public boolean isRegistered(BlobId blobId, SuiAddress object) {
            synchronized (ChainWatch.this) {
                var life = lives.get(blobId);
                return life != null
                        && life.state(epoch) != BlobState.INVALID
                        && life.objects().stream()
                                .anyMatch(each -> each.objectId().equals(object)
                                        && each.deletable()
                                        && life.isAlive(each, epoch));
            }
        }

        @Override
        public boolean isDenied(BlobId blobId) {
            return false;
        }

        @Override
        public long events() {
            synchronized (ChainWatch.this) {
                return events;
            }
        }

        @Override
        public long checkpoint() {
            synchronized (ChainWatch.this) {
                return checkpoint;
            }
        }
    }
}
