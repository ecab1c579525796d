package dev.vibrissa.indexer.trust;

import dev.vibrissa.indexer.source.CertifiedSummary;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Leads trust from an anchor to a later Sui epoch, over the last checkpoints of the epochs between: each names the
 * committee of the next epoch and is signed by its own. They are fetched several at a time, and believed strictly in order;
 * where they were found proves nothing.
 */
public final class HandOvers {
    private static final Logger LOG = Logger.getLogger(HandOvers.class);
    private static final int FETCHED_AHEAD = 16;
    private static final int FETCHERS = 4;
    private static final int MOST_ATTEMPTS = 10;

    private final CheckpointSource source;

    public HandOvers(CheckpointSource source) {
        this.source = source;
    }

    /**
     * A committee that was handed over.
     *
     * @param proof the last checkpoint of the epoch before, signed by that epoch's committee or pinned by the operator
     */
    public record HandOver(Committee committee, CertifiedSummary proof) {
        public long checkpoint() {
            return proof.summary().sequenceNumber();
        }
    }

    /**
     * The hand-overs that lead to the committee of {@code epoch}; as far as they could be had, or none if trust begins
     * later or nowhere.
     *
     * @param known committees that are trusted already
     */
    public List<HandOver> leadTo(long epoch, TrustAnchor anchor, List<Committee> known) throws InterruptedException {
        var trusted = new ArrayList<>(known);
        var handOvers = new ArrayList<HandOver>();
        switch (anchor) {
            case TrustAnchor.OfCommittee(Committee committee) -> trusted.add(committee);
            case TrustAnchor.OfCheckpoint(var digest) ->
                source.summary(digest).flatMap(HandOvers::handOver).ifPresent(pinned -> {
                    if (pinned.committee().epoch() <= epoch) {
                        handOvers.add(pinned);
                        trusted.add(pinned.committee());
                    }
                });
            case TrustAnchor.Unverified _ -> {}
        }
        Optional<Committee> latest = trusted.stream()
                .filter(each -> each.epoch() <= epoch)
                .max((one, other) -> Long.compare(one.epoch(), other.epoch()));
        if (latest.isPresent() && latest.get().epoch() < epoch) {
            lead(latest.get(), epoch, handOvers);
        }
        return List.copyOf(handOvers);
    }

    private static Optional<HandOver> handOver(CertifiedSummary proof) {
        return proof.summary()
                .endOfEpoch()
                .map(end -> new HandOver(new Committee(proof.summary().epoch() + 1, end.nextCommittee()), proof));
    }

    private void lead(Committee from, long epoch, List<HandOver> handOvers) throws InterruptedException {
        LOG.infof("hand-overs suiEpochs=%d..%d", (Object) from.epoch(), epoch);
        var committee = from;
        try (ExecutorService threads = Executors.newFixedThreadPool(
                FETCHERS, Thread.ofPlatform().name("hand-overs-", 0).daemon().factory())) {
            var ahead = new ArrayList<Future<Optional<CertifiedSummary>>>();
            for (long each = from.epoch(); each < epoch; each++) {
                if (ahead.isEmpty()) {
                    for (long e = each; e < Math.min(epoch, each + FETCHED_AHEAD); e++) {
                        ahead.add(threads.submit(ofEpoch(e)));
                    }
                }
                var verifier = new CommitteeVerifier(committee);
                Predicate<CertifiedSummary> isProof =
                        summary -> summary.summary().endOfEpoch().isPresent()
                                && verifier.verify(summary.bcs(), summary.signature())
                                        .isValid();
                var proof = result(ahead.removeFirst()).filter(isProof);
                for (int attempt = 1; proof.isEmpty() && attempt <= MOST_ATTEMPTS; attempt++) {
                    proof = source.endOfEpoch(each, isProof);
                    if (proof.isEmpty()) {
                        source.awaitNext(Long.MAX_VALUE);
                    }
                }
                var handOver = proof.flatMap(HandOvers::handOver);
                if (handOver.isEmpty()) {
                    LOG.warnf(
                            "hand-overs suiEpoch=%d fault=\"nobody has its last checkpoint, signed by its committee\"",
                            each);
                    return;
                }
                handOvers.add(handOver.get());
                committee = handOver.get().committee();
            }
        }
    }

    private Callable<Optional<CertifiedSummary>> ofEpoch(long epoch) {
        return () -> source.endOfEpoch(
                epoch,
                summary -> summary.summary().epoch() == epoch
                        && summary.summary().endOfEpoch().isPresent());
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
