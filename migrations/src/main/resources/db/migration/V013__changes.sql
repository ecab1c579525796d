-- What is new, for others: told in the transaction of the rows that it tells of. The index writes what it learns beyond its
-- watermark, the verifier its scores. Neither a rebuild nor history filled in behind is news.

-- Ids are counted here and not by a sequence: whoever appends holds this row until it commits. So ids are in the order of
-- commits, and no reader passes over one that commits later; and none is left out.
create table change_keeping (
  only_row         boolean     primary key default true check (only_row),
  last_id          bigint      not null default 0,
  dropped_to       bigint      not null default 0,  -- ids up to here are too old to be kept
  kept_for         interval    not null default interval '7 days'
);

create table change (
  id               bigint      primary key,
  told_at          timestamptz not null,            -- our clock, by which it is dropped
  topic            text        not null check (topic in ('blob', 'operator', 'score', 'price', 'governance')),
  kind             text        not null,            -- the field of Change that is set
  subject          text        not null,            -- blob id, node id, or what else it is about: the key of records
  checkpoint       bigint,                          -- null: no checkpoint says it, but an audit
  ordinal          integer     check ((checkpoint is null) = (ordinal is null)),  -- among the changes of the checkpoint
  body             bytea       not null             -- vibrissa.changes.v1.Change, without its id
);
create index change_by_told on change (told_at);

-- How the publisher to Kafka is doing, for whoever looks.
create table change_publisher (
  only_row         boolean     primary key default true check (only_row),
  state            text        not null check (state in ('publishing', 'retrying', 'fenced', 'stopped')),
  reason           text,                            -- why it is not publishing
  published_id     bigint      not null default 0,
  lost             bigint      not null default 0,  -- changes that were dropped before they could be published
  updated_at       timestamptz not null default now()
);

-- What a batch has changed is looked up by checkpoint.
create index operator_profile_by_position on operator_profile (checkpoint, tx_index, node_id);
create index proposal_vote_by_position on proposal_vote (checkpoint, tx_index);
create index proposal_by_end on proposal (ended_checkpoint) where ended_checkpoint is not null;

-- Keys to the parts of the API that are somebody's own.
create table api_key (
  key_id           text        primary key,         -- the part of a key that may be shown
  key_hash         bytea       not null unique check (octet_length(key_hash) = 32),  -- SHA-256 of all of it
  name             text        not null,
  created_at       timestamptz not null default now(),
  revoked_at       timestamptz
);

-- Who wants to be told by HTTP, and of what.
create table webhook (
  webhook_id       text        primary key,
  key_id           text        not null references api_key,
  url              text        not null,
  events           text[]      not null,
  blob_id          text,                            -- only what is about this blob, node, address
  node_id          text,
  account          text,
  epochs           integer     check (epochs > 0),  -- of expiry: so long before the end
  least_drop       double precision not null,       -- of score_drop
  secret           bytea       not null check (octet_length(secret) = 32),
  secret_before    bytea       check (octet_length(secret_before) = 32),  -- signs too, for a while
  secret_before_until timestamptz check ((secret_before is null) = (secret_before_until is null)),
  change_id        bigint      not null,            -- changes up to here were looked at
  lost             bigint      not null default 0,  -- of those, what it was not told of: gone before, or of a kind unknown then
  failures         integer     not null default 0,  -- attempts in a row that failed, whatever was delivered
  paused_until     timestamptz,                     -- after a failure: nothing is tried before
  tried_at         timestamptz,                     -- who was tried last waits longest
  created_at       timestamptz not null default now()
);
create index webhook_by_key on webhook (key_id, created_at, webhook_id);

create table webhook_delivery (
  delivery_id      text        primary key,         -- the header webhook-id: the same at every attempt
  webhook_id       text        not null references webhook on delete cascade,
  change_id        bigint      not null,            -- what it tells of
  event            text        not null,
  body             text        not null,
  state            text        not null check (state in ('waiting', 'delivered', 'dead')),
  attempts         integer     not null default 0,
  due_at           timestamptz not null,            -- while it waits
  said             text,                            -- what the last attempt came to
  updated_at       timestamptz not null default now()
);
create index webhook_delivery_by_due on webhook_delivery (webhook_id, due_at) where state = 'waiting';
create index webhook_delivery_by_change on webhook_delivery (webhook_id, change_id, delivery_id);
create index webhook_delivery_by_end on webhook_delivery (updated_at) where state <> 'waiting';
