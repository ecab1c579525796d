package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.kafka.Arrivals.Arrival;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals(100);

    @Test
    void whatIsHandedOutInThePlaceOfAnotherIsCountedOnce() {
        arrivals.handOut(1, arrival(90, 1));
        arrivals.handOut(1, arrival(80, 2));
        assertThat(arrivals.mustBeStored()).isFalse();
        arrivals.stored(1);
        arrivals.handOut(2, arrival(100, 1));
        assertThat(arrivals.mustBeStored()).isFalse();
        arrivals.handOut(3, arrival(1, 1));
        assertThat(arrivals.mustBeStored()).isTrue();
    }

    @Test
    void earlierAttemptsAreDroppedAndGiveRoom() {
        arrivals.keep(1, arrival(20, 1));
        arrivals.keep(2, arrival(40, 1));
        arrivals.keep(3, arrival(20, 2));
        arrivals.keep(4, arrival(20, 1));
        arrivals.dropOlder(2, 3, 2);
        assertThat(arrivals.has(1)).isTrue();
        assertThat(arrivals.has(2)).isFalse();
        assertThat(arrivals.has(3, 4)).isTrue();
        assertThat(arrivals.isHalfFull()).isTrue();
        arrivals.drop(1);
        assertThat(arrivals.isHalfFull()).isFalse();
    }

    private static Arrival arrival(int bytes, int attempt) {
        var record = new ConsumerRecord<>("facts", 0, 0, new byte[0], new byte[0]);
        return new Arrival(record, 0, new byte[bytes], attempt);
    }
}
