package dev.vibrissa.testbroker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/** What runs in the broker's JVM: formats its folder at the first start, and ends with whoever started it. */
final class BrokerProcess {
    /** The line that tells that clients are served. */
    static final String READY = "broker ready";

    private BrokerProcess() {}

    /** @param args the broker's properties file, and the id of its cluster */
    public static void main(String[] args) throws IOException {
        var properties = new Properties();
        try (var in = Files.newInputStream(Path.of(args[0]))) {
            properties.load(in);
        }
        Path data = Path.of(properties.getProperty("log.dirs"));
        if (!Files.exists(data.resolve("meta.properties"))) {
            int code = StorageTool.execute(
                    new String[] {"format", "--cluster-id", args[1], "--config", args[0]}, System.err);
            if (code != 0) {
                throw new IllegalStateException("formatting %s ended with %d".formatted(data, code));
            }
        }
        var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        server.startup();
        System.out.println(READY);
        // The pipe ends when the other process does, however it ends.
        int read = System.in.read();
        if (read >= 0) {
            server.shutdown();
            server.awaitShutdown();
        }
        Runtime.getRuntime().halt(0);
    }
}
