package dev.vibrissa.api.expiry;

import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.util.List;

/**
 * The sums of what ends when, as they were: a row holds from its checkpoint until the next one of its key. Whoever asks goes from
 * key to key by the index and takes of each the last row until then, however many there are.
 */
public final class EndingHistory {
    /**
     * End epochs after one that something ever ended with, 53 or some more, as {@code end_epoch(epoch)}; the last row is null. Its
     * parameter is the epoch.
     */
    public static final String END_EPOCHS = """
            with recursive end_epoch as (
              select (select min(end_epoch) from ending_history where end_epoch > ?) as epoch
              union all
              select (select min(h.end_epoch) from ending_history h where h.end_epoch > e.epoch)
              from end_epoch e where e.epoch is not null)
            """;

    /** Pools that end after an epoch, as of a checkpoint: that checkpoint, and the epoch twice. */
    static final String POOL_ENDS = """
            select p.storage_pool_id, t.end_epoch
            from storage_pool p
            cross join lateral (
              select t.end_epoch from storage_pool_term t
              where t.storage_pool_id = p.storage_pool_id and t.checkpoint <= ?
              order by t.checkpoint desc, t.tx_index desc, t.walrus_ordinal desc limit 1) t
            where p.end_epoch > ? and t.end_epoch > ?
            """;

    /** The same with what was in them; the checkpoint once more. */
    static final String POOLS = """
            select ends.end_epoch, ends.storage_pool_id, c.objects, c.bytes
            from (%s) ends
            cross join lateral (
              select h.objects, h.bytes from pool_content_history h
              where h.storage_pool_id = ends.storage_pool_id and h.checkpoint <= ?
              order by h.checkpoint desc limit 1) c
            where c.objects > 0
            """.formatted(POOL_ENDS);

    private EndingHistory() {}

    /**
     * A database that was begun before the sums were kept has them from then on only.
     *
     * @throws ProblemException 404, if the moment lies before
     */
    public static void require(Snapshot db, Moment moment) {
        List<Long> since = db.list("select checkpoint from ending_history_since", row -> row.number("checkpoint"));
        if (!since.isEmpty() && moment.checkpoint() < since.getFirst()) {
            throw ProblemException.notIndexed(
                    "what ended when is kept from checkpoint %d on: './vibrissa rebuild blob' adds what was before"
                            .formatted(since.getFirst()));
        }
    }
}
