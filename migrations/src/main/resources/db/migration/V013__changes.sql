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
