insert into object_change (object_id, version, change, checkpoint, tx_index, type, owner_kind, owner, blob_id, object_bcs)
select object_id, c.version, c.change, c.checkpoint, c.tx_index, 'blob::Blob', case when c.change = 'deleted' then 'none' else 'address' end,
  case when c.change = 'deleted' then null else owner end, blob_id,
  case when c.change = 'deleted' then null else
    '\x${blobObject}'::bytea || substr(int8send(c.version), 8, 1) || substr(int8send(c.version), 7, 1) || substr(int8send(c.version), 6, 1)
      || substr(int8send(c.version), 5, 1) || '\x00000000'::bytea
      || case when c.certified then '\x8301'::bytea else '\x7f' end
      || object_id || filled.u32(registered) || blob_id || u64 || '\x01'::bytea
      || case when c.certified then '\x01'::bytea || filled.u32(registered) else '\x00' end
      || object_id || filled.u32(registered) || filled.u32(ending) || u64 || case when deletable then '\x01'::bytea else '\x00' end
      || '\x00'::bytea || owner || '\x20'::bytea || c.tx_digest || '\x0000000000000000'::bytea end
from filled.object
cross join lateral (
  select 1000000 + n % 1000 as version, 'observed' as change, 300000001::bigint as checkpoint, -1 as tx_index, certified,
    filled.id('e', 41) as tx_digest where tx is null
  union all
  select 2000000 + tx, 'created', filled.checkpoint_of(tx), 3, false, filled.id('t', tx) where tx is not null
  union all
  select 2000001 + tx, 'mutated', filled.checkpoint_of(tx + 1), 3, true, filled.id('t', tx + 1) where tx is not null and certified
  union all
  select 2000000 + deletion, 'deleted', filled.checkpoint_of(deletion), 3, certified, filled.id('t', deletion) where deletion is not null) c;
