insert into event
select filled.id('t', tx), (n % 10)::integer, (n % 10)::integer, filled.checkpoint_of(tx), 3, 'BlobRegistered', true, filled.id('p', 1),
  '0x' || encode(filled.id('p', 1), 'hex') || '::system', blob_id, object_id, null::bytea,
  filled.u32(registered) || blob_id || u64 || '\x01'::bytea || filled.u32(ending)
    || case when deletable then '\x01'::bytea else '\x00' end || object_id
from filled.object where tx is not null
union all
select filled.id('t', tx + 1), (n % 10)::integer, (n % 10)::integer, filled.checkpoint_of(tx + 1), 3, 'BlobCertified', true, filled.id('p', 1),
  '0x' || encode(filled.id('p', 1), 'hex') || '::system', blob_id, object_id, null::bytea,
  filled.u32(filled.epoch_of(tx + 1)) || blob_id || filled.u32(ending) || case when deletable then '\x01'::bytea else '\x00' end
    || object_id || '\x00'::bytea
from filled.object where tx is not null and certified
union all
select filled.id('t', deletion), (10 + n % 10)::integer, (10 + n % 10)::integer, filled.checkpoint_of(deletion), 3, 'BlobDeleted', true, filled.id('p', 1),
  '0x' || encode(filled.id('p', 1), 'hex') || '::system', blob_id, object_id, null::bytea,
  filled.u32(filled.epoch_of(deletion)) || blob_id || filled.u32(ending) || object_id
    || case when certified then '\x01'::bytea else '\x00' end
from filled.object where deletion is not null;
