package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The slivers that a node gives: those on its disk, as far as chain, deny list, shards and faults let them through. */
record Slivers(SliverStore store, NetworkView chain, Faults faults) {
    EncodingConfig config() {
        return store.config();
    }

    /** Whether some object of the blob is alive. */
    boolean isRegistered(BlobId blobId) {
        return switch (chain.status(blobId)) {
            case BlobStatus.Permanent _, BlobStatus.Deletable _ -> true;
            case BlobStatus.Invalid _, BlobStatus.Nonexistent _ -> false;
        };
    }

    boolean isDenied(BlobId blobId) {
        return faults.has(Fault.Blocking.class) || chain.isDenied(blobId);
    }

    Answer.Refused forbidden(BlobId blobId) {
        return new Answer.Refused(Reason.FORBIDDEN_BLOB, "blob %s is blocked on this node".formatted(blobId));
    }

    /** Whether this node is responsible for the pair, or still has its shard from an epoch before. */
    boolean isAssigned(BlobId blobId, int pair) {
        int shard = shardOf(blobId, pair);
        return chain.shards(chain.epoch()).contains(shard) || store.shards().contains(shard);
    }

    int shardOf(BlobId blobId, int pair) {
        return config().shardOf(pair, EncodedBlob.codecId(blobId));
    }

    Answer.Refused notAssigned(BlobId blobId, int pair) {
        return new Answer.Refused(
                Reason.SHARD_NOT_ASSIGNED,
                "shard %d is not assigned to this node in epoch %d".formatted(shardOf(blobId, pair), chain.epoch()));
    }

    Answer.Refused outOfRange(int index) {
        return new Answer.Refused(
                Reason.INDEX_OUT_OF_RANGE,
                "index %d is out of range: there are %d shards".formatted(index, config().shards()));
    }

    /** Whether the sliver is there and not lost. */
    boolean has(BlobId blobId, SliverType type, int pair) {
        return store.has(blobId, type, pair)
                && !faults.any(Fault.LosingSlivers.class, losing -> losing.hits(blobId, type, pair));
    }

    /** Whether all slivers of all shards of this epoch are there. */
    boolean hasAll(BlobId blobId) {
        return chain.shards(chain.epoch()).stream()
                .map(shard -> config().pairOf(shard, EncodedBlob.codecId(blobId)))
                .allMatch(pair -> has(blobId, SliverType.PRIMARY, pair) && has(blobId, SliverType.SECONDARY, pair));
    }

    /** Looks for a sliver, with the checks of a real node in their order. */
    Looked look(BlobId blobId, SliverType type, int pair) {
        if (pair >= config().shards()) {
            return outOfRange(pair);
        }
        if (isDenied(blobId)) {
            return forbidden(blobId);
        }
        if (!isRegistered(blobId)) {
            return notFound(blobId, type, pair);
        }
        if (!isAssigned(blobId, pair)) {
            return notAssigned(blobId, pair);
        }
        if (!has(blobId, type, pair)) {
            return notFound(blobId, type, pair);
        }
        return given(blobId, type, pair)
                .map(answer -> Sliver.decode(type, answer))
                .<Looked>map(sliver -> new Looked.Found(spoiled(sliver, blobId, pair)))
                .orElseGet(() -> notFound(blobId, type, pair));
    }

    private static Answer.Refused notFound(BlobId blobId, SliverType type, int pair) {
        return new Answer.Refused(
                Reason.SLIVER_NOT_FOUND, "no %s sliver of pair %d of blob %s".formatted(type, pair, blobId));
    }

    private Optional<byte[]> given(BlobId blobId, SliverType type, int pair) {
        Optional<byte[]> own = store.sliverAnswer(blobId, type, pair);
        return faults.of(Fault.Foreign.class)
                .flatMap(foreign -> switch (foreign.from()) {
                    // A node with a single shard has no other pair.
                    case ANOTHER_PAIR ->
                        otherPairs(blobId, type, pair).findFirst().or(() -> ofAnotherBlob(blobId, type, own));
                    case ANOTHER_BLOB -> ofAnotherBlob(blobId, type, own);
                })
                .or(() -> own);
    }

    private Optional<byte[]> ofAnotherBlob(BlobId blobId, SliverType type, Optional<byte[]> own) {
        return store.blobs().stream()
                .filter(other -> !other.equals(blobId))
                .flatMap(other -> otherPairs(other, type, -1))
                .filter(other ->
                        own.filter(answer -> answer.length == other.length).isPresent())
                .findFirst();
    }

    private Stream<byte[]> otherPairs(BlobId blobId, SliverType type, int but) {
        return IntStream.range(0, config().shards())
                .filter(pair -> pair != but && store.has(blobId, type, pair))
                .mapToObj(pair -> store.sliverAnswer(blobId, type, pair))
                .flatMap(Optional::stream);
    }

    /** With a flipped byte, if the fault says so of this one. */
    private Sliver spoiled(Sliver sliver, BlobId blobId, int pair) {
        if (!faults.any(Fault.Corrupt.class, corrupt -> corrupt.hits(blobId, sliver.type(), pair))) {
            return sliver;
        }
        byte[] data = sliver.data().clone();
        data[data.length / 2] ^= 0x40;
        return new Sliver(sliver.type(), sliver.index(), sliver.symbolBytes(), data);
    }
}
