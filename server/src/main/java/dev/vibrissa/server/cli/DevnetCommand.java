package dev.vibrissa.server.cli;

import dev.vibrissa.devnet.Devnet;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The simulated network by itself, for programs that follow it from another process. */
@Command(
        name = "devnet",
        sortOptions = false,
        description = "Run a simulated Walrus until stopped: a chain on gRPC and as a checkpoint store, storage nodes "
                + "over TLS. 'up' without options has one of its own.")
final class DevnetCommand implements Callable<Integer> {
    private final Settings settings;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where its files are kept. Default: vibrissa/devnet/network in the user's data folder.")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the chain on the loopback address, 0 for any. Default: ${DEFAULT-VALUE}.")
    private int port = 9000;

    @Mixin
    private DevnetOptions options = new DevnetOptions();

    @Spec
    private @Nullable CommandSpec spec;

    DevnetCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path folder = data == null ? settings.dataHome().resolve("vibrissa/devnet/network") : data;
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        // The JVM's shutdown waits until the chain's last checkpoint is on the disk.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            UpCommand.await(stopped);
                        },
                        "stop-devnet"));
        try (var devnet = Devnet.start(options.settings(folder.toAbsolutePath().normalize(), port))) {
            Terminal.of(spec).out().println("""
                    A simulated Walrus runs at %1$s (gRPC, and a checkpoint store under /checkpoints/).
                    Follow it from another terminal:
                      ./vibrissa up --network custom --label "%2$s" --network-file %3$s --trust %4$s --source grpc://%5$s
                    """.formatted(
                            devnet.address(),
                            Devnet.LABEL,
                            devnet.networkFile(),
                            devnet.committeeFile(),
                            devnet.address().getAuthority()));
            stop.await();
            return 0;
        } finally {
            stopped.countDown();
        }
    }
}
