package dev.vibrissa.api.stake;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Reads who has stake with a node. */
public final class Delegations {
    private Delegations() {}

    /** All stake of one holder with one node. */
    @Schema(name = "Delegator")
    public record Delegator(
            @Schema(
                    description = "The address; or the object that the stake is inside of; or the stake itself where"
                            + " neither is known.")
            SuiAddress holder,

            @Schema(enumeration = {"address", "object"}) String kind,

            @Schema(examples = "2") int positions,

            @Schema(description = "FROST.", examples = "800000000000000")
            String principal,

            @Schema(description = "FROST.", examples = "800028161114235")
            String value,

            @Schema(description = "Where one of the positions last changed.", examples = "3002")
            long checkpoint,

            @Schema(description = "Of that change; null where a snapshot reported it.") @Nullable
            Digest tx) {}

    /**
     * All stake of an address.
     *
     * @param rewardsPaid paid out with what it withdrew
     */
    public record Held(int positions, String principal, String value, String rewardsPaid) {}

    /** What an address holds itself. */
    public static Held by(Snapshot db, Moment moment, SuiAddress owner) {
        return db.one(
                "select count(*) as positions, coalesce(sum(principal), 0) as principal, coalesce(sum(value), 0) as value,"
                        + " (select coalesce(sum(o.rewards), 0) from stake_operation o where o.owner_before = ?"
                        + " and o.kind = 'withdraw' and o.checkpoint <= ?) as rewards_paid from ("
                        + Stakes.VALUED + "and p.owner = ?) s",
                row -> new Held(
                        row.integer("positions"),
                        row.amount("principal"),
                        row.amount("value"),
                        row.amount("rewards_paid")),
                owner,
                moment.checkpoint(),
                moment.epoch(),
                moment.epoch(),
                moment.epoch(),
                moment.checkpoint(),
                moment.checkpoint(),
                owner);
    }

    /** Holders by id. A pool may have very many: only positions of those on the page are valued. */
    public static List<Delegator> of(Snapshot db, Moment moment, SuiAddress node, PageRequest page) {
        return db.list(
                """
                with page as materialized (
                  select distinct coalesce(p.owner, p.held_inside, p.object_id) as held_by
                  from stake_position p
                  where p.node_id = ? and p.holder <> 'gone' and coalesce(p.owner, p.held_inside, p.object_id) > ?
                    and p.checkpoint <= ? and (p.replaced_checkpoint is null or p.replaced_checkpoint > ?)
                  order by 1 limit ?)
                select coalesce(owner, held_inside, object_id) as held_by, owner is not null as by_address,
                  count(*) as positions, sum(principal) as principal, sum(value) as value, max(checkpoint) as checkpoint,
                  (array_agg(tx_digest order by checkpoint desc, tx_index desc))[1] as tx_digest
                from (
                """ + Stakes.VALUED + """
                  and p.node_id = ? and coalesce(p.owner, p.held_inside, p.object_id) in (select held_by from page)) s
                group by 1, 2 order by 1
                """,
                row -> new Delegator(
                        row.address("held_by"),
                        row.bool("by_address") ? "address" : "object",
                        row.integer("positions"),
                        row.amount("principal"),
                        row.amount("value"),
                        row.number("checkpoint"),
                        row.digestOrNull("tx_digest")),
                node,
                page.afterBytes(0),
                moment.checkpoint(),
                moment.checkpoint(),
                page.fetch(),
                moment.epoch(),
                moment.epoch(),
                moment.epoch(),
                moment.checkpoint(),
                moment.checkpoint(),
                node);
    }
}
