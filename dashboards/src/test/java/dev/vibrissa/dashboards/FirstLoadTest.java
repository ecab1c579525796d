package dev.vibrissa.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a browser loads for the first page, compressed as the server compresses it. */
class FirstLoadTest {
    private static final int MOST_SCRIPT = 150_000;
    private static final int MOST_STYLE = 20_000;

    /** All of them, also those that are loaded only when they are needed. */
    private static final List<String> SCRIPTS =
            List.of("theme.js", "page.js", "keys.js", "drawer.js", "export.js", "list.js", "check.js", "cells.js");

    @Test
    void scriptsAreSmall() throws IOException {
        int all = 0;
        for (String script : SCRIPTS) {
            all += compressed(script);
        }
        assertThat(all).isBetween(1, MOST_SCRIPT);
    }

    @Test
    void stylesAreSmall() throws IOException {
        assertThat(compressed("vibrissa.css")).isBetween(1, MOST_STYLE);
    }

    private static int compressed(String asset) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (InputStream in = Objects.requireNonNull(
                        FirstLoadTest.class.getResourceAsStream("/META-INF/resources/assets/" + asset), asset);
                var gzip = new GZIPOutputStream(bytes)) {
            in.transferTo(gzip);
        }
        return bytes.size();
    }
}
