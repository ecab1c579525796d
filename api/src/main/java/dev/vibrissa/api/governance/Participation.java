package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ReportQueries.Checkpoints;
import dev.vibrissa.api.governance.ReportView.Operator;
import dev.vibrissa.api.operator.RoundOutcome;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.util.List;

/** Reads how each operator took part. */
final class Participation {
    private Participation() {}

    static List<Operator> read(Snapshot db, Moment moment, Checkpoints range, long from, long to) {
        // Epochs are added up as they are indexed; the one that ran at a past moment is counted up to it.
        long counted = moment.past() ? moment.epoch() : -1;
        return db.list(
                """
                with member as (
                  select m.* from committee_member m join epoch e using (epoch)
                  where m.epoch between ? and ? and e.running_since <= ?),
                round as (
                  select m.node_id, p.kind,
                """ + RoundOutcome.SQL + """
                  as outcome
                  from (select ?::bigint as checkpoint, ?::bigint as epoch) now
                  cross join member m join proposal p on p.epoch = m.epoch and p.checkpoint <= now.checkpoint
                  left join proposal_vote b on b.kind = p.kind and b.subject = p.subject and b.round_checkpoint = p.checkpoint
                    and b.round_tx_index = p.tx_index and b.node_id = m.node_id and b.checkpoint <= now.checkpoint
                  where p.kind = 'upgrade' or p.subject <> m.node_id),
                voted as (
                  select node_id, count(*) filter (where kind = 'upgrade' and outcome = 'cast') as upgrade_cast,
                    count(*) filter (where kind = 'upgrade' and outcome = 'missed') as upgrade_missed,
                    count(*) filter (where kind = 'upgrade' and outcome = 'open') as upgrade_open,
                    count(*) filter (where kind = 'slashing' and outcome = 'cast') as slashing_cast,
                    count(*) filter (where kind = 'slashing' and outcome = 'missed') as slashing_missed,
                    count(*) filter (where kind = 'slashing' and outcome = 'open') as slashing_open
                  from round group by node_id),
                signed as (
                  select m.node_id, sum(p.certificates) as certificates, sum(coalesce(p.signed[m.position + 1], 0)) as signed
                  from member m join participation p using (epoch)
                  where m.epoch <> ?
                  group by m.node_id
                  union all
                  select m.node_id, count(*), count(*) filter (
                    where m.position < octet_length(c.signers_bitmap) * 8
                      and get_bit(c.signers_bitmap, m.position) = 1)
                  from member m join certificate c on c.walrus_epoch = m.epoch and c.checkpoint <= ? and c.message_type = 1
                  where m.epoch = ?
                  group by m.node_id),
                synced as (
                  select r.node_id, count(*) as reported,
                    avg(extract(epoch from r.received_at - e.started_at) * 1000)::bigint as delay
                  from shards_received r join epoch e using (epoch)
                  where r.epoch between ? and ? and r.checkpoint <= ? and r.node_id is not null
                  group by r.node_id),
                in_force as (
                  select storage_price, write_price from price where checkpoint <= ?
                  order by checkpoint desc, tx_index desc, walrus_ordinal desc limit 1),
                said as (
                  select distinct on (node_id) node_id, storage_price_vote, write_price_vote, node_capacity_vote, commission_rate
                  from pool_state where node_id in (select node_id from member) and checkpoint <= ?
                  order by node_id, checkpoint desc, tx_index desc),
                listed as (
                  select distinct on (node_id) node_id, deny_list_size
                  from operator_cap where node_id in (select node_id from member) and checkpoint <= ?
                  order by node_id, checkpoint desc, tx_index desc)
                select m.node_id, sn.name, count(*) as epochs, (array_agg(m.weight order by m.epoch desc))[1] as weight,
                  coalesce(max(v.upgrade_cast), 0) as upgrade_cast, coalesce(max(v.upgrade_missed), 0) as upgrade_missed,
                  coalesce(max(v.upgrade_open), 0) as upgrade_open, coalesce(max(v.slashing_open), 0) as slashing_open,
                  coalesce(max(v.slashing_cast), 0) as slashing_cast, coalesce(max(v.slashing_missed), 0) as slashing_missed,
                  coalesce(max(s.signed), 0) as signed, coalesce(max(s.certificates), 0) as certificates,
                  coalesce(max(r.reported), 0) as reported, max(r.delay) as delay,
                  max(p.storage_price_vote) as storage_price, max(p.storage_price_vote - f.storage_price) as storage_distance,
                  max(p.write_price_vote) as write_price, max(p.write_price_vote - f.write_price) as write_distance,
                  max(p.node_capacity_vote) as capacity, max(p.commission_rate) as commission_rate,
                  max(l.deny_list_size) as deny_list_size
                from member m
                """ + NodeName.of("m.node_id") + """
                left join voted v using (node_id)
                left join (
                  select node_id, sum(certificates) as certificates, sum(signed) as signed from signed group by node_id) s
                  using (node_id)
                left join synced r using (node_id)
                left join said p using (node_id)
                left join listed l using (node_id)
                left join in_force f on true
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
                        row.integer("upgrade_open"),
                        row.integer("slashing_cast"),
                        row.integer("slashing_missed"),
                        row.integer("slashing_open"),
                        row.integer("signed"),
                        row.integer("certificates"),
                        row.integer("reported"),
                        row.numberOrNull("delay"),
                        row.amountOrNull("storage_price"),
                        row.amountOrNull("storage_distance"),
                        row.amountOrNull("write_price"),
                        row.amountOrNull("write_distance"),
                        row.amountOrNull("capacity"),
                        row.integerOrNull("commission_rate"),
                        row.amountOrNull("deny_list_size")),
                from,
                to,
                range.last(),
                moment.checkpoint(),
                moment.epoch(),
                counted,
                range.last(),
                counted,
                from,
                to,
                range.last(),
                range.last(),
                range.last(),
                range.last(),
                moment.checkpoint());
    }
}
