insert into blob_object (object_id, blob_id, kind, deletable, size, encoding_type, origin, registered_epoch, registered_checkpoint,
  registered_tx, certified_epoch, certified_checkpoint, certified_tx, end_epoch, deleted_epoch, deleted_checkpoint, deleted_tx,
  event_blob, owner_kind, owner, gone_how)
select object_id, blob_id, 'own', deletable, bytes, 1, case when tx is null then 'observed' else 'registered' end, registered,
  filled.checkpoint_of(tx), filled.id('t', tx),
  case when not certified then null when tx is null then registered else filled.epoch_of(tx + 1) end,
  case when certified then filled.checkpoint_of(tx + 1) end, case when certified then filled.id('t', tx + 1) end,
  ending, filled.epoch_of(deletion), filled.checkpoint_of(deletion), filled.id('t', deletion), false,
  case when deletion is not null or burned then 'gone' else 'address' end, case when deletion is null and not burned then owner end,
  case when deletion is not null then 'deleted' when burned then 'burned' end
from filled.object;
