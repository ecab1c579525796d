package dev.vibrissa.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.eventblob.BlobHistory;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import dev.vibrissa.protocol.walrus.status.BrokenHistoryException;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.eventblob.EpochSnapshot;
import dev.vibrissa.verifier.eventblob.EventBlobFile;
import dev.vibrissa.verifier.eventblob.EventBlobSource;
import dev.vibrissa.verifier.eventblob.EventBlobStore;
import dev.vibrissa.verifier.eventblob.FolderEventBlobs;
import dev.vibrissa.verifier.eventblob.Link;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs;
import dev.vibrissa.verifier.eventblob.Walk;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Event blobs by hand: fetched from the nodes, verified, replayed into the status of every blob. */
final class EventBlobsCommand {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private EventBlobsCommand() {}

    /** Says what there is; the work is in the commands below it. */
    @Command(
            name = "event-blobs",
            sortOptions = false,
            synopsisSubcommandLabel = "COMMAND",
            description = "Fetch, verify and replay the files in which storage nodes keep all events.")
    static final class Group implements Runnable {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                throw new picocli.CommandLine.ParameterException(
                        spec.commandLine(), "name one of fetch, replay, snapshot, verify");
            }
        }
    }

    @Command(
            name = "fetch",
            sortOptions = false,
            description =
                    "Walk back from the head that the database has from the System object, fetch every event blob "
                            + "from the storage nodes, verify it, and keep it. Files that are there are not fetched again.")
    static final class Fetch implements Callable<Integer> {
        private final Settings settings;

        @Mixin
        private ChainOptions chain = new ChainOptions();

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where files are put, by blob id.")
        private Path out = Path.of("");

        @Option(
                names = "--until",
                paramLabel = "CHECKPOINT",
                description = "Stop at the file that has this checkpoint. Default: back to the first of all.")
        private long until;

        @Option(
                names = "--contact",
                paramLabel = "URL",
                description = "A page that says who asks: part of every request. Due on public networks.")
        private @Nullable URI contact;

        @Option(names = "--partial", description = "Take it for success if older files have expired.")
        private boolean partial;

        @Spec
        private @Nullable CommandSpec spec;

        Fetch(Settings settings) {
            this.settings = settings;
        }

        @Override
        public Integer call() throws IOException, SQLException, InterruptedException {
            ConsoleLog.warnings(spec);
            var terminal = Terminal.of(spec);
            Network network = chain.network().orElse(Network.DEVNET);
            if (contact == null && network != Network.DEVNET) {
                throw new CommandFailure(ExitCode.USAGE, "--contact is missing: nodes should know who asks");
            }
            Link head;
            EventBlobSource source;
            try (var open = OpenDatabase.shared(settings, chain.dataDirectory(network, settings));
                    Connection db = open.database().connect()) {
                head = EventBlobStore.head(db)
                        .orElseThrow(() -> new CommandFailure(
                                ExitCode.UNAVAILABLE, "the database has no certified event blob yet"));
                source = new NodeEventBlobs(
                        new NodeClient(client(network)),
                        new EncodingConfig(EventBlobStore.shards(db).orElseThrow()),
                        EventBlobStore.holders(db),
                        Files.createDirectories(out),
                        DEADLINE,
                        new SplittableRandom());
                var walk = Walk.back(source, head, until, file -> terminal.out().println(line(file)));
                return ended(walk.stop(), partial, terminal).number();
            }
        }

        private NodeClientSettings client(Network network) {
            if (network == Network.DEVNET) {
                var here = contact == null ? URI.create("http://127.0.0.1/") : contact;
                return NodeClientSettings.of(here)
                        .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"));
            }
            return NodeClientSettings.of(Objects.requireNonNull(contact));
        }
    }

    @Command(
            name = "verify",
            sortOptions = false,
            description =
                    "Read event blobs strictly, and print blob id, checkpoints and elements of each. Exit code 1 if "
                            + "one is damaged, or has an event of a kind that is not known here.")
    static final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", arity = "1..*", description = "Event blobs.")
        private List<Path> files = List.of();

        @Option(names = "--shards", paramLabel = "N", description = "Shards of the network. Default: ${DEFAULT-VALUE}.")
        private int shards = CodecOptions.SHARDS;

        @Mixin
        private CodecOptions codec = new CodecOptions();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            ConsoleLog.warnings(spec);
            EncodingConfig config = CodecOptions.config(shards);
            var terminal = Terminal.of(spec);
            boolean good = true;
            for (Path file : files) {
                CodecOptions.needFile(file);
                CodecOptions.chooseKernel(Files.size(file));
                BlobId id = FolderEventBlobs.id(file, config, codec.threads());
                switch (EventBlobFile.inspect(id, file)) {
                    case EventBlobFile.Readable(EventBlobFile read) -> {
                        terminal.out().println(line(read));
                        good &= read.unknown().isEmpty();
                    }
                    case EventBlobFile.Malformed(String reason) -> {
                        terminal.out().printf("%s  malformed: %s%n", id, reason);
                        good = false;
                    }
                }
            }
            return (good ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
        }
    }

    @Command(
            name = "replay",
            sortOptions = false,
            description = "Fold the event blobs of a folder, oldest first, and print the status of every blob that "
                    + "there is, as a storage node would answer it: one JSON document a line.")
    static final class Replay implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Event blobs, under whatever names; as 'fetch' leaves them.")
        private Path folder = Path.of("");

        @Option(
                names = "--head",
                paramLabel = "BLOBID:CHECKPOINT",
                description =
                        "Where to begin: the certified head and the checkpoint it ends with. Default: the one file "
                                + "that no other leads to, which then nobody vouches for.")
        private @Nullable String head;

        @Option(names = "--shards", paramLabel = "N", description = "Shards of the network. Default: ${DEFAULT-VALUE}.")
        private int shards = CodecOptions.SHARDS;

        @Option(names = "--partial", description = "Take it for success if the oldest files are not there.")
        private boolean partial;

        @Option(names = "--out", paramLabel = "FILE", description = "Write to a file instead.")
        private @Nullable Path out;

        @Mixin
        private CodecOptions codec = new CodecOptions();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            ConsoleLog.warnings(spec);
            var terminal = Terminal.of(spec);
            if (!Files.isDirectory(folder)) {
                throw new CommandFailure(ExitCode.UNAVAILABLE, "there is no folder '%s'".formatted(folder));
            }
            var source = new FolderEventBlobs(folder, CodecOptions.config(shards), codec.threads());
            var walk = Walk.back(source, begin(source), 0, _ -> {});
            ExitCode code = ended(walk.stop(), partial, terminal);
            if (code != ExitCode.OK) {
                return code.number(); // a history cut short is no answer
            }
            BlobHistory history = walk.stop() instanceof Walk.Stop.Complete
                    ? BlobHistory.complete()
                    : BlobHistory.partial(walk.newestFirst().getLast().header().epoch());
            for (EventBlobFile file : walk.newestFirst().reversed()) {
                if (file.unknown().isPresent()) {
                    throw new CommandFailure(
                            ExitCode.CHECK_FAILED,
                            "event blob %s: %s"
                                    .formatted(file.blobId(), file.unknown().get()));
                }
                fold(file, history);
            }
            if (out == null) {
                print(history, terminal.out());
            } else {
                try (var writer = new PrintWriter(Files.newBufferedWriter(out))) {
                    print(history, writer);
                    if (writer.checkError()) {
                        throw new IOException("%s cannot be written".formatted(out));
                    }
                }
            }
            return ExitCode.OK.number();
        }

        private Link begin(FolderEventBlobs source) throws IOException {
            if (head != null) {
                String[] parts = head.split(":", 2);
                try {
                    return new Link(BlobId.parse(parts[0]), Long.parseLong(parts[1]));
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new CommandFailure(
                            ExitCode.USAGE, "--head is '%s', not BLOBID:CHECKPOINT".formatted(head), e);
                }
            }
            return source.newest()
                    .orElseThrow(() -> new CommandFailure(
                            ExitCode.CHECK_FAILED,
                            "%s has no event blob that all others are before: name one with --head".formatted(folder)));
        }

        private static void fold(EventBlobFile file, BlobHistory history) throws IOException {
            try (var reader = EventBlobReader.open(file.path())) {
                while (reader.next() instanceof Read(var element)) {
                    history.apply(element);
                }
            } catch (BrokenHistoryException e) {
                throw new CommandFailure(
                        ExitCode.CHECK_FAILED, "event blob %s: %s".formatted(file.blobId(), e.getMessage()), e);
            }
        }

        private static void print(BlobHistory history, PrintWriter to) {
            var json = new ObjectMapper();
            history.statuses((id, status) -> {
                var line = new LinkedHashMap<String, Object>();
                line.put("blobId", id.toString());
                line.put("status", status.toJson());
                try {
                    to.println(json.writeValueAsString(line));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Command(
            name = "snapshot",
            sortOptions = false,
            description =
                    "Write the blob-info snapshot of an epoch from our tables, byte for byte as storage nodes write "
                            + "theirs, and print its digest, which they publish.")
    static final class Snapshot implements Callable<Integer> {
        private final Settings settings;

        @Mixin
        private ChainOptions chain = new ChainOptions();

        @Parameters(paramLabel = "EPOCH", description = "Walrus epoch, at whose start it is taken.")
        private long epoch;

        @Option(names = "--out", paramLabel = "FILE", description = "Write it to a file, too.")
        private @Nullable Path out;

        @Spec
        private @Nullable CommandSpec spec;

        Snapshot(Settings settings) {
            this.settings = settings;
        }

        @Override
        public Integer call() throws IOException, SQLException {
            ConsoleLog.warnings(spec);
            var digest = new Fingerprint(0);
            Path part = out == null ? null : out.resolveSibling(out.getFileName() + ".part");
            Path data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
            try {
                write(data, part, digest);
                if (out != null && part != null) {
                    Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
                }
            } catch (NoSuchElementException e) {
                throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
            } finally {
                if (part != null) {
                    Files.deleteIfExists(part); // cut off: nobody is to take it for a snapshot
                }
            }
            Terminal.of(spec).out().printf("epoch %d  xxhash64 %s  signed %d%n", epoch, digest, digest.value());
            return ExitCode.OK.number();
        }

        private void write(Path data, @Nullable Path part, Fingerprint digest) throws IOException, SQLException {
            try (var open = OpenDatabase.shared(settings, data);
                    Connection db = open.database().connect();
                    OutputStream to = new BufferedOutputStream(new Hashing(
                            part == null ? OutputStream.nullOutputStream() : Files.newOutputStream(part), digest))) {
                db.setAutoCommit(false);
                db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                EpochSnapshot.write(db, epoch, to);
            }
        }

        /** Hashes what goes by. */
        private static final class Hashing extends OutputStream {
            private final OutputStream to;
            private final Fingerprint digest;

            Hashing(OutputStream to, Fingerprint digest) {
                this.to = to;
                this.digest = digest;
            }

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                digest.write(bytes, offset, length);
                to.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                to.close();
            }
        }
    }

    private static String line(EventBlobFile file) {
        String range = "%s  checkpoints %d-%d  epoch %d"
                .formatted(
                        file.blobId(),
                        file.firstCheckpoint(),
                        file.lastCheckpoint(),
                        file.header().epoch());
        return file.extent().isPresent()
                ? "%s  elements %d-%d  events %d"
                        .formatted(
                                range,
                                file.extent().get().firstIndex(),
                                file.extent().get().nextIndex() - 1,
                                file.extent().get().events())
                : "%s  incomplete: %s"
                        .formatted(range, file.unknown().map(Object::toString).orElse(""));
    }

    /** A history is whole, or is said not to be; a fault that may pass is never its end. */
    private static ExitCode ended(Walk.Stop stop, boolean partial, Terminal terminal) {
        return switch (stop) {
            case Walk.Stop.Complete _, Walk.Stop.ReachedKnown _ -> ExitCode.OK;
            case Walk.Stop.Gone(BlobId id, String reason) -> {
                terminal.err().printf("vibrissa: the history before is lost: event blob %s: %s%n", id, reason);
                yield partial ? ExitCode.OK : ExitCode.CHECK_FAILED;
            }
            case Walk.Stop.Unavailable(BlobId id, String reason) -> {
                terminal.err().printf("vibrissa: event blob %s was not to be had: %s%n", id, reason);
                yield ExitCode.TEMPORARY;
            }
            case Walk.Stop.Broken(BlobId id, String reason) -> {
                terminal.err().printf("vibrissa: event blob %s: %s%n", id, reason);
                yield ExitCode.CHECK_FAILED;
            }
        };
    }
}
