package dev.vibrissa.api.search;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a text led to.
 *
 * @param query without white space, quotes and the beginning of a link
 * @param shapes what it looks like, known or not
 * @param items what is known by it, the most telling first
 * @param corrected what it may have been meant to be; null: nothing better comes to mind
 */
@Schema(name = "Search")
record SearchView(
        AsOf asOf,

        @Schema(description = "Without white space, quotes and the beginning of a link.", examples = "node-4")
        String query,

        @Schema(description = "What it looks like, known or not.")
        List<String> shapes,

        @Schema(description = "What is known by it, the most telling first.")
        List<Match> items,

        @Schema(description = "What it may have been meant to be; null: nothing better comes to mind.") @Nullable
        String corrected)
        implements Table {
    @Override
    public List<Match> rows() {
        return items;
    }

    /**
     * Something known.
     *
     * @param name what it is called, where it is called anything
     * @param why what of it fits
     * @param link the answer about it
     */
    @Schema(name = "SearchMatch")
    record Match(
            @Schema(
                    examples = "operator",
                    enumeration = {
                        "blob",
                        "object",
                        "address",
                        "operator",
                        "transaction",
                        "checkpoint",
                        "epoch",
                        "attribute"
                    })
            String kind,

            String id,

            @Schema(description = "What it is called, where it is called anything.") @Nullable
            String name,

            @Schema(description = "What of it fits.", examples = "name contains it")
            String why,

            @Schema(description = "The answer about it.", examples = "/v1/operators/0x2031…")
            String link) {}
}
