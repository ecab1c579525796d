-- Stake and operators: what the contracts tell by no event, folded from versions of pools, positions, capabilities and
-- rates. Amounts are FROST. Histories keep a row per change: a row holds at the end of checkpoint N where
-- checkpoint <= N and (replaced_checkpoint is null or replaced_checkpoint > N). tx_digest is null, and tx_index -1, for
-- what a snapshot reports.

-- Of a wrapped object: the object that it went into, where the transaction shows it.
alter table object_change add column held_inside bytea check (octet_length(held_inside) = 32);
create or replace view answered.object_change as
  select * from object_change where checkpoint >= (select since.checkpoint from answered.since);

-- One row per staking pool, which is one per node that ever stood for election.
create table operator (
  node_id          bytea       primary key check (octet_length(node_id) = 32),
  checkpoint       bigint      not null,  -- seen first
  tx_index         integer     not null,
  registered_tx    bytea,                 -- null: before our history
  name             text        not null,  -- when seen first
  exchange_rates_id bytea      not null,  -- parents of its dynamic fields
  extra_fields_id  bytea       not null,
  metadata_id      bytea       not null
);
create index operator_by_position on operator (checkpoint, tx_index, node_id);

-- How an operator presents itself, whom it lets act, its keys.
create table operator_profile (
  node_id          bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea,
  replaced_checkpoint bigint,
  name             text        not null,
  network_address  text        not null,
  network_public_key bytea     not null,  -- P-256, 33 bytes compressed
  public_key       bytea       not null,  -- BLS, 96 bytes uncompressed
  next_public_key  bytea,
  commission_receiver_kind text not null check (commission_receiver_kind in ('address', 'object')),
  commission_receiver bytea    not null,
  governance_kind  text        not null check (governance_kind in ('address', 'object')),
  governance       bytea       not null,
  image_url        text,                  -- null where the metadata was not seen
  project_url      text,
  description      text,
  extra_fields     text[],                -- key, value, key, value
  primary key (node_id, checkpoint, tx_index)
);
create unique index operator_profile_by_current on operator_profile (node_id) where replaced_checkpoint is null;

-- Versions of the capabilities to act as a node: what the node last reported.
create table operator_cap (
  cap_id           bytea       not null check (octet_length(cap_id) = 32),
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea,
  replaced_checkpoint bigint,
  node_id          bytea       not null,
  owner_kind       text        not null,  -- of object_change, or gone
  owner            bytea,
  last_epoch_sync_done bigint  not null,
  attested_checkpoint numeric(20),        -- last event-blob attestation: up to which Sui checkpoint
  attested_epoch   bigint,
  deny_list_sequence numeric(20) not null,
  deny_list_size   numeric(20) not null,  -- bytes
  primary key (cap_id, checkpoint, tx_index)
);
create unique index operator_cap_by_current on operator_cap (cap_id) where replaced_checkpoint is null;
create index operator_cap_by_node on operator_cap (node_id, checkpoint);

-- Each attestation to an event blob, which nothing but the capability tells.
create table event_blob_attestation (
  node_id          bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null,
  attested_checkpoint numeric(20) not null,  -- up to which Sui checkpoint the event blob goes
  epoch            bigint      not null,
  primary key (node_id, checkpoint, tx_index)
);

-- Certificates of blobs, counted as they come: a network makes millions of them.
create table participation (
  epoch            bigint      primary key,  -- whose committee signed
  certificates     bigint      not null,
  signed           bigint[]    not null,     -- by each member, the one at position 0 first; may be longer or shorter than the committee
  last_checkpoint  bigint      not null      -- of the last one; a count as of an earlier checkpoint is made from the facts
);

-- Versions of pools, without the operator's own texts.
create table pool_state (
  node_id          bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea,
  replaced_checkpoint bigint,
  activation_epoch bigint      not null,
  latest_epoch     bigint      not null,
  wal_balance      numeric(20) not null,  -- active stake with rewards
  num_shares       numeric(20) not null,
  rewards_pool     numeric(20) not null,
  commission       numeric(20) not null,  -- the locked part included
  commission_locked numeric(20),          -- cannot be collected before voting ends; null: not seen yet
  commission_rate  integer     not null,  -- basis points
  storage_price_vote numeric(20) not null,
  write_price_vote numeric(20) not null,
  node_capacity_vote numeric(20) not null,
  -- Pairs: epoch, value.
  pending_stake    numeric(20)[] not null,
  pending_shares_withdraw numeric(20)[] not null,
  pre_active_withdrawals numeric(20)[] not null,
  pending_commission_rate numeric(20)[] not null,
  primary key (node_id, checkpoint, tx_index)
);
create unique index pool_state_by_current on pool_state (node_id) where replaced_checkpoint is null;
create index pool_state_by_time on pool_state (checkpoint);

-- What a share of a pool was worth when the pool was brought up to an epoch.
create table exchange_rate (
  node_id          bytea       not null,
  epoch            bigint      not null,
  wal_amount       numeric(39) not null,  -- 1 and 1 where flat
  share_amount     numeric(39) not null,
  flat             boolean     not null,
  checkpoint       bigint      not null,
  tx_digest        bytea,
  primary key (node_id, epoch)
);

-- What an epoch brought a pool when it ended.
create table pool_reward (
  node_id          bytea       not null,
  epoch            bigint      not null,  -- the one that ended
  checkpoint       bigint      not null,
  tx_digest        bytea       not null,
  stake            numeric(20) not null,  -- wal_balance as it stood during the epoch
  commission       numeric(20) not null,
  to_stakers       numeric(20) not null,
  primary key (node_id, epoch)
);

create table operator_vote (
  node_id          bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  what             text        not null check (what in ('storagePrice', 'writePrice', 'nodeCapacity')),
  value            numeric(20) not null,
  tx_digest        bytea       not null,
  primary key (node_id, checkpoint, tx_index, what)
);
create index operator_vote_by_position on operator_vote (checkpoint, tx_index, node_id, what);

create table commission_change (
  node_id          bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  effective_epoch  bigint      not null,
  rate             integer     not null,  -- basis points
  rate_before      integer     not null,  -- in force when it was announced
  tx_digest        bytea       not null,
  primary key (node_id, checkpoint, tx_index, effective_epoch)
);
create index commission_change_by_position on commission_change (checkpoint, tx_index, node_id);

create table commission_collection (
  node_id          bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  how              text        not null check (how in ('collected', 'slashed')),
  amount           numeric(20) not null,
  locked           numeric(20),           -- what could not be collected then; null: not seen yet
  tx_digest        bytea       not null,
  primary key (node_id, checkpoint, tx_index)
);
create index commission_collection_by_position on commission_collection (checkpoint, tx_index, node_id);

-- Versions of StakedWal objects.
create table stake_position (
  object_id        bytea       not null check (octet_length(object_id) = 32),
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea,
  replaced_checkpoint bigint,
  holder           text        not null check (holder in ('address', 'object', 'shared', 'immutable', 'wrapped', 'gone')),
  owner            bytea,                 -- the address
  held_inside      bytea,                 -- the object it is in, where that is known
  node_id          bytea       not null,
  -- While it is inside another object, and when it is gone, as it was last seen.
  principal        numeric(20) not null,
  activation_epoch bigint      not null,  -- the first that earns
  withdraw_epoch   bigint,                -- null: no withdrawal requested
  primary key (object_id, checkpoint, tx_index)
);
create unique index stake_position_by_current on stake_position (object_id) where replaced_checkpoint is null;
create index stake_position_by_owner on stake_position (owner, object_id, checkpoint) where owner is not null;
create index stake_position_by_node on stake_position (node_id, object_id, checkpoint);
create index stake_position_by_holder on stake_position (node_id, coalesce(owner, held_inside, object_id))
  where holder <> 'gone';
create index stake_position_by_activation on stake_position (node_id, activation_epoch) where holder <> 'gone';

-- What was done with stake, one row per operation. What is older than our history is 'observed' where it is seen first.
create table stake_operation (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  ordinal          integer     not null,
  tx_digest        bytea                  -- null: as a snapshot reports it
    check (tx_digest is not null or kind = 'observed'),
  kind             text        not null
    check (kind in ('observed', 'stake', 'request', 'withdraw', 'split', 'join', 'transfer', 'wrap', 'unwrap')),
  object_id        bytea       not null,  -- of a split the one that shrinks, of a join the one that grows
  -- Of a split the new one, of a join the one that ends. A part that was split off and joined at once leaves no object:
  -- then each names the other of the two that lost and gained. Null: the part went unseen into another object.
  other_object_id  bytea,
  node_id          bytea       not null,
  owner_before     bytea,                 -- addresses; null: none, or inside an object
  owner_after      bytea,
  amount           numeric(20) not null,  -- principal
  rewards          numeric(20),           -- of withdraw: paid out of the rewards pool
  residual         numeric(21),           -- of withdraw: rewards by the contract's arithmetic less those paid
  epoch            bigint,                -- of stake the activation, else the withdraw epoch
  primary key (checkpoint, tx_index, ordinal)
);
create index stake_operation_by_kind on stake_operation (kind, checkpoint, tx_index, ordinal);
create index stake_operation_by_residual on stake_operation (checkpoint, tx_index) where residual <> 0;
create index stake_operation_by_node on stake_operation (node_id, checkpoint, tx_index, ordinal);
create index stake_operation_by_owner_before on stake_operation (owner_before, checkpoint) where owner_before is not null;
create index stake_operation_by_owner_after on stake_operation (owner_after, checkpoint) where owner_after is not null;

-- The candidates as they stand, in stored order: kept until the next vote ends.
create table active_set (
  only_row         boolean     primary key default true check (only_row),
  contents         bytea       not null   -- BCS of ActiveSet
);

create table voting_end (
  next_epoch       bigint      primary key,
  checkpoint       bigint      not null,
  tx_digest        bytea       not null,
  capacity         numeric(20)            -- encoded bytes
);

create table candidate (
  next_epoch       bigint      not null,
  position         integer     not null,  -- in the active set
  node_id          bytea       not null,
  stake            numeric(20) not null,  -- expected in the next epoch
  primary key (next_epoch, position)
);
