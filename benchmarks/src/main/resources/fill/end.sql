insert into inflow
  select filled.checkpoint_of(tx), 3, filled.id('t', tx), filled.id('s', tx / 2 % 1000), filled.id('s', tx / 2 % 1000), filled.epoch_of(tx),
    1478204000, 0, 0, 0
  from generate_series(0, ${objects} / 20 - 1, 2) tx;
insert into ring_change
  select filled.checkpoint_of(tx), 3, filled.epoch_of(tx), filled.epoch_of(tx) + 1 + floor(52 * filled.draw(tx, 5) * filled.draw(tx, 5))::integer,
    524524000, 50000000000
  from generate_series(0, ${objects} / 20 - 1, 2) tx;
insert into system_state
  select filled.checkpoint_of(tx), 3, filled.id('t', tx), filled.epoch_of(tx), 1000, 4e15, 1e15 + tx, 11000, 20000
  from generate_series(0, ${objects} / 20 - 1, 2) tx;
insert into wal_change
  select filled.checkpoint_of(tx), 3, filled.id('s', tx / 2 % 1000), filled.id('t', tx), -1478204000
  from generate_series(0, ${objects} / 20 - 1, 2) tx;
insert into ring_snapshot select 300000000 + (e - 41) * (${objects} / 80), 0, ahead, 1e15, 5e12
  from generate_series(41, 44) e, generate_series(e, e + 52) ahead;
insert into account select ahead, 1e15, 5e12 from generate_series(44, 96) ahead;
insert into revenue
  select e, ahead, what, date '2026-09-01' + (e - 41) * 14 + day, 12345678900, 50000000000000
  from generate_series(41, 44) e, generate_series(e, e + 52) ahead, generate_series(0, 13) day,
    unnest(array['reserve_space', 'write']) what
  where what = 'reserve_space' or ahead = e;
insert into payer_epoch
  select 'payer', '0x' || encode(payer, 'hex'), epoch, count(*), sum(amount) from payment group by payer, epoch;
insert into payer
  select role, subject, min(epoch), sum(count), sum(amount) from payer_epoch group by role, subject;
insert into payer_count
  select epoch, role, count(*), count(*) filter (where epoch = 41), sum(count), sum(amount) from payer_epoch group by epoch, role;
insert into adoption
  select epoch, count(*), sum(size), sum(encoded_size), count(*) filter (where deletable), sum(size) filter (where deletable), 0, 0,
    count(*) filter (where relayed), 0, 0
  from registration group by epoch;
insert into adopter_epoch
  select role, '0x' || encode(subject, 'hex'), epoch, count(*), sum(size)
  from registration cross join lateral (values ('publisher', publisher), ('owner', owner)) each (role, subject)
  group by role, subject, epoch;
insert into adopter select role, subject, min(epoch), sum(count), sum(amount) from adopter_epoch group by role, subject;
insert into adopter_count
  select e.epoch, role, count(*), count(*) filter (where a.first_epoch = e.epoch), sum(e.count), sum(e.amount)
  from adopter_epoch e join adopter a using (role, subject) group by e.epoch, role;
insert into ending
  select end_epoch, count(*), sum(size) from blob_object where deleted_checkpoint is null group by end_epoch;
insert into ending_of_owner
  select end_epoch, owner_kind, coalesce(owner, ''), count(*), sum(size) from blob_object where deleted_checkpoint is null
  group by end_epoch, owner_kind, owner;
create unlogged table filled.counted as
  select ending, case when burned then 'gone' else 'address' end as owner_kind, case when burned then '' else owner end as owner,
    coalesce(filled.checkpoint_of(tx), 300000001) as checkpoint, 1 as objects, bytes from filled.object
  union all
  select ending, case when burned then 'gone' else 'address' end, case when burned then '' else owner end,
    filled.checkpoint_of(deletion), -1, -bytes from filled.object where deletion is not null;
insert into ending_history
  select ending, checkpoint, sum(sum(objects)) over so_far, sum(sum(bytes)) over so_far from filled.counted
  group by ending, checkpoint window so_far as (partition by ending order by checkpoint);
insert into ending_of_owner_history
  select ending, owner_kind, owner, checkpoint, sum(sum(objects)) over so_far, sum(sum(bytes)) over so_far from filled.counted
  group by ending, owner_kind, owner, checkpoint window so_far as (partition by ending, owner_kind, owner order by checkpoint);
insert into ending_day select min(sequence_number), (checkpoint_at at time zone 'UTC')::date from checkpoint group by 2;
insert into ending_largest
  select d.checkpoint, each.* from ending_day d
  cross join (
    select end_epoch, owner_kind, owner from (
      select *, row_number() over (partition by end_epoch order by bytes desc) as place from ending_of_owner) o
    where place <= 50 and end_epoch > 40) each;
drop schema filled cascade;
