package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ReportQueries.Checkpoints;
import dev.vibrissa.api.governance.ReportView.Entry;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.util.List;

/** Reads all that was decided, voted and announced, in the order in which it happened. */
final class Timeline {
    private Timeline() {}

    static List<Entry> read(Snapshot db, Moment moment, Checkpoints range) {
        return db.list("""
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
                  select ended_checkpoint, ended_tx_index, case ended_how when 'restarted' then 2 else 5 end, 0, ended_tx,
                    ended_at, kind || ' ' || ended_how,
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
                  from protocol_version where checkpoint between ? and ?
                  union all
                  select v.checkpoint, v.tx_index, 10, 0, v.tx_digest, c.checkpoint_at,
                    case v.what when 'storagePrice' then 'storage price vote' when 'writePrice' then 'write price vote'
                      else 'capacity vote' end, null, v.node_id, (
                      select m.weight from committee_member m
                      where m.node_id = v.node_id
                        and m.epoch = (select max(epoch) from epoch where running_since <= v.checkpoint)), null, v.value::text
                  from operator_vote v join checkpoint c on c.sequence_number = v.checkpoint
                  where v.checkpoint between ? and ?
                  union all
                  select v.checkpoint, v.tx_index, 11, 0, v.tx_digest, c.checkpoint_at, 'commission announced', null, v.node_id,
                    null, null, v.rate_before || ' ' || v.rate || ' ' || v.effective_epoch
                  from commission_change v join checkpoint c on c.sequence_number = v.checkpoint
                  where v.checkpoint between ? and ?) h
                """ + NodeName.of("h.node_id") + """
                order by h.checkpoint, h.tx_index, h.part, h.position, h.subject
                """, Timeline::entry, range.times(11, moment.checkpoint()));
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
}
