package dev.vibrissa.testbroker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What this module was built with for a broker: on the class path of its process, and on nobody else's. */
final class BrokerLibraries {
    private static final Pattern KAFKA = Pattern.compile("/kafka_[0-9.]+-([0-9.]+)\\.jar");

    private BrokerLibraries() {}

    static String classPath() {
        Path own = Path.of(BrokerLibraries.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        return own + ":" + libraries();
    }

    /** Of Kafka. */
    static String version() {
        var kafka = KAFKA.matcher(libraries());
        if (!kafka.find()) {
            throw new IllegalStateException("no Kafka is among the libraries of the broker");
        }
        return kafka.group(1);
    }

    private static String libraries() {
        try (InputStream in = BrokerLibraries.class.getResourceAsStream("/broker.classpath")) {
            if (in == null) {
                throw new IllegalStateException("broker.classpath is missing: it is written when this module is built");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
