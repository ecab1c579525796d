package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ReportView.Entry;
import dev.vibrissa.api.governance.ReportView.Operator;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.util.List;

/** Reads what happened in a range of epochs. */
final class ReportQueries {
    /** An epoch is a few dozen transactions of governance; a report is for people. */
    static final int MOST_EPOCHS = 100;

    private ReportQueries() {}

    private record Checkpoints(long first, long last) {}

    /**
     * @throws ProblemException 400 for a range that is empty or too long; 404 if it is not indexed
     */
    static ReportView read(Snapshot db, Moment moment, long from, long to) {
        if (from > to || to - from >= MOST_EPOCHS) {
            throw ProblemException.badInput(
                    "from", "from %d to %d is no range of 1 to %d epochs".formatted(from, to, MOST_EPOCHS));
        }
        if (to > moment.epoch()) {
            throw ProblemException.notIndexed("Walrus epoch %d is not indexed: at checkpoint %d, epoch %d runs"
                    .formatted(to, moment.checkpoint(), moment.epoch()));
        }
        var range = checkpoints(db, moment, from, to);
        return new ReportView(moment.asOf(), from, to, timeline(db, range), operators(db, range, from, to));
    }

    private static Checkpoints checkpoints(Snapshot db, Moment moment, long from, long to) {
        return db.one(
                """
                select coalesce((select coalesce(start_checkpoint, running_since) from epoch where epoch = ?), 0) as first,
                  coalesce((select start_checkpoint - 1 from epoch where epoch = ? and start_checkpoint <= ?), ?) as last
                """,
                row -> new Checkpoints(row.number("first"), row.number("last")),
                from,
                to + 1,
                moment.checkpoint(),
                moment.checkpoint());
    }

    private static List<Entry> timeline(Snapshot db, Checkpoints range) {
        return db.list(
                """
                select h.*, sn.name
                from (
                  select start_checkpoint as checkpoint, start_tx_index as tx_index, 0 as part, 0 as position, start_tx as tx,
                    started_at as at, 'epoch started' as what, null as subject, null::bytea as node_id,
                    null::integer as weight, null::integer as total_weight, epoch::text as value
                  from epoch where start_checkpoint between ? and ?
                  union all
                  select p.checkpoint, p.tx_index, 1, p.walrus_ordinal, p.tx_digest, c.checkpoint_at, 'prices', null, null, null,
                    null, p.storage_price || ' ' || p.write_price
                  from price p join checkpoint c on c.sequence_number = p.checkpoint where p.checkpoint between ? and ?
                  union all
                  select checkpoint, tx_index, 3, 0, tx_digest, begun_at, kind || ' proposed', encode(subject, 'hex'), null, null,
                    null, target_version::text
                  from proposal where checkpoint between ? and ?
                  union all
                  select v.checkpoint, v.tx_index, 4, v.position, v.tx_digest, v.voted_at, v.kind || ' vote',
                    encode(v.subject, 'hex'), v.node_id, coalesce(v.weight, m.weight), v.total_weight, null
                  from proposal_vote v
                  join proposal p on p.kind = v.kind and p.subject = v.subject and p.checkpoint = v.round_checkpoint
                    and p.tx_index = v.round_tx_index
                  left join committee_member m on m.epoch = p.epoch and m.node_id = v.node_id
                  where v.checkpoint between ? and ?
                  union all
                  select ended_checkpoint, ended_tx_index, case ended_how when 'restarted' then 2 else 5 end, 0, ended_tx, ended_at, kind || ' ' || ended_how,
                    encode(subject, 'hex'), null, null, null, burned::text
                  from proposal where ended_checkpoint between ? and ?
                  union all
                  select checkpoint, tx_index, 6, 0, tx_digest, committed_at, 'package committed', encode(package_id, 'hex'), null,
                    null, null, version::text
                  from contract_upgrade where checkpoint between ? and ?
                  union all
                  select checkpoint, tx_index, 7, 0, tx_digest, changed_at, 'contract migrated', encode(package_id, 'hex'), null,
                    null, null, version::text
                  from contract_state where migrated and checkpoint between ? and ?
                  union all
                  select checkpoint, tx_index, 8, walrus_ordinal, tx_digest, updated_at, 'deny list', null, node_id, null, null,
                    size::text
                  from deny_list_update where not announced and checkpoint between ? and ?
                  union all
                  select checkpoint, tx_index, 9, walrus_ordinal, tx_digest, updated_at, 'protocol version', null, null, null, null,
                    version::text
                  from protocol_version where checkpoint between ? and ?) h
                left join storage_node sn using (node_id)
                order by h.checkpoint, h.tx_index, h.part, h.position, h.subject
                """,
                ReportQueries::entry,
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last(),
                range.first(),
                range.last());
    }

    private static Entry entry(Row row) throws SQLException {
        return new Entry(
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.digestOrNull("tx"),
                row.instant("at"),
                row.text("what"),
                row.textOrNull("subject"),
                row.addressOrNull("node_id"),
                row.textOrNull("name"),
                row.integerOrNull("weight"),
                row.integerOrNull("total_weight"),
                row.textOrNull("value"));
    }

    private static List<Operator> operators(Snapshot db, Checkpoints range, long from, long to) {
        return db.list(
                """
                with member as (
                  select m.* from committee_member m join epoch e using (epoch)
                  where m.epoch between ? and ? and e.running_since <= ?),
                round as (
                  select m.node_id, p.kind, exists (
                      select from proposal_vote v where v.kind = p.kind and v.subject = p.subject
                        and v.round_checkpoint = p.checkpoint and v.round_tx_index = p.tx_index
                        and v.node_id = m.node_id and v.checkpoint <= ?) as cast
                  from member m join proposal p on p.epoch = m.epoch and p.checkpoint <= ?
                  where p.kind = 'upgrade' or p.subject <> m.node_id),
                voted as (
                  select node_id, count(*) filter (where kind = 'upgrade' and round.cast) as upgrade_cast,
                    count(*) filter (where kind = 'upgrade' and not round.cast) as upgrade_missed,
                    count(*) filter (where kind = 'slashing' and round.cast) as slashing_cast,
                    count(*) filter (where kind = 'slashing' and not round.cast) as slashing_missed
                  from round group by node_id),
                signed as (
                  select m.node_id, count(*) as certificates, count(*) filter (
                    where m.position < octet_length(c.signers_bitmap) * 8
                      and get_bit(c.signers_bitmap, m.position) = 1) as signed
                  from member m join certificate c on c.walrus_epoch = m.epoch and c.checkpoint <= ?
                  group by m.node_id),
                synced as (
                  select r.node_id, count(*) as reported,
                    avg(extract(epoch from r.received_at - e.started_at) * 1000)::bigint as delay
                  from shards_received r join epoch e using (epoch)
                  where r.epoch between ? and ? and r.checkpoint <= ? and r.node_id is not null
                  group by r.node_id)
                select m.node_id, sn.name, count(*) as epochs, (array_agg(m.weight order by m.epoch desc))[1] as weight,
                  coalesce(max(v.upgrade_cast), 0) as upgrade_cast, coalesce(max(v.upgrade_missed), 0) as upgrade_missed,
                  coalesce(max(v.slashing_cast), 0) as slashing_cast, coalesce(max(v.slashing_missed), 0) as slashing_missed,
                  coalesce(max(s.signed), 0) as signed, coalesce(max(s.certificates), 0) as certificates,
                  coalesce(max(r.reported), 0) as reported, max(r.delay) as delay
                from member m
                left join storage_node sn using (node_id)
                left join voted v using (node_id)
                left join signed s using (node_id)
                left join synced r using (node_id)
                group by m.node_id, sn.name
                order by weight desc, m.node_id
                """,
                row -> new Operator(
                        row.address("node_id"),
                        row.textOrNull("name"),
                        row.integer("epochs"),
                        row.integer("weight"),
                        row.integer("upgrade_cast"),
                        row.integer("upgrade_missed"),
                        row.integer("slashing_cast"),
                        row.integer("slashing_missed"),
                        row.integer("signed"),
                        row.integer("certificates"),
                        row.integer("reported"),
                        row.numberOrNull("delay")),
                from,
                to,
                range.last(),
                range.last(),
                range.last(),
                range.last(),
                from,
                to,
                range.last());
    }
}
