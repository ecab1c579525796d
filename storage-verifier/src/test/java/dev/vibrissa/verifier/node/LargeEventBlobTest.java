package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.eventblob.Element;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobHeader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobWriter;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.verifier.eventblob.EventBlobFile;
import dev.vibrissa.verifier.eventblob.Fetched;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs.Holder;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import okhttp3.Protocol;
import okio.Buffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An event blob as large as writers make them, of as many shards as the public network has, fetched, proven, encoded again
 * and read by a process whose heap has a bound.
 */
@Tag("soak")
class LargeEventBlobTest {
    private static final EncodingConfig CONFIG = new EncodingConfig(1_000);
    private static final int NODES = 10;
    private static final long BYTES = 100L << 20;
    private static final String HEAP = "-Xmx384m";
    private static final int EVENTS_PER_CHECKPOINT = 50;

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(900)
    void isFetchedAndReadWithinABoundedHeap() throws Exception {
        Path file = folder.resolve("written");
        long elements = write(file);
        Path slivers = folder.resolve("slivers");
        BlobMetadata metadata = encode(file, slivers);
        var id = new BlobId(metadata.blobId().toByteArray());
        byte[] metadataBody = EncodedBlob.joined(id.toByteArray(), metadata.encode());
        var nodes = new ArrayList<FakeStorageNode>();
        try (var arena = Arena.ofShared();
                var channel = FileChannel.open(slivers, StandardOpenOption.READ)) {
            MemorySegment primary = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            for (int i = 0; i < NODES; i++) {
                nodes.add(FakeStorageNode.speaking(Protocol.HTTP_2, request -> {
                    String[] path = request.getUrl().encodedPath().split("/");
                    byte[] body = path[4].equals("metadata")
                            ? metadataBody
                            : sliver(primary, metadata, Integer.parseInt(path[5]));
                    return new MockResponse.Builder()
                            .body(new Buffer().write(body))
                            .build();
                }));
            }
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Fetching.class.getName(),
                    folder.resolve("fetched").toString(),
                    id.toString(),
                    HexFormat.of()
                            .formatHex(FakeStorageNode.keyOf(FakeStorageNode.CERTIFICATE)
                                    .toByteArray())));
            nodes.forEach(each -> command.add(Integer.toString(each.port())));
            Process fetching = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = fetching.inputReader().readLine();
            assertThat(fetching.waitFor()).isZero();
            System.out.printf("event blob bytes=%d shards=%d heap=%s %s%n", BYTES, CONFIG.shards(), HEAP, said);
            assertThat(said).startsWith("elements=%d ".formatted(elements));
            assertThat(Files.mismatch(file, NodeEventBlobs.file(folder.resolve("fetched"), id)))
                    .isEqualTo(-1);
        } finally {
            for (FakeStorageNode each : nodes) {
                each.close();
            }
        }
    }

    private static int symbolBytes(long bytes) {
        return CONFIG.symbolBytes(bytes);
    }

    /** @return how many elements it has */
    private static long write(Path file) throws IOException {
        long index = 0;
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            var counting = new long[1];
            var counted = new FilterOutputStream(out) {
                @Override
                public void write(int one) throws IOException {
                    counting[0]++;
                    out.write(one);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    counting[0] += length;
                    out.write(bytes, from, length);
                }
            };
            var writer = new EventBlobWriter(counted, new EventBlobHeader(7, Optional.empty()));
            for (long checkpoint = 1; counting[0] < BYTES; checkpoint++) {
                for (int counter = 0; counter < EVENTS_PER_CHECKPOINT; counter++) {
                    byte[] bytes = ByteBuffer.allocate(32)
                            .putLong(checkpoint)
                            .putInt(counter)
                            .array();
                    var event = new BlobRegistered(7, new BlobId(bytes), 1, 1, 12, true, new SuiAddress(bytes));
                    writer.add(new Element.Occurrence(
                            index++, checkpoint, counter, new EventId(new Digest(bytes), 0), event));
                }
                writer.add(new Element.Boundary(index++, checkpoint, EVENTS_PER_CHECKPOINT));
            }
            writer.end();
        }
        return index;
    }

    /** Its primary slivers, one after the other in one file. */
    private static BlobMetadata encode(Path file, Path slivers) throws IOException {
        long bytes = Files.size(file);
        long each = CONFIG.sliverBytes(SliverType.PRIMARY, symbolBytes(bytes));
        try (var arena = Arena.ofShared();
                var in = FileChannel.open(file, StandardOpenOption.READ);
                var out = FileChannel.open(
                        slivers, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment primary = out.map(MapMode.READ_WRITE, 0, each * CONFIG.shards(), arena);
            return new BlobEncoder(CONFIG, 2)
                    .encode(in.map(MapMode.READ_ONLY, 0, bytes, arena), (type, index, offset, from, at, length) -> {
                        if (type == SliverType.PRIMARY) {
                            MemorySegment.copy(from, at, primary, ValueLayout.JAVA_BYTE, each * index + offset, length);
                        }
                    });
        }
    }

    private static byte[] sliver(MemorySegment primary, BlobMetadata metadata, int pair) {
        int symbols = symbolBytes(metadata.unencodedBytes());
        long bytes = CONFIG.sliverBytes(SliverType.PRIMARY, symbols);
        int index = CONFIG.sliverIndex(SliverType.PRIMARY, pair);
        byte[] data = primary.asSlice(bytes * index, bytes).toArray(ValueLayout.JAVA_BYTE);
        return new Sliver(SliverType.PRIMARY, index, symbols, data).encode();
    }

    /** The process with the bound: a folder, a blob id, the TLS key of all nodes in hex, and their ports. */
    static final class Fetching {
        private Fetching() {}

        public static void main(String[] args) throws Exception {
            var holders = new ArrayList<Holder>();
            int nodes = args.length - 3;
            var key = new KeyBytes(HexFormat.of().parseHex(args[2]));
            for (int i = 0; i < nodes; i++) {
                int number = i;
                byte[] id = new byte[32];
                id[31] = (byte) (i + 1);
                var node = new StorageNode(new SuiAddress(id), "127.0.0.1:" + args[i + 3], Optional.of(key), key);
                holders.add(new Holder(
                        node,
                        IntStream.range(0, CONFIG.shards())
                                .filter(shard -> shard % nodes == number)
                                .boxed()
                                .toList()));
            }
            var client = new NodeClient(NodeClientSettings.of(URI.create("https://example.org/"))
                    .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32")));
            var blobs = new NodeEventBlobs(
                    client, CONFIG, holders, Path.of(args[0]), Duration.ofMinutes(10), new SplittableRandom(1));
            var blobId = BlobId.parse(args[1]);
            long begin = System.nanoTime();
            Fetched fetched = blobs.fetch(blobId);
            long fetchedNanos = System.nanoTime() - begin;
            if (!(fetched instanceof Fetched.Found found)
                    || !(EventBlobFile.inspect(blobId, found.file()) instanceof EventBlobFile.Readable(var file))) {
                throw new IllegalStateException(fetched.toString());
            }
            System.out.printf(
                    "elements=%d fetchMillis=%d readMillis=%d%n",
                    file.extent().orElseThrow().elements(),
                    fetchedNanos / 1_000_000,
                    (System.nanoTime() - begin - fetchedNanos) / 1_000_000);
            System.exit(0); // connections are kept for a while
        }
    }
}
