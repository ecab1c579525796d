package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.StoragePool;
import dev.vibrissa.redstuff.EncodingConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Rents storage for many blobs at once: fills a pool, empties it again, makes it bigger and longer, or lets it end. */
public final class PoolRenter implements Actor {
    private static final String NAME = "pool-renter";
    /** Of the biggest blobs, how many fit into a new pool. */
    private static final int BLOBS_AT_FIRST = 10;

    /** Blobs of a pool that has ended that are cleared away in one turn, at most. */
    private static final int MOST_BURNED = 2;

    private static final int BIGGEST_BLOB = 60_000;
    private static final int EPOCHS_AT_FIRST = 3;

    private final Walrus walrus;
    private final Fleet fleet;
    private final Sender sender;
    private final EncodingConfig config;

    public PoolRenter(Walrus walrus, Fleet fleet, Sender sender, EncodingConfig config) {
        this.walrus = walrus;
        this.fleet = fleet;
        this.sender = sender;
        this.config = config;
    }

    @Override
    public void act(Turn turn) {
        StakingInner staking = walrus.state().stakingInner();
        var purse = walrus.purse(sender.address());
        if (!Walrus.takesBlobs(staking) || purse.isEmpty()) {
            return;
        }
        var dice = turn.dice(NAME);
        Map<Boolean, List<StoragePool>> byLife = walrus.owned(sender.address(), walrus.types().storagePool).stream()
                .collect(Collectors.partitioningBy(
                        each -> walrus.state().storagePool(each).storage().endEpoch() > staking.epoch()));
        byLife.getOrDefault(false, List.of()).forEach(this::clear);
        var pool = byLife.getOrDefault(true, List.of()).stream().findFirst();
        if (pool.isEmpty()) {
            create(purse.get());
            return;
        }
        List<PooledBlob> blobs = walrus.state().blobsIn(pool.get());
        blobs.stream()
                .filter(blob -> blob.certifiedEpoch().isEmpty())
                .forEach(blob -> certify(pool.get(), blob, staking.epoch()));
        if (dice.nextInt(25) == 0) {
            register(pool.get(), dice, purse.get());
        } else if (dice.nextInt(60) == 0) {
            blobs.stream()
                    .filter(PooledBlob::deletable)
                    .skip(dice.nextInt(1 + blobs.size() / 2))
                    .findFirst()
                    .ifPresent(blob -> delete(pool.get(), blob));
        } else if (dice.nextInt(1_000) == 0) {
            change(pool.get(), dice, purse.get());
        }
    }

    private void create(Coin purse) {
        sender.execute(ptb -> ptb.transfer(
                sender.address(),
                walrus.calls(ptb)
                        .createStoragePool(
                                BLOBS_AT_FIRST * config.encodedBytes(BIGGEST_BLOB),
                                EPOCHS_AT_FIRST,
                                ptb.object(purse.id()))));
    }

    private void register(StoragePool pool, SplittableRandom dice, Coin purse) {
        Draft draft = Draft.of(config, dice);
        var inner = walrus.state().storagePool(pool);
        Storage storage = inner.storage();
        if (inner.usedEncodedBytes() + draft.encodedBytes() > storage.storageSize()) {
            return; // full until something is deleted
        }
        boolean deletable = dice.nextInt(4) != 0;
        sender.execute(ptb -> walrus.calls(ptb)
                .registerPooledBlob(ptb.object(pool.id()), draft.content(), deletable, ptb.object(purse.id())));
        fleet.store(draft.blob());
    }

    private void certify(StoragePool pool, PooledBlob blob, long epoch) {
        var statement =
                new BlobStored(epoch, blob.blobId(), blob.deletable() ? Optional.of(blob.id()) : Optional.empty());
        fleet.certify(walrus.state().systemInner().committee(), statement)
                .ifPresent(certificate -> sender.execute(ptb -> walrus.calls(ptb)
                        .certifyPooledBlob(ptb.object(pool.id()), blob.blobId(), certificate.forCall())));
    }

    private void delete(StoragePool pool, PooledBlob blob) {
        sender.execute(ptb -> walrus.calls(ptb).deletePooledBlob(ptb.object(pool.id()), blob.blobId()));
    }

    /** A pool that has ended: burns some of its blobs, or destroys it once it is empty. */
    private void clear(StoragePool ended) {
        List<PooledBlob> blobs = walrus.state().blobsIn(ended);
        blobs.stream()
                .limit(MOST_BURNED)
                .forEach(blob -> sender.execute(
                        ptb -> walrus.calls(ptb).burnExpiredPooledBlob(ptb.object(ended.id()), blob.blobId())));
        if (blobs.isEmpty()) {
            sender.execute(ptb -> {
                var calls = walrus.calls(ptb);
                calls.destroyStorage(calls.destroyStoragePool(ptb.object(ended.id())));
            });
        }
    }

    private void change(StoragePool pool, SplittableRandom dice, Coin purse) {
        sender.execute(ptb -> {
            var object = ptb.object(pool.id());
            var coin = ptb.object(purse.id());
            if (dice.nextBoolean()) {
                walrus.calls(ptb).extendStoragePool(object, 1, coin);
            } else {
                walrus.calls(ptb).increaseStoragePool(object, config.encodedBytes(BIGGEST_BLOB), coin);
            }
        });
    }
}
