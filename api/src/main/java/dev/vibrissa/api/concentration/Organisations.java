package dev.vibrissa.api.concentration;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Which organisation operates which node, as the operator of this server declares it. Read once, at the start. */
@Singleton
@Startup
class Organisations {
    private final Map<SuiAddress, String> byNode;

    Organisations(ApiConfig config) {
        this.byNode = config.organisations().map(Organisations::read).orElse(Map.of());
    }

    Map<SuiAddress, String> byNode() {
        return byNode;
    }

    /**
     * Reads lines {@code nodeId = organisation}.
     *
     * @throws IllegalArgumentException naming the file, if it cannot be read
     */
    static Map<SuiAddress, String> read(Path file) {
        var lines = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            lines.load(in);
            var byNode = new HashMap<SuiAddress, String>();
            for (String node : lines.stringPropertyNames()) {
                byNode.put(SuiAddress.parse(node), lines.getProperty(node).strip());
            }
            return Map.copyOf(byNode);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the file of organisations %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }
}
