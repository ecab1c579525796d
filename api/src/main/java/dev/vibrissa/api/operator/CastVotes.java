package dev.vibrissa.api.operator;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an operator voted for, and the rounds of votes that it let pass.
 *
 * <p>A round on an upgrade or a slashing counts votes of one Walrus epoch, by members of its committee. A member that
 * has not voted when the round or its epoch is over missed it; the candidate of a slashing is not expected to vote. A
 * vote on prices or capacity stands until the next one: it cannot be missed.
 */
final class CastVotes {
    static final List<String> KINDS = List.of("storagePrice", "writePrice", "nodeCapacity", "upgrade", "slashing");

    /** Rounds on which the node voted or could have. Its question marks are node, checkpoint, epoch. */
    static final String ROUNDS = """
            select p.kind, p.subject, p.epoch, p.checkpoint as begun_checkpoint, p.tx_index as begun_tx_index,
              p.tx_digest as begun_tx, b.checkpoint, b.tx_index, b.tx_digest, b.sender, b.weight, b.total_weight,
            """ + RoundOutcome.SQL + """
              as outcome
            from (select ?::bytea as node_id, ?::bigint as checkpoint, ?::bigint as epoch) now
            join proposal p on p.checkpoint <= now.checkpoint
            left join proposal_vote b on b.kind = p.kind and b.subject = p.subject and b.round_checkpoint = p.checkpoint
              and b.round_tx_index = p.tx_index and b.node_id = now.node_id and b.checkpoint <= now.checkpoint
            left join committee_member m on m.epoch = p.epoch and m.node_id = now.node_id
            where b.node_id is not null
              or m.node_id is not null and not (p.kind = 'slashing' and p.subject = now.node_id)
            """;

    private CastVotes() {}

    @Schema(name = "OperatorVote")
    record VoteView(
            @Schema(description = "Of the vote; where none was cast, of the round's beginning.", examples = "3102")
            long checkpoint,

            @Schema(examples = "0") int txIndex,
            Digest tx,

            @Schema(description = "Who sent the vote; null where none was cast, or before our history.") @Nullable
            SuiAddress sender,

            @Schema(
                    description = "What is voted on.",
                    enumeration = {"storagePrice", "writePrice", "nodeCapacity", "upgrade", "slashing"})
            String what,

            @Schema(
                    description = "missed: a member of the round's committee that did not vote before the round or its"
                            + " epoch was over; the candidate of a slashing is not expected to. The contracts know no"
                            + " vote against, so that a missed vote may be one. open: it can still vote.",
                    enumeration = {"cast", "missed", "open"})
            String outcome,

            @Schema(description = "Of a price in FROST, of capacity in bytes.", examples = "12345") @Nullable
            String value,

            @Schema(description = "Of an upgrade: digest of the package, hex.") @Nullable
            String packageDigest,

            @Schema(description = "Of a slashing: the node to be slashed.") @Nullable
            SuiAddress candidate,

            @Schema(description = "Of an upgrade or slashing: only votes of this Walrus epoch count.", examples = "3")
            @Nullable
            Long epoch,

            @Schema(description = "Shards that the vote counted for, where that can be told.", examples = "221")
            @Nullable
            Integer weight,

            @Schema(description = "Shards voting for it after the vote.", examples = "542") @Nullable
            Integer totalWeight) {}

    static List<VoteView> of(Snapshot db, Moment moment, SuiAddress node, Optional<String> what, PageRequest page) {
        return db.list(
                """
                select v.*, coalesce(v.voted_by, case when v.outcome = 'cast' and v.value is not null then t.sender end) as sender
                from (
                  select v.checkpoint, v.tx_index, v.what, ''::bytea as subject, v.tx_digest, 'cast' as outcome, v.value,
                    null::bytea as voted_by, null::bigint as epoch, null::integer as weight, null::integer as total_weight
                  from operator_vote v where v.node_id = ? and v.checkpoint <= ?
                  union all
                  select coalesce(r.checkpoint, r.begun_checkpoint), coalesce(r.tx_index, r.begun_tx_index), r.kind, r.subject,
                    coalesce(r.tx_digest, r.begun_tx), r.outcome, null, r.sender, r.epoch, r.weight, r.total_weight
                  from (
                """ + ROUNDS + """
                  ) r
                ) v
                join transaction t on t.digest = v.tx_digest
                where (v.checkpoint, v.tx_index, v.what, v.subject) > (?, ?, ?, ?) and v.what = coalesce(?, v.what)
                order by v.checkpoint, v.tx_index, v.what, v.subject limit ?
                """,
                CastVotes::vote,
                node,
                moment.checkpoint(),
                node,
                moment.checkpoint(),
                moment.epoch(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -2),
                page.afterText(2),
                page.afterBytes(3),
                what.orElse(null),
                page.fetch());
    }

    private static VoteView vote(Row row) throws SQLException {
        String what = row.text("what");
        return new VoteView(
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.digest("tx_digest"),
                row.addressOrNull("sender"),
                what,
                row.text("outcome"),
                row.amountOrNull("value"),
                what.equals("upgrade") ? HexFormat.of().formatHex(row.bytes("subject")) : null,
                what.equals("slashing") ? row.address("subject") : null,
                row.numberOrNull("epoch"),
                row.integerOrNull("weight"),
                row.integerOrNull("total_weight"));
    }

    /** The place of a vote in the list. */
    static List<String> key(VoteView vote) {
        String subject = vote.packageDigest() != null
                ? vote.packageDigest()
                : vote.candidate() != null ? PageRequest.hex(vote.candidate()) : "";
        return List.of(Long.toString(vote.checkpoint()), Integer.toString(vote.txIndex()), vote.what(), subject);
    }
}
