-- What every other file draws from: one row per Blob object. ${objects} is their number, a multiple of 80.
create schema filled;

-- A number from 0 to 1 that looks drawn; dev.vibrissa.benchmarks.FilledObject knows the same.
create function filled.draw(n bigint, salt bigint) returns float8 language sql immutable as $$
  select ((((n * 48271 + salt) % 2147483647) * ((n * 48271 + salt) % 2147483647) + salt) % 2147483647) / 2147483647::float8
$$;
create function filled.id(kind text, n bigint) returns bytea language sql immutable as $$
  select sha256(kind::bytea || int8send(n))
$$;
-- An epoch as BCS has it; none is beyond 255.
create function filled.u32(n integer) returns bytea language sql immutable as $$
  select decode(lpad(to_hex(n), 2, '0'), 'hex') || '\x000000'::bytea
$$;
create function filled.epoch_of(tx bigint) returns integer language sql immutable as $$
  select (41 + tx * 4 / (${objects} / 20))::integer
$$;
create function filled.checkpoint_of(tx bigint) returns bigint language sql immutable as $$
  select 300000001 + tx
$$;

-- From 1 kB to 1 GB, as many in each decade.
create unlogged table filled.size as
  select k::integer, bytes, (
    select string_agg(substr(int8send(bytes), 9 - place, 1), ''::bytea order by place) from generate_series(1, 8) place) as u64
  from (select k, (1000 * power(10, 6 * k / 1000.0))::bigint as bytes from generate_series(0, 999) k) each;
create unique index on filled.size (k);

-- Three quarters were there before the first checkpoint; of the rest ten are registered by each other transaction and
-- certified by the one after. Every twentieth has the blob id of the one before it. Few own many: the share of the
-- greatest falls with the third root of how many there are.
create unlogged table filled.object as
select n, filled.id('o', n) as object_id, filled.id('b', m) as blob_id,
  filled.id('a', floor(${objects} / 200 * filled.draw(n, 3) * filled.draw(n, 3) * filled.draw(n, 3))::bigint) as owner,
  tx, registered, least(registered + 1 + floor(52 * filled.draw(m, 5) * filled.draw(m, 5))::integer, 200) as ending,
  s.bytes, s.u64, filled.draw(m, 7) < 0.6 as deletable, filled.draw(m, 11) < 0.95 as certified,
  case when n % 20 = 7 and filled.draw(m, 7) < 0.6 and tx + 2001 < ${objects} / 20
      and filled.epoch_of(tx + 2001) <= registered + floor(52 * filled.draw(m, 5) * filled.draw(m, 5)) then tx + 2001 end as deletion,
  n % 5000 = 11 as burned
from (
  select n, m, tx, coalesce(filled.epoch_of(tx), 1 + floor(40 * sqrt(filled.draw(m, 13)))::integer) as registered
  from (
    select n, n - (n % 20 = 19)::integer as m,
      case when n >= ${objects} / 4 * 3 then (n - ${objects} / 4 * 3) / 10 * 2 end as tx
    from generate_series(0, ${objects} - 1) n) numbered) each
join filled.size s on s.k = floor(1000 * filled.draw(m, 17))::integer;
analyze filled.object;

insert into network (name, label, chain_evidence, snapshot_checkpoint) values ('custom', 'filled to be measured', 'asserted', 300000000);
insert into source (kind, location) values ('grpc', 'grpc://127.0.0.1:1');
insert into walrus_package (package_id, version) values (filled.id('p', 1), 1);
insert into checkpoint
  select 300000001 + n, filled.id('c', n), 1000 + n * 60 / (${objects} / 20),
    timestamptz '2026-09-01 00:00:00Z' + n * interval '56 days' / (${objects} / 20), 7, 0, 10, 'certificate', 1
  from generate_series(-1, ${objects} / 20 - 1) n;
insert into epoch (epoch, running_since, start_checkpoint, start_tx_index, start_ordinal, start_tx, started_at, n_shards,
    storage_price, write_price, total_capacity, used_capacity)
  select e, 300000000 + (e - 41) * (${objects} / 80), case when e > 41 then 300000000 + (e - 41) * (${objects} / 80) end, 0, 0,
    filled.id('e', e), timestamptz '2026-09-01 00:00:00Z' + (e - 41) * interval '14 days', 1000, 11000, 20000, 4e15, 1e15
  from generate_series(41, 44) e;
insert into watermark (pipeline, first_checkpoint, last_checkpoint, last_digest)
  select pipeline, 300000001, 300000000 + ${objects} / 20, filled.id('c', ${objects} / 20 - 1)
  from unnest(array['facts', 'blob', 'epoch', 'totals', 'adoption', 'governance', 'money', 'stake']) pipeline;
update totals set transactions = ${objects} / 20, failed = ${objects} / 2000, walrus_events = ${objects} / 2;
insert into event_total values ('BlobRegistered', true, ${objects} / 4), ('BlobCertified', true, ${objects} / 4);
