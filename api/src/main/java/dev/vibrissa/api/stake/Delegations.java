package dev.vibrissa.api.stake;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

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
            String value) {}

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

    /** Holders by id. */
    public static List<Delegator> of(Snapshot db, Moment moment, SuiAddress node, PageRequest page) {
        return db.list(
                "select coalesce(owner, held_inside, object_id) as held_by, owner is not null as by_address,"
                        + " count(*) as positions, sum(principal) as principal, sum(value) as value from ("
                        + Stakes.VALUED
                        + """
                        and p.node_id = ?) s
                        where coalesce(owner, held_inside, object_id) > ? group by 1, 2 order by 1 limit ?
                        """,
                row -> new Delegator(
                        row.address("held_by"),
                        row.bool("by_address") ? "address" : "object",
                        row.integer("positions"),
                        row.amount("principal"),
                        row.amount("value")),
                moment.epoch(),
                moment.epoch(),
                moment.epoch(),
                moment.checkpoint(),
                moment.checkpoint(),
                node,
                page.afterBytes(0),
                page.fetch());
    }
}
