package dev.vibrissa.benchmarks;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Checkpoints per second on one thread: one operation is one checkpoint, the files in turn.
 *
 * <p>The serial collector, so that no other thread helps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {
            "-Xms1g",
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED"
        })
public class CheckpointDecodeBenchmark {
    /** A folder of {@code *.binpb}. */
    @Param("")
    public String folder = "";

    private final WalrusNetwork network = WalrusNetwork.mainnet();
    private Input[] inputs = {};
    private int next;

    private record Input(String name, byte[] bytes, PackageChain packages) {}

    @Setup
    public void read() throws IOException {
        // An upgrade is learned within its own scenario, as it would be in a run over it.
        Map<String, PackageChain> chains = new HashMap<>();
        PackageChain mainnet = network.walrus();
        inputs = Corpus.readUncompressed(Path.of(folder)).files().stream()
                .map(each -> {
                    var packages = chains.getOrDefault(each.scenario(), mainnet);
                    var checkpoint = CheckpointFile.read(each.bytes(), each.name());
                    chains.put(
                            each.scenario(),
                            Extractor.extract(checkpoint, packages, network).packagesAfter());
                    return new Input(each.name(), each.bytes(), packages);
                })
                .toArray(Input[]::new);
    }

    /** Container, summary, contents, transactions, effects, events and objects: all that the reference decodes. */
    @Benchmark
    public Checkpoint decode(Blackhole hole) {
        var input = next();
        return decode(input, hole);
    }

    /** The same, and the facts about Walrus in it. */
    @Benchmark
    public CheckpointFacts decodeAndExtract(Blackhole hole) {
        var input = next();
        return Extractor.extract(decode(input, hole), input.packages(), network);
    }

    private static Checkpoint decode(Input input, Blackhole hole) {
        var checkpoint = CheckpointFile.read(input.bytes(), input.name());
        // Objects decode when they are asked for, and most never are: here all of them are.
        checkpoint.objects().all().forEach(object -> hole.consume(object.object()));
        return checkpoint;
    }

    private Input next() {
        Input input = inputs[next];
        next = next + 1 == inputs.length ? 0 : next + 1;
        return input;
    }
}
