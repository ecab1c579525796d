-- What no event tells. First the facts: what was asked for, and what became of money.

-- The transaction itself, with its commands and inputs. Null in rows stored before this column was: projections cannot
-- be folded again from them.
alter table transaction add column data_bcs bytea;

-- What a transaction made of the System's inner state. The state itself is 10 to 20 kB, written by nearly every
-- purchase, and kept only where an epoch turns; the difference is all that money needs. Prices are FROST per MiB,
-- capacities encoded bytes; a price or capacity may be 2^64 - 1.
create table system_change (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  storage_price_before numeric(20) not null,  -- as the transaction found it
  write_price_before   numeric(20) not null,
  epoch            bigint      not null,      -- from here on as the transaction left it
  n_shards         integer     not null,
  total_capacity   numeric(20) not null,
  used_capacity    numeric(20) not null,
  storage_price    numeric(20) not null,
  write_price      numeric(20) not null,
  primary key (checkpoint, tx_index)
);

-- What it added to the accounts of epochs: neighbouring epochs with the same differences are one row, as a purchase
-- adds the same to each. Where an epoch turns, the account of the one that ended goes, and with it what was in it.
create table ring_change (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  first_epoch      bigint      not null,
  end_epoch        bigint      not null,  -- exclusive
  rewards_delta    bigint      not null,  -- FROST for each epoch; below the supply of 5·10^18
  used_delta       bigint      not null,  -- encoded bytes in each epoch
  primary key (checkpoint, tx_index, first_epoch),
  check (first_epoch < end_epoch)
);

-- How much WAL each address had more or less after a transaction than before, in coins of its own and in its address
-- balance. Of all transactions, those that have nothing else to do with Walrus included: people pay from somewhere.
create table wal_change (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  address          bytea       not null check (octet_length(address) = 32),
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  amount           bigint      not null check (amount <> 0),  -- FROST
  primary key (checkpoint, tx_index, address)
);
create index wal_change_by_address on wal_change (address, checkpoint, tx_index);

create or replace view answered.transaction as
  select * from transaction where checkpoint >= (select since.checkpoint from answered.since);
create view answered.system_change as
  select * from system_change where checkpoint >= (select since.checkpoint from answered.since);
create view answered.ring_change as
  select * from ring_change where checkpoint >= (select since.checkpoint from answered.since);
create view answered.wal_change as
  select * from wal_change where checkpoint >= (select since.checkpoint from answered.since);
