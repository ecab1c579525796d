insert into registration
select filled.id('t', tx), (n % 10)::integer, filled.checkpoint_of(tx), 3, registered, object_id, blob_id, filled.id('s', tx / 2 % 1000), owner,
  '0x' || encode(filled.id('p', 1), 'hex') || '::system', false, false, n % 3 = 0, bytes, bytes * 5, deletable
from filled.object where tx is not null;
