-- Event blobs: what the chain says of them, and what became of the comparison with our own rows.

-- Facts: each event blob that a quorum certified, as the System object had it after the transaction. Nobody else's word
-- counts for the head.
create table event_blob_head (
  checkpoint       bigint      not null,
  tx_index         integer     not null,  -- -1: a snapshot had it
  tx_digest        bytea       check (octet_length(tx_digest) = 32),  -- null: a snapshot had it
  blob_id          bytea       not null check (octet_length(blob_id) = 32),
  ending_checkpoint numeric(20) not null, -- last Sui checkpoint it covers
  primary key (checkpoint, tx_index)
);

-- Facts: the weight that stood behind a candidate after an attestation that completed no quorum. Two blob ids for one
-- ending checkpoint: the nodes disagree.
create table event_blob_weight (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  blob_id          bytea       not null check (octet_length(blob_id) = 32),
  ending_checkpoint numeric(20) not null,
  weight           integer     not null,  -- shards
  primary key (checkpoint, tx_index, blob_id, ending_checkpoint)
);
create index event_blob_weight_by_ending on event_blob_weight (ending_checkpoint, blob_id);

create view answered.event_blob_head as
  select * from event_blob_head where checkpoint >= (select since.checkpoint from answered.since);
create view answered.event_blob_weight as
  select * from event_blob_weight where checkpoint >= (select since.checkpoint from answered.since);

-- The verifier's: each event blob that was fetched, or that could not be, compared with our events.
create table event_blob_audit (
  blob_id          bytea       primary key check (octet_length(blob_id) = 32),
  last_checkpoint  bigint      not null,  -- as the head or the newer file demands it
  outcome          text        not null
    check (outcome in ('agrees', 'differs', 'incomplete', 'malformed', 'unavailable')),
  detail           text        not null,  -- why, where it is not 'agrees'; else empty
  -- Null where it could not be read so far.
  first_checkpoint bigint,
  previous_blob_id bytea       check (octet_length(previous_blob_id) = 32),  -- null: the first of all
  walrus_epoch     bigint,                -- when it was begun
  first_index      bigint,
  next_index       bigint,                -- of the element that follows it
  bytes            bigint,
  events           bigint,                -- those compared with ours
  missing          bigint      not null default 0,
  altered          bigint      not null default 0,
  surplus          bigint      not null default 0,
  moved            bigint      not null default 0,
  tries            integer     not null default 0,  -- in vain, one after the other
  compared_from    bigint,                -- the first checkpoint of the comparison; null: none of it is in our range
  audited_at       timestamptz not null
);
create unique index event_blob_audit_by_position on event_blob_audit (last_checkpoint desc, blob_id);

-- What differs, up to a bound for each file.
create table event_blob_difference (
  blob_id          bytea       not null references event_blob_audit on delete cascade,
  number           integer     not null,  -- within the file, from 0
  what             text        not null check (what in ('missing', 'altered', 'surplus', 'moved')),
  checkpoint       bigint      not null,  -- of the event in the file, or of ours where the file has none
  element_index    bigint,                -- null: surplus, the file has no such event
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  walrus_ordinal   integer     not null,
  theirs           text,                  -- 'name hex' in the file
  ours             text,                  -- 'name hex' in our rows, 'at CHECKPOINT' where it only moved
  primary key (blob_id, number)
);
create index event_blob_difference_by_position on event_blob_difference (checkpoint, what);

-- How far each node says that it is, when it was last asked.
create table node_progress (
  node_id          bytea       primary key check (octet_length(node_id) = 32),
  asked_at         timestamptz not null,
  failure          text,                  -- null: it answered
  persisted        bigint,                -- the next element it will handle, numbered as event blobs number them
  latest_checkpoint bigint,
  our_next_index   bigint,                -- the same of ours; null until an event blob was read
  our_checkpoint   bigint
);
