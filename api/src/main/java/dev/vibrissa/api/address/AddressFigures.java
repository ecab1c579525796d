package dev.vibrissa.api.address;

import dev.vibrissa.api.expiry.EndingHistory;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.stake.Delegations;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an address holds and paid, in figures. An address of which nothing is known has none. */
@Schema(name = "AddressFigures")
record AddressFigures(
        AsOf asOf,
        SuiAddress address,

        @Schema(description = "Blob objects that it holds itself, not expired and not deleted.", examples = "3")
        long blobs,

        @Schema(description = "Their unencoded bytes.", examples = "1510000")
        String bytes,

        @Schema(description = "Epoch at whose start the first of them ends; null if there is none.", examples = "9")
        @Nullable
        Long nextExpiry,

        @Schema(description = "FROST that it paid for storage.", examples = "4824000")
        String paid,

        @Schema(description = "FROST of it in the running epoch.", examples = "0")
        String paidThisEpoch,

        @Schema(description = "Positions of stake that it holds itself.", examples = "1")
        int positions,

        @Schema(description = "FROST.", examples = "800000000000000")
        String principal,

        @Schema(description = "FROST: principal and rewards at the rate of the epoch.", examples = "800028161114235")
        String stakeValue,

        @Schema(description = "FROST that its positions have earned and still hold.", examples = "28161114235")
        String rewards,

        @Schema(description = "FROST of rewards paid out with what it withdrew.", examples = "0")
        String rewardsPaid,

        @Nullable Quoted quoted,

        @Schema(description = "Where the details are, by name.")
        Map<String, String> links) {

    private record Blobs(long count, String bytes, @Nullable Long nextExpiry) {}

    static AddressFigures read(Snapshot db, Moment moment, SuiAddress address, Quotes quotes) {
        var blobs = blobs(db, moment, address);
        var thisEpoch = paidThisEpoch(db, moment, address);
        var paid = paidBefore(db, moment, address).add(thisEpoch);
        var stake = Delegations.by(db, moment, address);
        var rewards = new BigInteger(stake.value()).subtract(new BigInteger(stake.principal()));
        var amounts = new TreeMap<String, String>(Map.of(
                "paid", paid.toString(),
                "paidThisEpoch", thisEpoch.toString(),
                "principal", stake.principal(),
                "stakeValue", stake.value(),
                "rewards", rewards.toString(),
                "rewardsPaid", stake.rewardsPaid()));
        return new AddressFigures(
                moment.asOf(),
                address,
                blobs.count(),
                blobs.bytes(),
                blobs.nextExpiry(),
                paid.toString(),
                thisEpoch.toString(),
                stake.positions(),
                stake.principal(),
                stake.value(),
                rewards.toString(),
                stake.rewardsPaid(),
                quotes.at(moment.asOf().timestamp(), amounts),
                links(address));
    }

    private static Map<String, String> links(SuiAddress address) {
        var links = new TreeMap<String, String>();
        for (String name : List.of("blobs", "payments", "stakes", "statement")) {
            links.put(name, "/v1/addresses/%s/%s".formatted(address, name));
        }
        return links;
    }

    private static Blobs blobs(Snapshot db, Moment moment, SuiAddress owner) {
        Snapshot.RowReader<Blobs> reader =
                row -> new Blobs(row.number("blobs"), row.amount("bytes"), row.numberOrNull("next_expiry"));
        if (!moment.past()) {
            return db.one("""
                    select coalesce(sum(objects), 0)::bigint as blobs, coalesce(sum(bytes), 0) as bytes, min(end_epoch) as next_expiry
                    from ending_of_owner where owner = ? and owner_kind = 'address' and end_epoch > ? and objects > 0
                    """, reader, owner, moment.epoch());
        }
        EndingHistory.require(db, moment);
        return db.one(EndingHistory.END_EPOCHS + """
                        select coalesce(sum(was.objects), 0)::bigint as blobs, coalesce(sum(was.bytes), 0) as bytes,
                          min(e.epoch) as next_expiry
                        from end_epoch e
                        cross join lateral (
                          select h.objects, h.bytes from ending_of_owner_history h
                          where h.end_epoch = e.epoch and h.owner_kind = 'address' and h.owner = ? and h.checkpoint <= ?
                          order by h.checkpoint desc limit 1) was
                        where was.objects > 0
                        """, reader, moment.epoch(), owner, moment.checkpoint());
    }

    private static BigInteger paidBefore(Snapshot db, Moment moment, SuiAddress payer) {
        return db.one(
                "select coalesce(sum(amount), 0) as paid from payer_epoch"
                        + " where role = 'payer' and subject = ? and epoch < ?",
                row -> new BigInteger(row.amount("paid")),
                payer.toString(),
                moment.epoch());
    }

    /** Added up but for a past moment. */
    private static BigInteger paidThisEpoch(Snapshot db, Moment moment, SuiAddress payer) {
        return moment.past()
                ? db.one(
                        """
                        select coalesce(sum(p.amount), 0) as paid from payment p
                        where p.payer = ? and p.source = 'user' and p.epoch + 0 = ? -- not by the index on it
                          and p.checkpoint <= ?
                          and p.checkpoint >= coalesce((select start_checkpoint from epoch where epoch = ?), 0)
                        """,
                        row -> new BigInteger(row.amount("paid")),
                        payer,
                        moment.epoch(),
                        moment.checkpoint(),
                        moment.epoch())
                : db.one(
                        "select coalesce(sum(amount), 0) as paid from payer_epoch"
                                + " where role = 'payer' and subject = ? and epoch >= ?",
                        row -> new BigInteger(row.amount("paid")),
                        payer.toString(),
                        moment.epoch());
    }
}
