package dev.vibrissa.api.operator;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Reads what the chain shows of how an operator keeps its duties: reports, certificates, event blobs, deny list, votes. */
final class Duties {
    /** Its question marks are node, checkpoint, epoch; the first two are visible as {@code now}. */
    private static final String NOW =
            "with now as (select ?::bytea as node_id, ?::bigint as checkpoint, ?::bigint as epoch)";

    private static final String MEMBER = """
            , member as (
              select m.epoch, m.position, m.weight, e.running_since, e.started_at, e.done_at, e.done_checkpoint
              from now join committee_member m on m.node_id = now.node_id
              join epoch e on e.epoch = m.epoch and e.running_since <= now.checkpoint)
            """;

    /** Counted when they came; as of a checkpoint in the middle of an epoch, counted again. */
    private static final String PARTICIPATION = """
            left join lateral (
              select p.certificates, coalesce(p.signed[m.position + 1], 0) as signed
              from participation p where p.epoch = m.epoch and p.last_checkpoint <= now.checkpoint
              union all
              select count(*), coalesce(sum(
                case when m.position < 8 * octet_length(c.signers_bitmap) then get_bit(c.signers_bitmap, m.position::bigint) end), 0)
              from certificate c
              where c.walrus_epoch = m.epoch and c.checkpoint <= now.checkpoint and c.message_type = 1
                and exists (select from participation p where p.epoch = m.epoch and p.last_checkpoint > now.checkpoint)
              having count(*) > 0) p on true
            """;

    private final Snapshot db;
    private final Moment moment;
    private final SuiAddress node;

    Duties(Snapshot db, Moment moment, SuiAddress node) {
        this.db = db;
        this.moment = moment;
        this.node = node;
    }

    @Schema(name = "OperatorDuties")
    record Summary(
            @Schema(description = "Epochs begun in our history with it in the committee.", examples = "9")
            int epochs,

            @Schema(description = "Those in which it reported its shards ready.", examples = "8")
            int reported,

            @Schema(
                    description = "Half of its reports came within so many milliseconds of EpochChangeStart.",
                    examples = "124250")
            @Nullable
            Long medianDelayMillis,

            @Schema(
                    description = "Certificates of blobs by the running epoch's committee, if it is in it.",
                    examples = "14")
            long certificates,

            @Schema(
                    description = "Those that it signed. One that was not needed may not have been asked.",
                    examples = "12")
            long signed,

            @Schema(description = "Up to which Sui checkpoint it last attested to an event blob.", examples = "3100")
            @Nullable
            String attestedCheckpoint,

            @Schema(description = "How many checkpoints that is behind.", examples = "57") @Nullable
            String attestationLagCheckpoints,

            @Schema(description = "Bytes on its deny list.", examples = "0") @Nullable
            String denyListSize,

            Rounds rounds) {}

    @Schema(
            name = "VotingRounds",
            description =
                    "Rounds of votes on upgrades and slashing; under /votes it is said which, and what missed means.")
    record Rounds(
            @Schema(examples = "3") int cast,
            @Schema(examples = "1") int missed,
            @Schema(examples = "0") int open) {}

    Summary summary() {
        return db.one(
                NOW + MEMBER + """
                , report as (
                  select (extract(epoch from s.received_at - m.started_at) * 1000)::bigint as delay
                  from now cross join member m
                  join shards_received s on s.epoch = m.epoch and s.node_id = now.node_id and s.checkpoint <= now.checkpoint),
                round as (
                """ + CastVotes.ROUNDS + """
                )
                select (select count(*) from member) as epochs, (select count(*) from report) as reported,
                  (select percentile_disc(0.5) within group (order by delay) from report) as delay,
                  coalesce(p.certificates, 0) as certificates, coalesce(p.signed, 0) as signed,
                  c.attested_checkpoint, now.checkpoint - c.attested_checkpoint as lag, c.deny_list_size,
                  (select count(*) from round where outcome = 'cast') as votes_cast,
                  (select count(*) from round where outcome = 'missed') as votes_missed,
                  (select count(*) from round where outcome = 'open') as votes_open
                from now
                left join member m on m.epoch = now.epoch
                """ + PARTICIPATION + """
                left join lateral (
                  select * from operator_cap c where c.node_id = now.node_id and c.checkpoint <= now.checkpoint
                  order by c.checkpoint desc, c.tx_index desc limit 1) c on true
                """,
                row -> new Summary(
                        row.integer("epochs"),
                        row.integer("reported"),
                        row.numberOrNull("delay"),
                        row.number("certificates"),
                        row.number("signed"),
                        row.amountOrNull("attested_checkpoint"),
                        row.amountOrNull("lag"),
                        row.amountOrNull("deny_list_size"),
                        new Rounds(row.integer("votes_cast"), row.integer("votes_missed"), row.integer("votes_open"))),
                node,
                moment.checkpoint(),
                moment.epoch(),
                node,
                moment.checkpoint(),
                moment.epoch());
    }

    @Schema(name = "EpochDuties")
    record EpochDuties(
            @Schema(examples = "2") long epoch,

            @Schema(description = "Shards it had.", examples = "221")
            int weight,

            @Schema(description = "Its report that it has its shards; null if it made none.") @Nullable
            Ready ready,

            @Schema(
                    description = "Milliseconds from EpochChangeStart to EpochChangeDone, when nodes with enough shards"
                            + " had reported.",
                    examples = "124250")
            @Nullable
            Long quorumAfterMillis,

            @Schema(description = "Certificates of blobs by the committee of the epoch.", examples = "14")
            long certificates,

            @Schema(
                    description = "Those that it signed. One that was not needed may not have been asked.",
                    examples = "12")
            long signed,

            @Schema(description = "Event blobs that it attested to.", examples = "2")
            int attestations,

            @Schema(
                    description =
                            "Half of its attestations came within so many Sui checkpoints of the end of the event blob.",
                    examples = "24")
            @Nullable
            String medianLagCheckpoints,

            @Schema(description = "The latest one came so many after it.", examples = "57") @Nullable
            String greatestLagCheckpoints,

            @Schema(
                    description = "Votes for prices and capacity cast within the epoch; one stands until the next.",
                    examples = "1")
            int parameterVotes) {}

    @Schema(name = "ShardsReady")
    record Ready(
            @Schema(examples = "3102") long checkpoint,
            Digest tx,
            Instant timestamp,

            @Schema(
                    description = "After EpochChangeStart; null where that is older than our history.",
                    examples = "60250")
            @Nullable
            Long afterMillis,

            @Schema(description = "With this report nodes with enough shards had made theirs.")
            boolean completedQuorum) {}

    /** Epochs in which it was in the committee. */
    List<EpochDuties> epochs(PageRequest page) {
        return db.list(
                NOW + MEMBER + """
                select m.*, r.checkpoint, r.tx_digest, r.received_at, r.completed_quorum,
                  (extract(epoch from r.received_at - m.started_at) * 1000)::bigint as delay,
                  case when m.done_checkpoint <= now.checkpoint
                    then (extract(epoch from m.done_at - m.started_at) * 1000)::bigint end as quorum_delay,
                  coalesce(p.certificates, 0) as certificates, coalesce(p.signed, 0) as signed,
                  a.attestations, a.median_lag, a.greatest_lag, v.parameter_votes
                from now cross join member m
                left join lateral (
                  select * from shards_received s
                  where s.epoch = m.epoch and s.node_id = now.node_id and s.checkpoint <= now.checkpoint
                  order by s.checkpoint limit 1) r on true
                """ + PARTICIPATION + """
                cross join lateral (
                  select count(*) as attestations, max(a.checkpoint - a.attested_checkpoint) as greatest_lag,
                    percentile_disc(0.5) within group (order by a.checkpoint - a.attested_checkpoint) as median_lag
                  from event_blob_attestation a
                  where a.node_id = now.node_id and a.epoch = m.epoch and a.checkpoint <= now.checkpoint) a
                cross join lateral (
                  select count(*) as parameter_votes from operator_vote v
                  where v.node_id = now.node_id and v.checkpoint between m.running_since and least(now.checkpoint,
                    (select min(n.running_since) - 1 from epoch n where n.epoch > m.epoch))) v
                where m.epoch > ? order by m.epoch limit ?
                """,
                Duties::ofEpoch,
                node,
                moment.checkpoint(),
                moment.epoch(),
                page.afterNumber(0, -1),
                page.fetch());
    }

    private static EpochDuties ofEpoch(Row row) throws SQLException {
        return new EpochDuties(
                row.number("epoch"),
                row.integer("weight"),
                row.numberOrNull("checkpoint") == null
                        ? null
                        : new Ready(
                                row.number("checkpoint"),
                                row.digest("tx_digest"),
                                row.instant("received_at"),
                                row.numberOrNull("delay"),
                                row.bool("completed_quorum")),
                row.numberOrNull("quorum_delay"),
                row.number("certificates"),
                row.number("signed"),
                row.integer("attestations"),
                row.amountOrNull("median_lag"),
                row.amountOrNull("greatest_lag"),
                row.integer("parameter_votes"));
    }

    @Schema(name = "OperatorDenyList")
    record DenyListUpdate(
            @Schema(examples = "4062") long checkpoint,
            @Schema(examples = "0") int txIndex,

            @Schema(description = "Which of the transaction's Walrus events.", examples = "0")
            int walrusOrdinal,

            Digest tx,
            Instant timestamp,
            @Schema(examples = "1") long epoch,

            @Schema(description = "Only announced by the node: nothing changed.")
            boolean announced,

            @Schema(examples = "1") String sequence,

            @Schema(
                    description = "Encoded bytes on the list, which lower the node's rewards; null for announcements.",
                    examples = "5000000000")
            @Nullable
            String size,

            @Schema(description = "Root hash of the list, in hex.")
            String rootHex) {}

    List<DenyListUpdate> denyList(PageRequest page) {
        return db.list(
                """
                select * from deny_list_update
                where node_id = ? and checkpoint <= ? and (checkpoint, tx_index, walrus_ordinal) > (?, ?, ?)
                order by checkpoint, tx_index, walrus_ordinal limit ?
                """,
                row -> new DenyListUpdate(
                        row.number("checkpoint"),
                        row.integer("tx_index"),
                        row.integer("walrus_ordinal"),
                        row.digest("tx_digest"),
                        row.instant("updated_at"),
                        row.number("epoch"),
                        row.bool("announced"),
                        row.amount("sequence"),
                        row.amountOrNull("size"),
                        HexFormat.of().formatHex(row.bytes("root"))),
                node,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterNumber(2, -1),
                page.fetch());
    }
}
