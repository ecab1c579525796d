package dev.vibrissa.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LongListsTest {
    private final LongLists lists = new LongLists(1, Duration.ofMillis(20));

    /** A list of {@code pages} pages of one item each. */
    private static Answer page(@Nullable String cursor, int pages) {
        int i = cursor == null ? 0 : Integer.parseInt(cursor);
        ObjectNode page = new ObjectMapper().createObjectNode();
        page.putArray("items").addObject().put("i", i);
        return new Answer(i + 1 < pages ? page.put("next", Integer.toString(i + 1)) : page.putNull("next"));
    }

    @Test
    void pagesComeTogether() {
        var all = lists.during(() -> lists.whole(cursor -> page(cursor, 3)));
        assertThat(all.list("items")).extracting(each -> each.text("i")).containsExactly("0", "1", "2");
        assertThat(all.has("next")).isFalse();
    }

    @Test
    void aListThatIsTooLongSaysThatItGoesOn() {
        var all = lists.during(() -> lists.whole(cursor -> page(cursor, 1000)));
        assertThat(all.list("items")).hasSize(LongLists.MOST_PAGES);
        assertThat(all.has("next")).isTrue();
    }

    @Test
    void halfAListIsNone() {
        var asked = new AtomicInteger();
        var all = lists.during(() -> lists.whole(
                cursor -> asked.incrementAndGet() == 3 ? Answer.none("the database went away") : page(cursor, 9)));
        assertThat(all.problem()).isEqualTo("the database went away");
        assertThat(all.list("items")).isEmpty();
        assertThat(asked).hasValue(3);
    }

    @Test
    void noMorePagesHoldLongListsThanThereIsRoomFor() throws Exception {
        var holds = new CountDownLatch(1);
        var made = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> lists.during(() -> {
                var all = lists.whole(cursor -> page(cursor, 2));
                var another = lists.whole(cursor -> page(cursor, 2)); // the same page needs no more room
                holds.countDown();
                await(made);
                return all.list("items").size() + another.list("items").size();
            }));
            holds.await();
            assertThat(lists.<Answer>during(() -> lists.whole(cursor -> page(cursor, 2)))
                            .problem())
                    .contains("try again");
            // A short one holds nothing worth waiting for.
            assertThat(lists.<Answer>during(() -> lists.whole(cursor -> page(cursor, 1)))
                            .problem())
                    .isEmpty();
            made.countDown();
            assertThat(first.get()).isEqualTo(4);
        }
        assertThat(lists.<Answer>during(() -> lists.whole(cursor -> page(cursor, 2)))
                        .list("items"))
                .hasSize(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
