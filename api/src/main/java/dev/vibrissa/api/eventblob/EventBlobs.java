package dev.vibrissa.api.eventblob;

import dev.vibrissa.api.eventblob.EventBlobViews.AuditView;
import dev.vibrissa.api.eventblob.EventBlobViews.CandidateView;
import dev.vibrissa.api.eventblob.EventBlobViews.DifferenceView;
import dev.vibrissa.api.eventblob.EventBlobViews.ProgressView;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Reads what the verifier wrote down of event blobs, and what the chain says of them. */
public final class EventBlobs {
    private static final BigDecimal BEYOND_U64 = new BigDecimal(BigInteger.TWO.pow(64));

    private EventBlobs() {}

    /** Differs wherever an audit was added or made again; empty while there is none. */
    public static String state(Snapshot db) {
        return db.one(
                "select coalesce(count(*) || ' ' || max(audited_at), '') as state from event_blob_audit",
                row -> row.text("state"));
    }

    static String progressState(Snapshot db) {
        return db.one(
                "select coalesce(count(*) || ' ' || max(asked_at), 'none') as state from node_progress",
                row -> row.text("state"));
    }

    /** Those that end at or before the moment. */
    static List<AuditView> list(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                """
                select a.*, h.tx_digest from event_blob_audit a
                left join lateral (
                  select h.tx_digest from event_blob_head h where h.blob_id = a.blob_id and h.checkpoint <= ?
                  order by h.checkpoint limit 1) h on true
                where a.last_checkpoint <= ? and (- a.last_checkpoint, a.blob_id) > (?, ?)
                order by - a.last_checkpoint, a.blob_id
                limit ?
                """,
                row -> new AuditView(
                        row.blobId("blob_id"),
                        row.numberOrNull("first_checkpoint"),
                        row.number("last_checkpoint"),
                        row.blobIdOrNull("previous_blob_id"),
                        row.text("outcome"),
                        row.text("detail"),
                        row.numberOrNull("walrus_epoch"),
                        row.numberOrNull("first_index"),
                        row.numberOrNull("next_index"),
                        row.amountOrNull("bytes"),
                        row.numberOrNull("events"),
                        row.number("missing"),
                        row.number("altered"),
                        row.number("surplus"),
                        row.number("moved"),
                        row.numberOrNull("compared_from"),
                        row.digestOrNull("tx_digest"),
                        row.instant("audited_at")),
                moment.checkpoint(),
                moment.checkpoint(),
                page.after().isEmpty() ? Long.MIN_VALUE : -page.afterNumber(0, 0),
                page.afterBytes(1),
                page.fetch());
    }

    static List<DifferenceView> differences(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                """
                select * from event_blob_difference
                where checkpoint <= ? and (checkpoint, blob_id, number) > (?, ?, ?)
                order by checkpoint, blob_id, number
                limit ?
                """,
                row -> new DifferenceView(
                        row.blobId("blob_id"),
                        row.integer("number"),
                        row.text("what"),
                        row.number("checkpoint"),
                        row.numberOrNull("element_index"),
                        row.digest("tx_digest"),
                        row.integer("walrus_ordinal"),
                        row.textOrNull("theirs"),
                        row.textOrNull("ours")),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterBytes(1),
                page.afterNumber(2, -1),
                page.fetch());
    }

    /** Nodes are those whose capability was written in the transaction that gave weight, or completed the quorum. */
    static List<CandidateView> candidates(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                """
                select c.ending_checkpoint, c.blob_id, max(c.certified_at) as certified_at, max(c.weight) as weight,
                  coalesce(array_agg(distinct '0x' || encode(a.node_id, 'hex')) filter (where a.node_id is not null), '{}') as nodes
                from (
                  select ending_checkpoint, blob_id, checkpoint, tx_index, null::bigint as certified_at, weight
                  from event_blob_weight
                  union all
                  select ending_checkpoint, blob_id, checkpoint, tx_index, checkpoint, 0 from event_blob_head) c
                left join event_blob_attestation a on a.checkpoint = c.checkpoint and a.tx_index = c.tx_index
                where c.checkpoint <= ? and (- c.ending_checkpoint, c.blob_id) > (- ?::numeric, ?)
                group by c.ending_checkpoint, c.blob_id
                order by - c.ending_checkpoint, c.blob_id
                limit ?
                """,
                row -> new CandidateView(
                        row.amount("ending_checkpoint"),
                        row.blobId("blob_id"),
                        row.numberOrNull("certified_at"),
                        row.integer("weight"),
                        row.texts("nodes")),
                moment.checkpoint(),
                page.after().isEmpty() ? BEYOND_U64 : Input.amount("cursor", page.afterText(0)),
                page.afterBytes(1),
                page.fetch());
    }

    static List<ProgressView> progress(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                """
                select p.*, sn.name, p.our_next_index - p.persisted as elements_behind,
                  p.our_checkpoint - p.latest_checkpoint as checkpoints_behind
                from node_progress p
                %s
                where p.node_id > ? order by p.node_id limit ?
                """.formatted(NodeName.of("p.node_id")),
                row -> new ProgressView(
                        row.address("node_id"),
                        row.textOrNull("name"),
                        row.instant("asked_at"),
                        row.textOrNull("failure"),
                        row.numberOrNull("persisted"),
                        row.numberOrNull("our_next_index"),
                        row.numberOrNull("elements_behind"),
                        row.numberOrNull("latest_checkpoint"),
                        row.numberOrNull("checkpoints_behind")),
                moment.checkpoint(),
                page.afterBytes(0),
                page.fetch());
    }
}
