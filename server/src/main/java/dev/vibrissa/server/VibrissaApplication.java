package dev.vibrissa.server;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** What Quarkus runs once it has started: nothing but waiting for the end. */
public final class VibrissaApplication implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
        Quarkus.waitForExit();
        return 0;
    }
}
