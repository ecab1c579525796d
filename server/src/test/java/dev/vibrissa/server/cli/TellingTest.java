package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.server.webhook.WebhookSender;
import dev.vibrissa.server.work.WorkBoard;
import dev.vibrissa.server.work.WorkState;
import dev.vibrissa.verifier.node.AddressPolicy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those who tell others say of themselves. */
@Timeout(60)
class TellingTest {
    private final WorkBoard board = WorkBoard.here();

    @Test
    void bothAreOnTheBoardFromTheStartAndSayWhatTheyWaitFor() {
        var nobodyThere = new Database("jdbc:postgresql://127.0.0.1:1/none", "nobody", "");
        try (var telling = new Telling()) {
            telling.publish(nobodyThere, Map.of("bootstrap.servers", "127.0.0.1:1"), "none");
            telling.send(nobodyThere, WebhookSender.Settings.of(AddressPolicy.publicOnly()));
            assertThat(state("publisher")).isEqualTo(WorkState.STARTS);
            assertThat(state("webhooks")).isEqualTo(WorkState.STARTS);
            telling.start();
            while (state("publisher") != WorkState.TRIES_AGAIN || state("webhooks") != WorkState.TRIES_AGAIN) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    /** The board is that of the process, and others look at it. */
    @AfterEach
    void wipe() {
        board.says("publisher", WorkState.DONE, "the test is over");
        board.says("webhooks", WorkState.DONE, "the test is over");
    }

    private WorkState state(String role) {
        return Objects.requireNonNull(board.standings().get(role)).state();
    }
}
