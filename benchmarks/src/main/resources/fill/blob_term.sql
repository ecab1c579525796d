insert into blob_term
select object_id, coalesce(filled.checkpoint_of(tx), 300000001), case when tx is null then -1 else 3 end,
  case when tx is null then -1 else n % 10 end, coalesce(filled.id('t', tx), filled.id('e', 41)), ending,
  case when tx is null then 'observed' else 'registered' end
from filled.object;
