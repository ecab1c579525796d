insert into payment
select filled.checkpoint_of(tx), 3, w.ordinal, filled.id('t', tx), filled.id('s', tx / 2 % 1000), filled.id('s', tx / 2 % 1000), 'address',
  filled.id('s', tx / 2 % 1000), 'user', case w.ordinal when 0 then 'reserve_space' else 'write' end, filled.epoch_of(tx), filled.epoch_of(tx),
  filled.epoch_of(tx) + w.epochs, w.amount, w.amount * w.epochs, 50000000000, 47684, null, null
from generate_series(0, ${objects} / 20 - 1, 2) tx
cross join lateral (
  select 0 as ordinal, 1 + floor(52 * filled.draw(tx, 5) * filled.draw(tx, 5))::integer as epochs, 524524000::bigint as amount
  union all select 1, 1, 953680000) w;
