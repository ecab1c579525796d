package dev.vibrissa.benchmarks;

import dev.vibrissa.redstuff.code.ReedSolomon;
import dev.vibrissa.redstuff.hash.LaneHasher;
import dev.vibrissa.redstuff.kernel.Kernel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of which encoding consists, at n = 1000, on every kernel. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Threads(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector"})
public class CodecKernelBenchmark {
    private static final int ROW_BYTES = 640;

    @Param({"scalar", "narrow", "wide"})
    public String kernel = "scalar";

    /** Of blobs of 1, 16 and 64 MiB. */
    @Param({"6", "76", "302"})
    public int symbolBytes = 6;

    private ReedSolomon code = new ReedSolomon(1, 1, Kernel.SCALAR);
    private ReedSolomon.Workspace work = code.workspace(2, 2, 1);
    private LaneHasher hasher = new LaneHasher(Kernel.SCALAR);
    private byte[] originals = {};
    private byte[] recovery = {};
    private byte[] hashes = {};

    @Setup
    public void prepare() {
        Kernel chosen = Arrays.stream(Kernel.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(kernel))
                .findFirst()
                .orElseThrow();
        code = new ReedSolomon(667, 333, chosen);
        work = code.workspace(symbolBytes, ROW_BYTES, 1000);
        hasher = new LaneHasher(chosen);
        originals = new byte[1000 * symbolBytes * work.symbolsPerRow()];
        new Random(1).nextBytes(originals);
        recovery = new byte[333 * symbolBytes * work.symbolsPerRow()];
        hashes = new byte[1001 * LaneHasher.HASH];
    }

    /** Rows of 640 bytes or one symbol: as many codewords of 667 and 333 symbols as fit. */
    @Benchmark
    public byte[] encodeRow() {
        int bytes = symbolBytes * work.symbolsPerRow();
        code.encode(
                work,
                (i, rows, at) -> work.pack(originals, i * bytes, work.symbolsPerRow(), rows, at, 0),
                (i, rows, at) -> work.unpack(rows, at, 0, work.symbolsPerRow(), recovery, i * bytes));
        return recovery;
    }

    /** The 1000 leaves of one sliver. */
    @Benchmark
    public byte[] hashLeaves() {
        hasher.hash(0, originals, 0, symbolBytes, symbolBytes, 1000, hashes, 0, LaneHasher.HASH);
        return hashes;
    }
}
