insert into transaction (digest, checkpoint, tx_index, sender, gas_owner, error, calls, effects_bcs, events_bcs, system_written, data_bcs)
select filled.id('t', tx), filled.checkpoint_of(tx), 3, filled.id('s', tx / 2 % 1000), filled.id('s', tx / 2 % 1000), null,
  case when tx % 2 = 0 then array['system::reserve_space', 'system::register_blob'] else array['system::certify_blob'] end,
  b.bytes, b.bytes, tx % 2 = 0, b.bytes
from generate_series(0, ${objects} / 20 - 1) tx
cross join lateral (
  select filled.id('x', tx) || filled.id('y', tx) || decode(repeat('5a', 500), 'hex') as bytes) b
union all
select filled.id('f', tx), filled.checkpoint_of(tx), 4, filled.id('s', tx % 1000), filled.id('s', tx % 1000),
  'MoveAbort in system::certify_blob', array['system::certify_blob'], '\x00', null, false, '\x00'
from generate_series(0, ${objects} / 20 - 1, 100) tx
union all
select filled.id('e', e), 300000000 + (e - 41) * (${objects} / 80), 0, filled.id('s', 1), filled.id('s', 1), null,
  array['staking::initiate_epoch_change'], '\x00', null, true, '\x00'
from generate_series(42, 44) e;
