-- What we read of the Sui chain, how it was verified, and where it came from. Facts only: rows are added, never
-- corrected, except that a later certificate may raise the verification of earlier checkpoints.

-- One row: a database holds one chain of one network.
create table network (
  only_row         boolean     primary key default true check (only_row),
  name             text        not null,  -- mainnet, testnet, devnet, custom
  label            text,                  -- shown with every answer when the network is not a public one
  chain_id         bytea       check (octet_length(chain_id) = 32),  -- digest of checkpoint 0; null while unknown
  chain_evidence   text        not null check (chain_evidence in ('certificate', 'reported', 'asserted')),
  n_shards         integer     not null default 1000 check (n_shards between 1 and 65535),  -- on both public networks
  created_at       timestamptz not null default now()
);

-- Every version of the Walrus package that events and objects of ours may be defined in.
create table walrus_package (
  package_id       bytea       primary key check (octet_length(package_id) = 32),
  version          bigint      not null unique,
  learned_at       bigint                 -- checkpoint of the ContractUpgraded event; null: configured
);

create table source (
  source_id        integer     generated always as identity primary key,
  kind             text        not null check (kind in ('directory', 'store', 'grpc', 'event-blob')),
  location         text        not null,
  first_used_at    timestamptz not null default now(),
  unique (kind, location)
);

create table checkpoint (
  sequence_number  bigint      primary key,
  digest           bytea       not null check (octet_length(digest) = 32),
  sui_epoch        bigint      not null,
  checkpoint_at    timestamptz not null,  -- the chain's clock, milliseconds
  transactions     integer     not null,  -- all of the checkpoint, not only those of Walrus
  failed           integer     not null,
  walrus_events    integer     not null,  -- of which unknown to us: see event.known
  verification     text        not null check (verification in ('certificate', 'hash-chain', 'unverified')),
  source_id        integer     not null references source
);
create index checkpoint_by_time on checkpoint (checkpoint_at, sequence_number);
-- Small by nature: only what no committee vouches for yet.
create index checkpoint_by_unverified on checkpoint (sequence_number) where verification = 'unverified';

-- What a stranger needs to check a checkpoint that carries something of Walrus, and each hand-over of the committee.
create table checkpoint_evidence (
  checkpoint       bigint      primary key references checkpoint,
  summary_bcs      bytea       not null,
  signature_epoch  bigint      not null,
  signature        bytea       not null check (octet_length(signature) = 48),
  signers_bitmap   bytea       not null,  -- Roaring, indexes into the committee
  contents_zstd    bytea       not null   -- BCS of the contents, compressed
);

-- Sui committees that we may check certificates with.
create table sui_committee (
  sui_epoch        bigint      primary key,
  committee_bcs    bytea       not null,  -- u64 epoch, vector of (96-byte key, u64 stake)
  trust            text        not null check (trust in ('anchor', 'hand-over')),
  checkpoint       bigint                 -- the end-of-epoch checkpoint it came from; null for an anchor file
);

-- How far facts reach without a gap, and how far each projection has folded them. Moved in the transaction that
-- writes the rows: the row lock is what keeps two writers apart.
create table watermark (
  pipeline         text        primary key,  -- 'facts', or the name of a projection
  first_checkpoint bigint      not null,
  last_checkpoint  bigint      not null,     -- inclusive
  last_digest      bytea       not null check (octet_length(last_digest) = 32),
  source_cursor    text,
  updated_at       timestamptz not null default now(),
  check (first_checkpoint <= last_checkpoint + 1)
);

-- Running totals over the facts, so that no answer has to count the chain.
create table totals (
  only_row         boolean     primary key default true check (only_row),
  transactions     bigint      not null default 0,
  failed           bigint      not null default 0,
  walrus_events    bigint      not null default 0,
  unknown_events   bigint      not null default 0,
  quarantined      bigint      not null default 0,
  -- The System object was created in our range: nothing of Walrus happened before it.
  complete_from    bigint
);
insert into totals default values;

create table event_total (
  name             text        primary key,  -- event type without its package, known or not
  known            boolean     not null,
  events           bigint      not null
);
