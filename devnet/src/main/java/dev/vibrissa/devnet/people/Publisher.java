package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.contract.WalrusCalls;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.redstuff.EncodingConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Writes blobs: buys storage, registers, hands slivers to the nodes, certifies with what they sign, and later extends,
 * deletes, describes, shares, gives away or burns some of them. Most simply expire, and are burned after that.
 */
public final class Publisher implements Actor {
    /** Certified blobs that one publisher has at a time, at most. */
    private static final int MOST_BLOBS = 40;

    /** Expired ones that are cleared away in one turn, at most. */
    private static final int MOST_BURNED = 2;

    private static final int MOST_EPOCHS_AHEAD = 3;
    private static final long SHARED_FUNDS = 1_000_000_000;

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
        if (!Walrus.takesBlobs(staking) || purse.isEmpty()) {
            return;
        }
        var dice = turn.dice(name);
        Map<Boolean, List<Blob>> byLife = walrus.owned(sender.address(), walrus.types().blob).stream()
                .collect(Collectors.partitioningBy(blob -> blob.storage().endEpoch() > staking.epoch()));
        byLife.getOrDefault(false, List.of()).stream()
                .limit(MOST_BURNED)
                .forEach(expired -> with(expired, WalrusCalls::burnBlob));
        List<Blob> alive = byLife.getOrDefault(true, List.of());
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
        Draft draft = Draft.of(config, dice);
        boolean deletable = dice.nextInt(3) != 0;
        int epochs = 1 + dice.nextInt(MOST_EPOCHS_AHEAD);
        sender.execute(ptb -> {
            var calls = walrus.calls(ptb);
            var coin = ptb.object(purse.id());
            var storage = calls.reserveSpace(draft.encodedBytes(), epochs, coin);
            ptb.transfer(sender.address(), calls.registerBlob(storage, draft.content(), deletable, coin));
        });
        fleet.store(draft.blob());
    }

    private void certify(Blob blob, long epoch) {
        var statement =
                new BlobStored(epoch, blob.blobId(), blob.deletable() ? Optional.of(blob.id()) : Optional.empty());
        fleet.certify(walrus.state().systemInner().committee(), statement)
                .ifPresent(
                        certificate -> with(blob, (calls, object) -> calls.certifyBlob(object, certificate.forCall())));
    }

    private void change(Blob blob, SplittableRandom dice, Coin purse) {
        int thrown = dice.nextInt(100);
        if (thrown < 35) {
            int epochs = 1 + dice.nextInt(2);
            with(
                    blob,
                    (calls, object) ->
                            calls.extendBlob(object, epochs, calls.ptb().object(purse.id())));
        } else if (thrown < 60) {
            String note = "written in epoch %d".formatted(blob.certifiedEpoch().orElseThrow());
            with(blob, (calls, object) -> calls.setAttribute(object, "note", note));
        } else if (thrown < 80) {
            if (blob.deletable()) {
                with(blob, (calls, object) -> calls.ptb().transfer(sender.address(), calls.deleteBlob(object)));
            }
        } else if (thrown < 88) {
            SuiAddress friend = friends.get(dice.nextInt(friends.size()));
            with(blob, (calls, object) -> calls.ptb().transfer(friend, object));
        } else if (thrown < 95) {
            with(
                    blob,
                    (calls, object) -> calls.shareBlob(
                            object, Optional.of(calls.ptb().split(calls.ptb().object(purse.id()), SHARED_FUNDS))));
        } else {
            with(blob, WalrusCalls::burnBlob);
        }
    }

    private void with(Blob blob, BiConsumer<WalrusCalls, Argument> action) {
        sender.execute(ptb -> action.accept(walrus.calls(ptb), ptb.object(blob.id())));
    }
}
