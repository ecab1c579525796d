package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TestDatabase;
import org.junit.jupiter.api.Test;

class IndexerLockTest {
    @Test
    void isFreeAsSoonAsItIsGivenBack() throws Exception {
        try (var database = TestDatabase.empty()) {
            // Many times: a lock left to the end of its session is nearly always free in time.
            for (int i = 0; i < 50; i++) {
                try (var lock = IndexerLock.TIP.tryTake(database.database()).orElseThrow()) {
                    assertThat(IndexerLock.TIP.tryTake(database.database())).isEmpty();
                    assertThat(lock).isNotNull();
                }
            }
        }
    }
}
