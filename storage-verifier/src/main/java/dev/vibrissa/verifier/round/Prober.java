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

    /** The same of a round: many nodes can be false at once. */
    private static final long MOST_KEPT_IN_ALL = 32 << 20;

    private final NodeClient client;
    private final EncodingConfig config;
    private final MetadataCache metadata;
    private final Method method;
    private final Pause pause;
    private final Clock clock;
    private final AtomicLong room = new AtomicLong(MOST_KEPT_IN_ALL);

    Prober(NodeClient client, EncodingConfig config, Method method, Pause pause, Clock clock) {
        this.client = client;
        this.config = config;
        this.metadata = new MetadataCache(client, config);
        this.method = method;
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
            Answer answer = ask(draw, blob, pair, epoch, node, proof, askedAt, falseBodies);
            answers.add(answer);
            if (isFinal(answer.said())) {
                break;
            }
        }
        if (heir.isPresent() && answers.getLast().said() != Said.PROVEN && draw.depth() != Depth.CLAIM) {
            answers.add(ask(draw, blob, pair, epoch, heir.get(), proof, clock.instant(), falseBodies));
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
        return answer(node, askedAt, confirmation(blob, epoch, node), new ArrayList<>());
    }

    @Override
    public void cover(FrameBlob blob, int shard, StorageNode node, List<StorageNode> others)
            throws InterruptedException {
        Optional<VerifiedMetadata> proof = metadata.get(blob.blobId(), sources(node, others));
        if (proof.isPresent()) {
            client.sliver(node, proof.get(), config.pairOf(shard, rs(blob)), SliverType.PRIMARY);
        }
    }

    @Override
    public boolean hears(BlobId blob, StorageNode node) throws InterruptedException {
        return !(client.blobStatus(node, blob) instanceof Outcome.Failed<?> failed)
                || !MassFailure.isSilence(Said.of(failed.failure()));
    }

    /** The member itself last: it need not know which blobs it will be asked about. */
    private static List<StorageNode> sources(StorageNode node, List<StorageNode> others) {
        var sources = new ArrayList<StorageNode>();
        others.stream().filter(each -> !each.id().equals(node.id())).forEach(sources::add);
        sources.add(node);
        return sources;
    }

    private Answer ask(
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
            return unasked(node, askedAt, "nobody gave metadata of the blob");
        }
        return answer(
                node,
                askedAt,
                switch (draw.depth()) {
                    case CLAIM -> confirmation(blob, epoch, node);
                    case SYMBOL -> symbol(node, proof.orElseThrow(), pair, draw.target());
                    case SLIVER -> client.sliver(node, proof.orElseThrow(), pair, SliverType.PRIMARY);
                },
                falseBodies);
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

    private static Answer unasked(StorageNode node, Instant askedAt, String why) {
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
