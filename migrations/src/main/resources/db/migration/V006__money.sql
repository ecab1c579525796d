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

-- Facts are read back in order, and of a window of checkpoints none but its own.
create index certificate_by_position on certificate (checkpoint, tx_index, command_index);

create or replace view answered.transaction as
  select * from transaction where checkpoint >= (select since.checkpoint from answered.since);
create view answered.system_change as
  select * from system_change where checkpoint >= (select since.checkpoint from answered.since);
create view answered.ring_change as
  select * from ring_change where checkpoint >= (select since.checkpoint from answered.since);
create view answered.wal_change as
  select * from wal_change where checkpoint >= (select since.checkpoint from answered.since);

-- What the facts of money add up to: the projection 'money'. Amounts are FROST, sizes encoded bytes, ends exclusive;
-- every row names its transaction.

-- One row per purchase, fee, or part of a subsidy: the same amount for each of some epochs.
create table payment (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  ordinal          integer     not null,  -- within the transaction, in the order of its commands
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  sender           bytea       not null,
  gas_owner        bytea       not null,
  payer_kind       text        not null check (payer_kind in ('address', 'sharedBlob', 'subsidies')),
  payer            bytea,                 -- whose WAL fell; null for subsidies
  source           text        not null check (source in ('user', 'subsidy')),
  what             text        not null,  -- 'reserve_space', 'write', …; 'unattributed' for what nothing explains
  epoch            bigint      not null,  -- that ran when it was paid
  first_epoch      bigint      not null,  -- epochs that it was paid for
  end_epoch        bigint      not null,
  per_epoch        bigint      not null,
  amount           bigint      not null,  -- over all of them
  bytes            numeric(20) not null,
  units            bigint      not null,  -- MiB, rounded up: what prices are for
  object_id        bytea,
  storage_pool_id  bytea,
  primary key (checkpoint, tx_index, ordinal)
);
create index payment_by_payer on payment (payer, checkpoint, tx_index, ordinal) where payer is not null;
create index payment_by_epoch on payment (epoch, checkpoint, tx_index, ordinal);
-- A network makes millions of the two kinds that are left out: the next one is never far.
create index payment_by_kind on payment (what, checkpoint, tx_index, ordinal)
  where what not in ('reserve_space', 'write');
create index payment_by_subsidy on payment (checkpoint, tx_index, ordinal) where source = 'subsidy';

-- Room that storage nodes took for event blobs, for nothing.
create table free_reservation (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  ordinal          integer     not null,
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  epoch            bigint      not null,
  first_epoch      bigint      not null,
  end_epoch        bigint      not null,
  bytes            numeric(20) not null,
  object_id        bytea,                 -- as its events name it; it never exists on chain
  primary key (checkpoint, tx_index, ordinal)
);
create index free_reservation_by_epoch on free_reservation (epoch, checkpoint);

-- What each transaction brought into the accounts of epochs, whoever it came from; not those in which an epoch turns.
create table inflow (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null,
  sender           bytea       not null,
  gas_owner        bytea       not null,
  epoch            bigint      not null,
  user_inflow      bigint      not null,
  subsidy_inflow   bigint      not null,
  unattributed     bigint      not null,  -- part of the user inflow that no operation explains
  wal_residual     bigint      not null,  -- WAL that addresses, accounts, stakes and funds do not add up to
  primary key (checkpoint, tx_index)
);

-- Revenue by the epoch it was paid in and the epoch it was paid for: both views are sums over this.
create table revenue (
  paid_epoch       bigint      not null,
  service_epoch    bigint      not null,
  what             text        not null,  -- as of payment, or event_blob for what is not paid
  paid_on          date        not null,  -- in UTC: which quote of the token holds
  amount           numeric(39) not null,
  bytes            numeric(39) not null,  -- reserved in the epoch of service by what was paid
  primary key (paid_epoch, service_epoch, what, paid_on)
);

-- The System as each transaction left it that wrote it.
create table system_state (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea,                 -- null: as reported before the first checkpoint
  epoch            bigint      not null,
  n_shards         integer     not null,
  total_capacity   numeric(20) not null,
  used_capacity    numeric(20) not null,
  storage_price    numeric(20) not null,
  write_price      numeric(20) not null,
  primary key (checkpoint, tx_index)
);

-- All accounts of epochs where an epoch turned; in between, ring_change tells.
create table ring_snapshot (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  epoch            bigint      not null,
  used_capacity    numeric(20) not null,
  rewards          numeric(20) not null,
  primary key (checkpoint, tx_index, epoch)
);

-- The accounts of epochs as they are now: nobody adds up what came since an epoch turned to tell what is booked.
create table account (
  epoch            bigint      primary key,
  used_capacity    numeric(20) not null,
  rewards          numeric(20) not null
);

create table epoch_change (
  to_epoch         bigint      primary key,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null,
  changed_at       timestamptz not null,
  pot              bigint      not null,  -- in the account of the epoch that ended
  burn             bigint      not null,
  distributed      bigint      not null,
  leftover         bigint      not null,  -- put into the account of the new epoch
  used_capacity_of_ended numeric(20) not null,
  total_capacity   numeric(20) not null,
  used_capacity    numeric(20) not null
);

create table node_reward (
  to_epoch         bigint      not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  position         integer     not null,  -- in the committee that is paid
  shards           integer     not null,
  commission       bigint      not null,
  to_stakers       bigint      not null,
  primary key (to_epoch, node_id)
);
create index node_reward_by_node on node_reward (node_id, to_epoch);

create table price (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  walrus_ordinal   integer     not null,  -- of the event; -1 where the contract changed them without one
  tx_digest        bytea       not null,
  epoch            bigint      not null,
  storage_price    numeric(20) not null,  -- FROST per MiB and epoch
  write_price      numeric(20) not null,  -- FROST per MiB
  primary key (checkpoint, tx_index, walrus_ordinal)
);

-- The subsidies contract as each transaction left it that wrote it.
create table subsidy_state (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null,
  rate             bigint      not null,  -- basis points of what users paid
  base             numeric(20) not null,  -- per node and epoch
  per_shard        numeric(20) not null,
  pool             numeric(20) not null,
  changed          text[]      not null,  -- which of rate, base, perShard the transaction set
  funded           bigint      not null,
  processed        boolean     not null,
  usage            bigint      not null,
  fixed_for_epoch  bigint,                -- null: the fixed part was not paid
  fixed_is_locked  boolean     check ((fixed_is_locked is null) = (fixed_for_epoch is null)),
  primary key (checkpoint, tx_index)
);

create table subsidy_fixed (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  node_id          bytea       not null,
  amount           bigint      not null,
  primary key (checkpoint, tx_index, node_id)
);

-- Each change of the supply, and how much there was first.
create table supply_change (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  ordinal          integer     not null,
  tx_digest        bytea       not null,
  why              text        not null check (why in ('initial', 'epoch_change', 'slashing', 'wal::burn')),
  burnt            bigint      not null,
  supply_after     numeric(20) not null,
  node_id          bytea,                 -- whose commission was burnt by a slashing
  primary key (checkpoint, tx_index, ordinal)
);

-- What we derived against what the contract counted. Rows with a residual of 0 say that it was checked.
create table reconciliation (
  epoch            bigint      not null,
  what             text        not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null,
  expected         numeric(39) not null,
  derived          numeric(39) not null,
  residual         numeric(39) not null check (residual = expected - derived),
  primary key (checkpoint, tx_index, what, epoch)
);
create index revenue_by_service_epoch on revenue (service_epoch, paid_epoch);
create index reconciliation_by_residual on reconciliation (what) where residual <> 0;

-- The same about pools and positions: part of the projection 'stake'.
create table stake_reconciliation (
  epoch            bigint      not null,
  what             text        not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null,
  expected         numeric(39) not null,
  derived          numeric(39) not null,
  residual         numeric(39) not null check (residual = expected - derived),
  primary key (checkpoint, tx_index, what, node_id)
);
create index stake_reconciliation_by_node on stake_reconciliation (what, node_id, epoch);
create index stake_reconciliation_by_residual on stake_reconciliation (what) where residual <> 0;
