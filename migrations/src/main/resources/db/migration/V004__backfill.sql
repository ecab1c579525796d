-- History that is filled in behind the tip, and projections that are folded again beside the live ones.

-- Of the row 'facts': what the first checkpoint calls its predecessor. Null at checkpoint 0, and in databases begun
-- before this column was, which ask their source again.
alter table watermark add column first_previous_digest bytea check (octet_length(first_previous_digest) = 32);

-- From here on each projection has a row of its own: the range it was folded over.
insert into watermark (pipeline, first_checkpoint, last_checkpoint, last_digest)
select name, first_checkpoint, last_checkpoint, last_digest
from watermark cross join (values ('blob'), ('epoch'), ('totals')) as projection (name)
where pipeline = 'facts';

-- Whether the transaction wrote the System's inner state, which itself is kept only where an epoch turns. Null in rows
-- stored before this column was: projections cannot be folded again from them.
alter table transaction add column system_written boolean;

-- A version observed as an input stays until answers begin before it, although what wrote it was filled in meanwhile.
alter table object_change drop constraint object_change_pkey;
alter table object_change add constraint object_change_pkey primary key (object_id, version, checkpoint);
create index object_change_by_observation on object_change (object_id, version) where change = 'observed';

-- History that is wanted behind the first checkpoint. No row: none is.
create table backfill (
  only_row         boolean     primary key default true check (only_row),
  goal             bigint      not null check (goal >= 0),  -- first checkpoint wanted
  source_ended     boolean     not null default false,      -- the source has nothing before the first checkpoint
  refold           boolean     not null default false,      -- facts inside the range changed: fold them again
  folded_to        bigint,                                  -- while projections are folded again: the checkpoint reached
  updated_at       timestamptz not null default now()
);

-- Objects destroyed by transactions that show nothing of Walrus, kept while wanted history is missing: should it turn
-- out to know such an object, the checkpoint is read again.
create table suspect (
  object_id        bytea       not null check (octet_length(object_id) = 32),
  checkpoint       bigint      not null,
  primary key (object_id, checkpoint)
);

-- Checkpoints whose facts were read before something was known that they depend on.
create table reread (
  first_checkpoint bigint      not null,
  last_checkpoint  bigint      not null,  -- inclusive
  primary key (first_checkpoint, last_checkpoint),
  check (first_checkpoint <= last_checkpoint)
);

-- Where history begins with a snapshot: the checkpoint before which objects were as somebody reported them. They are
-- facts of tx_index -1, observed, and nothing vouches for them.
alter table network add column snapshot_checkpoint bigint;

-- Facts as answers may see them: from the checkpoint on that every projection was folded from. What is filled in behind
-- it shows all at once, when the projections have been folded over it too.
create schema answered;

create view answered.since as
  select coalesce(max(first_checkpoint), 0) as checkpoint from watermark where pipeline <> 'facts';
create view answered.checkpoint as
  select * from checkpoint where sequence_number >= (select since.checkpoint from answered.since);
create view answered.checkpoint_evidence as
  select * from checkpoint_evidence where checkpoint >= (select since.checkpoint from answered.since);
create view answered.transaction as
  select * from transaction where checkpoint >= (select since.checkpoint from answered.since);
create view answered.event as
  select * from event where checkpoint >= (select since.checkpoint from answered.since);
create view answered.object_change as
  select * from object_change where checkpoint >= (select since.checkpoint from answered.since);
create view answered.certificate as
  select * from certificate where checkpoint >= (select since.checkpoint from answered.since);
create view answered.quarantine as
  select * from quarantine where checkpoint >= (select since.checkpoint from answered.since);
