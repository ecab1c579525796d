package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.node.EncodedBlob;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState;
import dev.vibrissa.redstuff.EncodingConfig;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Writes blobs: buys storage, registers, hands slivers to the nodes, certifies with what they sign, and later extends,
 * deletes, describes, shares, gives away or burns some of them. Most simply expire.
 */
public final class Publisher implements Actor {
    /** Certified blobs that one publisher has at a time, at most. */
    private static final int MOST_BLOBS = 40;

    private static final int MOST_EPOCHS_AHEAD = 3;

    private final String name;
    private final Walrus walrus;
    private final Fleet fleet;
    private final Sender sender;
    private final EncodingConfig config;
    private final List<SuiAddress> friends;

    /** @param friends who get a blob now and then */
    public Publisher(
            int index, Walrus walrus, Fleet fleet, Sender sender, EncodingConfig config, List<SuiAddress> friends) {
        this.name = "publisher-%d".formatted(index);
        this.walrus = walrus;
        this.fleet = fleet;
        this.sender = sender;
        this.config = config;
        this.friends = friends;
    }

    @Override
    public void act(Turn turn) {
        StakingInner staking = walrus.state().stakingInner();
        var purse = walrus.purse(sender.address());
        if (staking.epoch() == 0 || staking.epochState() instanceof EpochState.EpochChangeSync || purse.isEmpty()) {
            return; // writers wait until the shards have moved
        }
        var dice = turn.dice(name);
        List<Blob> alive = walrus.owned(sender.address(), walrus.types().blob).stream()
                .filter(blob -> blob.storage().endEpoch() > staking.epoch())
                .toList();
        for (Blob blob : alive) {
            if (blob.certifiedEpoch().isEmpty() && !isForgotten(blob)) {
                certify(blob, staking.epoch());
            }
        }
        if (alive.size() < MOST_BLOBS && dice.nextInt(12) == 0) {
            register(dice, purse.get());
        } else if (dice.nextInt(20) == 0) {
            var certified = alive.stream()
                    .filter(blob -> blob.certifiedEpoch().isPresent())
                    .toList();
            if (!certified.isEmpty()) {
                change(certified.get(dice.nextInt(certified.size())), dice, purse.get());
            }
        }
    }

    /** One in twenty is registered and never certified. */
    private static boolean isForgotten(Blob blob) {
        return Math.floorMod(blob.blobId().toByteArray()[0], 20) == 0;
    }

    private void register(SplittableRandom dice, Coin purse) {
        byte[] content = new byte[1 + dice.nextInt(dice.nextInt(4) == 0 ? 60_000 : 4_000)];
        dice.nextBytes(content);
        EncodedBlob blob = EncodedBlob.of(config, content);
        boolean deletable = dice.nextInt(3) != 0;
        int epochs = 1 + dice.nextInt(MOST_EPOCHS_AHEAD);
        sender.execute(ptb -> {
            var coin = ptb.object(purse.id());
            var storage = walrus.call(
                    ptb,
                    "system",
                    "reserve_space",
                    walrus.system(ptb),
                    ptb.u64(config.encodedBytes(content.length)),
                    ptb.u32(epochs),
                    coin);
            var registered = walrus.call(
                    ptb,
                    "system",
                    "register_blob",
                    walrus.system(ptb),
                    storage,
                    u256(ptb, blob.blobId().toByteArray()),
                    u256(ptb, blob.metadata().metadata().root().toByteArray()),
                    ptb.u64(content.length),
                    ptb.u8(EncodingConfig.ENCODING_TYPE),
                    ptb.bool(deletable),
                    coin);
            ptb.transfer(sender.address(), registered);
        });
        fleet.store(blob);
    }

    private static Argument u256(Ptb ptb, byte[] littleEndian) {
        byte[] big = new byte[littleEndian.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = littleEndian[littleEndian.length - 1 - i];
        }
        return ptb.pure(dev.vibrissa.devnet.ledger.move.MoveType.U256, new BigInteger(1, big));
    }

    private void certify(Blob blob, long epoch) {
        var statement =
                new BlobStored(epoch, blob.blobId(), blob.deletable() ? Optional.of(blob.id()) : Optional.empty());
        fleet.certify(walrus.state().systemInner().committee(), statement)
                .ifPresent(certificate -> sender.execute(ptb -> walrus.call(
                        ptb,
                        "system",
                        "certify_blob",
                        walrus.readSystem(ptb),
                        ptb.object(blob.id()),
                        ptb.bytes(certificate.signature().toByteArray()),
                        ptb.bytes(certificate.signersBitmap().toByteArray()),
                        ptb.bytes(certificate.message().toByteArray()))));
    }

    private void change(Blob blob, SplittableRandom dice, Coin purse) {
        int thrown = dice.nextInt(100);
        if (thrown < 35) {
            with(
                    blob,
                    (ptb, object) -> walrus.call(
                            ptb,
                            "system",
                            "extend_blob",
                            walrus.system(ptb),
                            object,
                            ptb.u32(1 + dice.nextInt(2)),
                            ptb.object(purse.id())));
        } else if (thrown < 60) {
            with(
                    blob,
                    (ptb, object) -> walrus.call(
                            ptb,
                            "blob",
                            "insert_or_update_metadata_pair",
                            object,
                            ptb.string("note"),
                            ptb.string("written in epoch %d"
                                    .formatted(blob.certifiedEpoch().orElseThrow()))));
        } else if (thrown < 80) {
            if (blob.deletable()) {
                with(
                        blob,
                        (ptb, object) -> ptb.transfer(
                                sender.address(),
                                walrus.call(ptb, "system", "delete_blob", walrus.readSystem(ptb), object)));
            }
        } else if (thrown < 88) {
            with(blob, (ptb, object) -> ptb.transfer(friends.get(dice.nextInt(friends.size())), object));
        } else if (thrown < 95) {
            with(
                    blob,
                    (ptb, object) -> walrus.call(
                            ptb,
                            "shared_blob",
                            "new_funded",
                            object,
                            ptb.split(ptb.object(purse.id()), 1_000_000_000L)));
        } else {
            with(blob, (ptb, object) -> walrus.call(ptb, "blob", "burn", object));
        }
    }

    private void with(Blob blob, BiConsumer<Ptb, Argument> action) {
        sender.execute(ptb -> action.accept(ptb, ptb.object(blob.id())));
    }
}
