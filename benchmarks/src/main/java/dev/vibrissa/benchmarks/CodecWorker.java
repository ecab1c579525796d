package dev.vibrissa.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.redstuff.kernel.Kernel;
import dev.vibrissa.redstuff.naive.NaiveRedStuff;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Our side of the codec benchmark: does what {@code codec.mjs} does, and verifies slivers, in a process of its own. */
final class CodecWorker {
    /** Slivers verified per repetition: one alone is too short for the clock. */
    private static final int VERIFIED = 50;

    private static final int WARM_UP_ROUNDS = 3;

    private final Map<String, List<Double>> times = new TreeMap<>();
    private final Map<String, Double> allocated = new TreeMap<>();

    private CodecWorker() {}

    /** The data of all slivers by index. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record SliverData(byte[][] primary, byte[][] secondary) {
        byte[][] of(SliverType type) {
            return type == SliverType.PRIMARY ? primary : secondary;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run();
    }

    public static void main(String[] arguments) throws IOException {
        byte[] blob = Files.readAllBytes(Path.of(arguments[0]));
        int shards = Integer.parseInt(arguments[1]);
        int repetitions = Integer.parseInt(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        System.out.println(RedStuffBench.json(new CodecWorker().measure(blob, shards, repetitions, threads)));
    }

    private RedStuffBench.CodecTimes measure(byte[] blob, int shards, int repetitions, int threads) {
        var config = new EncodingConfig(shards);
        var encoder = new BlobEncoder(config, threads);
        var decoder = new BlobDecoder(config, threads);
        int symbolBytes = config.symbolBytes(blob.length);
        var data = new SliverData(
                new byte[shards][(int) config.sliverBytes(SliverType.PRIMARY, symbolBytes)],
                new byte[shards][(int) config.sliverBytes(SliverType.SECONDARY, symbolBytes)]);
        byte[] decoded = new byte[blob.length];
        MemorySegment input = MemorySegment.ofArray(blob);
        BlobId[] blobId = new BlobId[1];
        BlobMetadata[] metadata = new BlobMetadata[1];
        List<Sliver> last = new ArrayList<>();
        for (int i = shards - config.primarySymbols(); i < shards; i++) {
            last.add(new Sliver(SliverType.PRIMARY, i, symbolBytes, data.primary()[i]));
        }
        for (int round = -WARM_UP_ROUNDS; round < repetitions; round++) {
            boolean counts = round >= 0;
            time(
                    "metadata",
                    counts,
                    1,
                    () -> blobId[0] = encoder.metadata(input).blobId());
            time(
                    "encode",
                    counts,
                    1,
                    () -> metadata[0] = encoder.encode(
                            input,
                            (type, index, offset, bytes, from, length) ->
                                    System.arraycopy(bytes, from, data.of(type)[index], (int) offset, length)));
            time("decode", counts, 1, () -> decoder.decode(last, MemorySegment.ofArray(decoded)));
        }
        if (threads == 1) {
            verifySlivers(config, blobId[0], metadata[0], data, symbolBytes, repetitions);
        }
        MessageDigest slivers = sha256();
        for (int pair = 0; pair < shards; pair++) {
            for (SliverType type : SliverType.values()) {
                int index = config.sliverIndex(type, pair);
                slivers.update(new Sliver(type, index, symbolBytes, data.of(type)[index]).encode());
            }
        }
        return new RedStuffBench.CodecTimes(
                Kernel.chosen().toString(),
                "",
                blobId[0].toString(),
                HexFormat.of().formatHex(slivers.digest()),
                HexFormat.of().formatHex(sha256().digest(decoded)),
                times,
                allocated);
    }

    private void verifySlivers(
            EncodingConfig config,
            BlobId blobId,
            BlobMetadata metadata,
            SliverData data,
            int symbolBytes,
            int repetitions) {
        var verified = ((MetadataVerdict.Accepted) VerifiedMetadata.verify(config, blobId, metadata)).metadata();
        var naive = new NaiveRedStuff(config.shards());
        for (SliverType type : SliverType.values()) {
            String name = type.name().toLowerCase(Locale.ROOT);
            byte[][] answers = new byte[VERIFIED][];
            Arrays.setAll(
                    answers,
                    i -> new Sliver(
                                    type,
                                    config.sliverIndex(type, i * 19),
                                    symbolBytes,
                                    data.of(type)[config.sliverIndex(type, i * 19)])
                            .encode());
            for (int round = -WARM_UP_ROUNDS; round < repetitions; round++) {
                time(name, round >= 0, VERIFIED, () -> {
                    for (int i = 0; i < VERIFIED; i++) {
                        if (!(verified.verifySliver(type, i * 19, answers[i]) instanceof SliverVerdict.Accepted)) {
                            throw new IllegalStateException("sliver %d refused".formatted(i));
                        }
                    }
                });
            }
            for (int round = -WARM_UP_ROUNDS; round < repetitions; round++) {
                int index = config.sliverIndex(type, (round + WARM_UP_ROUNDS) * 19);
                time(name + "Naive", round >= 0, 1, () -> {
                    byte[] root = naive.sliverRoot(data.of(type)[index], symbolBytes);
                    if (!Arrays.equals(root, verified.rootOf(type, index).toByteArray())) {
                        throw new IllegalStateException("sliver %d refused".formatted(index));
                    }
                });
            }
        }
    }

    /** Milliseconds and megabytes of one of {@code count} operations; allocation is that of this thread. */
    private void time(String operation, boolean counts, int count, Work work) {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = bean.getCurrentThreadAllocatedBytes();
        long begin = System.nanoTime();
        work.run();
        double millis = (System.nanoTime() - begin) / 1e6 / count;
        if (counts) {
            times.computeIfAbsent(operation, _ -> new ArrayList<>()).add(millis);
            allocated.put(operation, (bean.getCurrentThreadAllocatedBytes() - bytes) / 1e6 / count);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
