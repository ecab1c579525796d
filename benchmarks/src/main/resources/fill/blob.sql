insert into blob (blob_id, size, encoding_type, first_checkpoint, last_checkpoint, objects, registered_until, certified_until, held_until,
  deleted_epoch, deletable, permanent, invalid_checkpoint, deny_listed, quilt)
select blob_id, bytes, 1, coalesce(filled.checkpoint_of(tx), 300000001),
  coalesce(filled.checkpoint_of(deletion), filled.checkpoint_of(tx + certified::integer), 300000001),
  1 + (n % 20 = 18)::integer, case when deletion is null then ending else 0 end,
  case when deletion is null and certified then ending else 0 end, case when deletion is null and not burned then ending else 0 end,
  filled.epoch_of(deletion), deletion is null and deletable, not deletable, case when n % 50000 = 13 then 300000001 end, false, n % 40 = 3
from filled.object where n % 20 <> 19;
