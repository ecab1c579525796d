package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.Confirmation;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.Outcome;
import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.node.SymbolId;
import dev.vibrissa.verifier.node.Symbols;
import dev.vibrissa.verifier.node.Traffic;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Said;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks what was drawn, again where one answer is not enough. It blocks, and is meant for virtual threads; it judges
 * nothing.
 */
final class Prober implements Questions {
    /** Of a body that did not hold, so much is kept at most; the rest is in its digest alone. */
    private static final int MOST_KEPT_BYTES = 4 << 20;

    /** A status is a few words. */
    private static final int STATUS_BYTES = 512;

    /** The same of a round: many nodes can be false at once. */
    private static final long MOST_KEPT_IN_ALL = 32 << 20;

    private final NodeClient client;
    private final EncodingConfig config;
    private final MetadataCache metadata;
    private final Method method;
    private final Budget budget;
    private final Pause pause;
    private final Clock clock;
    private final AtomicLong room = new AtomicLong(MOST_KEPT_IN_ALL);

    /** A request, when there is room for it. */
    @FunctionalInterface
    private interface Request<T> {
        Outcome<T> make() throws InterruptedException;
    }

    Prober(NodeClient client, EncodingConfig config, Method method, Budget budget, Pause pause, Clock clock) {
        this.client = client;
        this.config = config;
        this.metadata = new MetadataCache(client, config, budget);
        this.method = method;
        this.budget = budget;
        this.pause = pause;
        this.clock = clock;
    }

    @Override
    public void prepare(Draw draw, FrameBlob blob, StorageNode node, List<StorageNode> others)
            throws InterruptedException {
        if (draw.depth() != Depth.CLAIM) {
            metadata.get(blob.blobId(), sources(node, others));
        }
    }

    @Override
    public Asked ask(
            Draw draw,
            FrameBlob blob,
            long epoch,
            StorageNode node,
            Optional<StorageNode> heir,
            List<StorageNode> others,
            Instant burstAt)
            throws InterruptedException {
        int pair = config.pairOf(draw.shard(), rs(blob));
        var answers = new ArrayList<Answer>();
        var falseBodies = new ArrayList<Bytes>();
        Optional<VerifiedMetadata> proof = Optional.empty();
        for (int attempt = 0; attempt < method.attempts(); attempt++) {
            if (attempt > 0) {
                pause.pause(method.pauses().get(attempt - 1));
            }
            Instant askedAt = clock.instant();
            if (draw.depth() != Depth.CLAIM && proof.isEmpty()) {
                proof = metadata.get(blob.blobId(), sources(node, others));
                if (proof.isEmpty()) {
                    answers.add(unasked(node, askedAt, "nobody gave metadata of the blob"));
                    continue;
                }
            }
            Optional<Answer> answer = ask(draw, blob, pair, epoch, node, proof, askedAt, falseBodies);
            if (answer.isEmpty()) {
                if (answers.isEmpty()) {
                    answers.add(unasked(node, askedAt, "what may be asked of the node in a day is used up"));
                }
                break; // no more is known than was said so far
            }
            answers.add(answer.get());
            if (isFinal(answer.get().said())) {
                break;
            }
        }
        if (heir.isPresent() && answers.getLast().said() != Said.PROVEN && draw.depth() != Depth.CLAIM) {
            ask(draw, blob, pair, epoch, heir.get(), proof, clock.instant(), falseBodies)
                    .ifPresent(answers::add);
        }
        return new Asked(
                draw,
                node.id(),
                blob,
                pair,
                proof.map(each -> Bytes.of(each.rootOf(SliverType.PRIMARY, config.sliverIndex(SliverType.PRIMARY, pair))
                        .toByteArray())),
                burstAt,
                answers,
                falseBodies);
    }

    @Override
    public Answer claim(FrameBlob blob, long epoch, StorageNode node) throws InterruptedException {
        Instant askedAt = clock.instant();
        return within(node, bytes(Depth.CLAIM, blob), () -> confirmation(blob, epoch, node))
                .map(each -> answer(node, askedAt, each, new ArrayList<>()))
                .orElseGet(() -> unasked(node, askedAt, "what may be asked of the node in a day is used up"));
    }

    @Override
    public void cover(FrameBlob blob, int shard, StorageNode node, List<StorageNode> others)
            throws InterruptedException {
        Optional<VerifiedMetadata> proof = metadata.get(blob.blobId(), sources(node, others));
        if (proof.isPresent()) {
            int pair = config.pairOf(shard, rs(blob));
            within(node, bytes(Depth.SLIVER, blob), () -> client.sliver(node, proof.get(), pair, SliverType.PRIMARY));
        }
    }

    @Override
    public boolean hears(BlobId blob, StorageNode node) throws InterruptedException {
        return within(node, STATUS_BYTES, () -> client.blobStatus(node, blob))
                .filter(each -> !(each instanceof Outcome.Failed<?> failed)
                        || !MassFailure.isSilence(Said.of(failed.failure())))
                .isPresent();
    }

    /** The member itself last: it need not know which blobs it will be asked about. */
    private static List<StorageNode> sources(StorageNode node, List<StorageNode> others) {
        var sources = new ArrayList<StorageNode>();
        others.stream().filter(each -> !each.id().equals(node.id())).forEach(sources::add);
        sources.add(node);
        return sources;
    }

    /** Makes a request that fits into what may be taken of the node; empty: it does not. */
    private <T> Optional<Outcome<T>> within(StorageNode node, long mostBytes, Request<T> request)
            throws InterruptedException {
        if (!budget.take(node.id(), mostBytes)) {
            return Optional.empty();
        }
        Outcome<T> outcome = request.make();
        budget.settle(node.id(), mostBytes, outcome.traffic().bodyBytes());
        return Optional.of(outcome);
    }

    private long bytes(Depth depth, FrameBlob blob) {
        return Waves.bytes(depth, config, blob);
    }

    private Optional<Answer> ask(
            Draw draw,
            FrameBlob blob,
            int pair,
            long epoch,
            StorageNode node,
            Optional<VerifiedMetadata> proof,
            Instant askedAt,
            List<Bytes> falseBodies)
            throws InterruptedException {
        if (draw.depth() != Depth.CLAIM && proof.isEmpty()) {
            return Optional.of(unasked(node, askedAt, "nobody gave metadata of the blob"));
        }
        long most = bytes(draw.depth(), blob);
        Optional<? extends Outcome<?>> outcome = switch (draw.depth()) {
            case CLAIM -> within(node, most, () -> confirmation(blob, epoch, node));
            case SYMBOL -> within(node, most, () -> symbol(node, proof.orElseThrow(), pair, draw.target()));
            case SLIVER -> within(node, most, () -> client.sliver(node, proof.orElseThrow(), pair, SliverType.PRIMARY));
        };
        return outcome.map(each -> answer(node, askedAt, each, falseBodies));
    }

    private Outcome<Symbols> symbol(StorageNode node, VerifiedMetadata proof, int pair, int target)
            throws InterruptedException {
        return client.recoverySymbols(node, proof, SliverType.PRIMARY, List.of(new SymbolId(pair, target)));
    }

    private Outcome<Confirmation> confirmation(FrameBlob blob, long epoch, StorageNode node)
            throws InterruptedException {
        return blob.deletableObject().isPresent()
                ? client.deletableConfirmation(
                        node, blob.blobId(), blob.deletableObject().get(), epoch)
                : client.permanentConfirmation(node, blob.blobId(), epoch);
    }

    /** What asking again would not change. Silence may be the network's, and a refusal a moment's. */
    private static boolean isFinal(Said said) {
        return switch (said) {
            case PROVEN, FALSE, IMPOSSIBLE, BLOCKED, UNUSABLE_RECORD -> true;
            case NOT_FOUND,
                    MISSING_SLIVERS,
                    OTHER_VIEW,
                    NEIGHBOUR_EPOCH,
                    BUSY,
                    REFUSED,
                    OTHER_IDENTITY,
                    SILENT,
                    UNASKED -> false;
        };
    }

    private Answer answer(StorageNode node, Instant askedAt, Outcome<?> outcome, List<Bytes> falseBodies) {
        Optional<Bytes> digest = outcome.body().isEmpty()
                ? Optional.empty()
                : Optional.of(Sha256.of(outcome.body().toByteArray()));
        return switch (outcome) {
            case Outcome.Answered<?>(Object value, Traffic traffic, Bytes _) ->
                new Answer(
                        node.id(),
                        node.networkAddress(),
                        peer(traffic),
                        askedAt,
                        traffic.pinned(),
                        key(node),
                        traffic.status(),
                        // A node may leave out symbols that it does not have; a single one that was asked for, it must
                        // not.
                        Said.PROVEN,
                        "",
                        digest,
                        value instanceof Confirmation confirmation
                                ? Optional.of(new Answer.Statement(confirmation.message(), confirmation.signature()))
                                : Optional.empty(),
                        timing(traffic));
            case Outcome.Failed<?> failed -> {
                Said said = Said.of(failed.failure());
                if (said == Said.FALSE
                        && !failed.body().isEmpty()
                        && failed.body().length() <= MOST_KEPT_BYTES
                        && room.addAndGet(-failed.body().length()) >= 0) {
                    falseBodies.add(failed.body());
                }
                yield new Answer(
                        node.id(),
                        node.networkAddress(),
                        peer(failed.traffic()),
                        askedAt,
                        failed.traffic().pinned(),
                        key(node),
                        failed.traffic().status(),
                        said,
                        failed.failure().toString(),
                        digest,
                        Optional.empty(),
                        timing(failed.traffic()));
            }
        };
    }

    static Answer unasked(StorageNode node, Instant askedAt, String why) {
        return new Answer(
                node.id(),
                node.networkAddress(),
                Optional.empty(),
                askedAt,
                false,
                key(node),
                Optional.empty(),
                Said.UNASKED,
                why,
                Optional.empty(),
                Optional.empty(),
                new Answer.Timing(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO, 0, 0));
    }

    private static Optional<Bytes> key(StorageNode node) {
        return node.networkKey().map(each -> Bytes.of(each.toByteArray()));
    }

    private static Optional<String> peer(Traffic traffic) {
        return traffic.address().map(InetSocketAddress::toString);
    }

    private static Answer.Timing timing(Traffic traffic) {
        return new Answer.Timing(
                traffic.connect(),
                traffic.secure(),
                traffic.firstByte(),
                traffic.total(),
                traffic.wireBytes(),
                traffic.bodyBytes());
    }

    private static dev.vibrissa.redstuff.BlobId rs(FrameBlob blob) {
        return new dev.vibrissa.redstuff.BlobId(blob.blobId().toByteArray());
    }
}
