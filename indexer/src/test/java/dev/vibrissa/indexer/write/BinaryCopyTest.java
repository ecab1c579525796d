package dev.vibrissa.indexer.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinaryCopyTest {
    /** Whatever words a chain or an extractor has for us, they must not stop the indexer. */
    @Test
    void theOneCharacterThatPostgresRefusesIsReplaced() throws Exception {
        try (var database = TestDatabase.migrated();
                var db = database.connect()) {
            try (var statement = db.createStatement()) {
                statement.execute("create table words (word text, words text[])");
            }
            try (var copy = new BinaryCopy(db, "words", "word, words")) {
                copy.row().text("a\0b\u00e9").texts(List.of("\0", "c"));
                assertThat(copy.finish()).isEqualTo(1);
            }
            assertThat(TableRows.of(
                            database.database(), "select word || ' ' || array_to_string(words, ' ') from words"))
                    .containsExactly("a\uFFFDb\u00e9 \uFFFD c");
        }
    }
}
