package dev.vibrissa.api.price;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Reads the votes behind a price: what each member of the committee stood for when it was reckoned. */
final class PriceVotes {
    private PriceVotes() {}

    @Schema(name = "PriceVote")
    record PriceVote(
            @Schema(description = "Of the price.", examples = "1005")
            long checkpoint,

            @Schema(description = "Of the price.", examples = "0")
            int txIndex,

            @Schema(description = "Of the price's event; null where there was none.", examples = "1") @Nullable
            Integer walrusOrdinal,

            @Schema(description = "Place in the committee.", examples = "0")
            int position,

            SuiAddress nodeId,
            @Nullable String name,

            @Schema(description = "Shards.", examples = "286")
            int weight,

            @Schema(description = "FROST per MiB and epoch.", examples = "11000")
            String storagePriceVote,

            @Schema(description = "Less the price that came of it, in FROST.", examples = "0")
            String storagePriceDistance,

            @Schema(description = "FROST per MiB, once.", examples = "20000")
            String writePriceVote,

            @Schema(description = "Less the price that came of it, in FROST.", examples = "0")
            String writePriceDistance,

            @Schema(description = "Of the version of the pool that says so.", examples = "1003")
            long voteCheckpoint,

            @Schema(description = "Null where a snapshot reported it.") @Nullable
            Digest voteTx) {}

    /**
     * Votes behind the prices that came into force in a checkpoint, in the order of the committee.
     *
     * <p>The committee whose epoch it is decides, by what it stands for in that transaction; without an event, as
     * contract versions 1 and 2 had it, by what it stood for when it was chosen.
     */
    static List<PriceVote> of(Snapshot db, Moment moment, long checkpoint, PageRequest page) {
        return db.list(
                """
                select p.*, m.position, m.node_id, m.weight, sn.name, s.storage_price_vote, s.write_price_vote,
                  s.checkpoint as vote_checkpoint, s.tx_digest as vote_tx
                from price p
                join committee_member m on m.epoch = p.epoch
                left join epoch e on e.epoch = p.epoch
                cross join lateral (
                  select * from pool_state s
                  where s.node_id = m.node_id and (s.checkpoint, s.tx_index) <= (p.checkpoint, p.tx_index)
                    and (p.walrus_ordinal >= 0 or s.checkpoint <= coalesce(e.params_checkpoint, p.checkpoint))
                  order by s.checkpoint desc, s.tx_index desc limit 1) s
                """ + NodeName.of("m.node_id") + """
                where p.checkpoint = ? and p.checkpoint <= ? and (p.tx_index, p.walrus_ordinal, m.position) > (?, ?, ?)
                order by p.tx_index, p.walrus_ordinal, m.position
                limit ?
                """,
                PriceVotes::vote,
                moment.checkpoint(),
                checkpoint,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -2),
                page.afterNumber(2, -1),
                page.fetch());
    }

    private static PriceVote vote(Row row) throws SQLException {
        int ordinal = row.integer("walrus_ordinal");
        return new PriceVote(
                row.number("checkpoint"),
                row.integer("tx_index"),
                ordinal < 0 ? null : (Integer) ordinal,
                row.integer("position"),
                row.address("node_id"),
                row.textOrNull("name"),
                row.integer("weight"),
                row.amount("storage_price_vote"),
                distance(row, "storage_price"),
                row.amount("write_price_vote"),
                distance(row, "write_price"),
                row.number("vote_checkpoint"),
                row.digestOrNull("vote_tx"));
    }

    private static String distance(Row row, String price) throws SQLException {
        return new BigInteger(row.amount(price + "_vote"))
                .subtract(new BigInteger(row.amount(price)))
                .toString();
    }

    /** The place of a vote in the list. */
    static List<String> key(PriceVote vote) {
        return List.of(
                Integer.toString(vote.txIndex()),
                vote.walrusOrdinal() == null ? "-1" : vote.walrusOrdinal().toString(),
                Integer.toString(vote.position()));
    }
}
