package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    @Test
    void isReadFromTheEnvironment() {
        assertThat(Database.fromEnvironment(Map.of(
                        "VIBRISSA_DB_URL", " jdbc:postgresql://db/x ",
                        "VIBRISSA_DB_USER", "u",
                        "VIBRISSA_DB_PASSWORD", "p")))
                .contains(new Database("jdbc:postgresql://db/x", "u", "p"));
    }

    @Test
    void isEmbeddedWhenNoUrlIsSet() {
        assertThat(Database.fromEnvironment(Map.of("VIBRISSA_DB_USER", "u"))).isEmpty();
        assertThat(Database.fromEnvironment(Map.of("VIBRISSA_DB_URL", ""))).isEmpty();
    }

    @Test
    void isPostgresAndNothingElse() {
        assertThatThrownBy(() -> new Database("postgresql://u:secret@db/x", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageNotContaining("secret");
    }

    @Test
    void printsNoSecret() {
        assertThat(new Database("jdbc:postgresql://db/x?password=secret", "u", "secret"))
                .hasToString("u at jdbc:postgresql://db/x");
        assertThat(new Database("jdbc:postgresql://db/x?user=u&password=secret", "", ""))
                .hasToString("jdbc:postgresql://db/x");
    }
}
