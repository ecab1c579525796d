package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists of several pages that a page needs as a whole. Such a list is many megabytes of JSON until its page is made, and
 * anybody may ask for that page as often as he likes: so only so many pages hold one at a time, the others wait.
 */
final class LongLists {
    /** Of a thousand rows: a committee's last days by hour. What grows with the chain is not for reading as a whole. */
    static final int MOST_PAGES = 12;

    private static final ScopedValue<Page> MAKING = ScopedValue.newInstance();

    private final Semaphore room;
    private final Duration patience;

    /**
     * @param atATime pages that hold long lists
     * @param patience how long another page waits for room
     */
    LongLists(int atATime, Duration patience) {
        this.room = new Semaphore(atATime);
        this.patience = patience;
    }

    /** A page that is being made; by one thread. */
    private static final class Page {
        private boolean holdsLists;
    }

    /** Makes a page; what it holds of long lists counts until then. */
    <T> T during(Supplier<T> making) {
        var page = new Page();
        try {
            return ScopedValue.where(MAKING, page).call(making::get);
        } finally {
            if (page.holdsLists) {
                room.release();
            }
        }
    }

    /**
     * The first {@value #MOST_PAGES} pages of a list; where there are more, it has still {@code next}. Its problem is that of
     * the first page that had one: part of a list is none.
     *
     * @param question by cursor; null for the first page
     * @throws IllegalStateException if it is a long one and no page is being made
     */
    Answer whole(Function<@Nullable String, Answer> question) {
        var page = question.apply(null);
        if (!page.has("next")) {
            return page;
        }
        if (!takesRoom(MAKING.orElseThrow(() -> new IllegalStateException("no page is being made")))) {
            return Answer.none("Other pages with long lists are being made; try again in some seconds.");
        }
        var all = (ObjectNode) page.json();
        var items = (ArrayNode) all.get("items");
        for (int i = 1; i < MOST_PAGES && page.has("next"); i++) {
            page = question.apply(page.text("next"));
            if (!page.problem().isEmpty()) {
                return page;
            }
            items.addAll((ArrayNode) page.json().get("items"));
            all.set("next", page.json().path("next").deepCopy());
        }
        return new Answer(all);
    }

    private boolean takesRoom(Page page) {
        try {
            page.holdsLists = page.holdsLists || room.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            return page.holdsLists;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
