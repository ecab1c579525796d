package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The broker through which several processes index one chain. */
final class KafkaOptions {
    @Option(
            names = "--kafka-bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "A Kafka broker, several with commas between them: the role indexer can then be shared among "
                    + "processes, as extractor (any number) and projector (one at work). Default: none, one process "
                    + "indexes alone.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--kafka-prefix",
            paramLabel = "NAME",
            description = "What the names of topics begin with. Default: vibrissa.NETWORK.")
    private @Nullable String prefix;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties of Kafka's clients, such as security.protocol and ssl.truststore.location.")
    private @Nullable Path config;

    @Option(
            names = "--kafka-range",
            paramLabel = "CHECKPOINTS",
            description = "How many an extractor takes at a time; at the tip of the chain it is one. Default: "
                    + "${DEFAULT-VALUE}.")
    private int range = KafkaSettings.DEFAULT_RANGE;

    /**
     * Empty without a broker.
     *
     * @throws CommandFailure if the file of properties cannot be read, or a range is none
     */
    Optional<KafkaSettings> settings(Network network) {
        if (range < 1 || range > KafkaSettings.MOST_RANGE) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--kafka-range is %d, not 1 to %d".formatted(range, KafkaSettings.MOST_RANGE));
        }
        return Optional.ofNullable(bootstrapServers)
                .map(servers -> KafkaSettings.of(servers, prefix == null ? "vibrissa." + network : prefix, properties())
                        .withRangesOf(range));
    }

    private Map<String, String> properties() {
        if (config == null) {
            return Map.of();
        }
        var properties = new Properties();
        try (var in = Files.newBufferedReader(config)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--kafka-config %s cannot be read: %s".formatted(config, e.getMessage()), e);
        }
        var values = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }
}
