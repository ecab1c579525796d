package dev.vibrissa.api.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.api.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final Turnstile turnstile = new Turnstile(Duration.ZERO);

    @Test
    void whoComesMeanwhileIsTurnedAwayAndWhoComesAfterwardsIsNot() {
        String answer = turnstile.oneAtATime(() -> {
            var meanwhile = CompletableFuture.supplyAsync(() -> turnstile.oneAtATime(() -> "second"));
            assertThatThrownBy(meanwhile::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.status()).isEqualTo(504));
            return "first";
        });
        assertThat(answer).isEqualTo("first");
        assertThatThrownBy(() -> turnstile.oneAtATime(() -> {
                    throw new IllegalStateException("a fault");
                }))
                .hasMessage("a fault");
        assertThat(turnstile.oneAtATime(() -> "third")).isEqualTo("third");
    }
}
