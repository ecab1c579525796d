package dev.vibrissa.benchmarks;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.trust.Verification;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A long history out of short ones: the same checkpoints again and again, each time with other identifiers.
 *
 * <p>Replica {@code k} of a scenario has the same bytes, except that a salt of {@code (scenario, k)} is XORed into the
 * first 8 bytes of every transaction digest, object id and blob id, wherever it stands. So keys stay unique and as
 * random as they were, and the ordinary extractor reads rows of the ordinary shape and size. Sequence numbers go on
 * from replica to replica. Digests no longer fit, which nothing here checks.
 */
final class Replicas {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long FIRST_SEQUENCE_NUMBER = 1_000_000;

    private final WalrusNetwork network;
    private final PackageChain packages;
    private final List<Source> sources = new ArrayList<>();

    private record Source(String scenario, String name, byte[] bytes, int[] idOffsets) {}

    Replicas(Corpus corpus, WalrusNetwork network) {
        this.network = network;
        packages = network.walrus();
        var ids = identifiers(corpus);
        for (Corpus.Entry each : corpus.files()) {
            sources.add(new Source(each.scenario(), each.name(), each.bytes(), ids.offsetsIn(each.bytes())));
        }
    }

    /** The facts of replica {@code k}, from 0, in order. */
    List<Accepted> facts(int k, int sourceId) {
        Map<String, PackageChain> chains = new HashMap<>(); // an upgrade is learned within its own scenario
        var accepted = new ArrayList<Accepted>(sources.size());
        long sequenceNumber = FIRST_SEQUENCE_NUMBER + (long) k * sources.size();
        for (Source source : sources) {
            long salt = mix(k * 1_000_003L + source.scenario().hashCode());
            byte[] bytes = source.bytes().clone();
            for (int offset : source.idOffsets()) {
                LONG.set(bytes, offset, (long) LONG.get(bytes, offset) ^ salt);
            }
            var checkpoint = CheckpointFile.read(bytes, source.name());
            var facts = Extractor.extract(checkpoint, chains.getOrDefault(source.scenario(), packages), network);
            chains.put(source.scenario(), facts.packagesAfter());
            accepted.add(
                    new Accepted(renumbered(checkpoint, sequenceNumber++), facts, Verification.CERTIFICATE, sourceId));
        }
        return accepted;
    }

    private static Checkpoint renumbered(Checkpoint checkpoint, long sequenceNumber) {
        CheckpointSummary was = checkpoint.summary();
        var summary = new CheckpointSummary(
                was.epoch(),
                sequenceNumber,
                was.networkTotalTransactions(),
                was.contentDigest(),
                was.previousDigest(),
                was.gas(),
                was.timestamp(),
                was.commitments(),
                was.endOfEpoch(),
                was.versionSpecificData());
        return new Checkpoint(
                summary,
                checkpoint.summaryBcs(),
                checkpoint.digest(),
                checkpoint.signature(),
                checkpoint.contents(),
                checkpoint.contentsBcs(),
                List.of(), // read already: only the memory it takes would be measured
                checkpoint.objects());
    }

    private Identifiers identifiers(Corpus corpus) {
        var ids = new Identifiers();
        for (Corpus.Entry each : corpus.files()) {
            var checkpoint = CheckpointFile.read(each.bytes(), each.name());
            for (var transaction : checkpoint.transactions()) {
                ids.add(transaction.digest());
                if (transaction.effects() instanceof Part.Decoded<TransactionEffects>(var effects, var _)) {
                    effects.changedObjects().stream()
                            .filter(changed -> !isPackage(changed))
                            .forEach(changed -> ids.add(changed.id()));
                }
            }
            for (var transaction :
                    Extractor.extract(checkpoint, packages, network).transactions()) {
                for (var object : transaction.objects()) {
                    object.lastState()
                            .flatMap(CheckpointFacts.ObjectState::value)
                            .flatMap(Replicas::blobIdOf)
                            .ifPresent(ids::add);
                }
            }
        }
        return ids;
    }

    private static Optional<BlobId> blobIdOf(WalrusObject object) {
        return switch (object) {
            case Blob blob -> Optional.of(blob.blobId());
            case PooledBlob blob -> Optional.of(blob.blobId());
            case SharedBlob shared -> Optional.of(shared.blob().blobId());
            default -> Optional.empty();
        };
    }

    /** Packages keep their ids: they are what makes an event one of Walrus. */
    private boolean isPackage(ChangedObject changed) {
        return changed.out() instanceof OutputState.PackageWritten || packages.contains(changed.id());
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 31)) * 0x9E3779B97F4A7C15L;
        return (mixed ^ (mixed >>> 29)) | 1; // never 0
    }

    /** A set of 32-byte values that finds its members in a byte array. No two begin with the same 8 bytes. */
    private static final class Identifiers {
        private final Map<Long, byte[]> byBeginning = new HashMap<>();

        void add(Id32<?> id) {
            byte[] bytes = id.toByteArray();
            long beginning = (long) LONG.get(bytes, 0);
            if (beginning != 0) { // else a system object such as the clock: the same on every chain
                byBeginning.put(beginning, bytes);
            }
        }

        int[] offsetsIn(byte[] bytes) {
            return IntStream.rangeClosed(0, bytes.length - Id32.SIZE)
                    .filter(offset -> {
                        byte[] id = byBeginning.get((long) LONG.get(bytes, offset));
                        return id != null && Arrays.equals(id, 0, Id32.SIZE, bytes, offset, offset + Id32.SIZE);
                    })
                    .toArray();
        }
    }
}
