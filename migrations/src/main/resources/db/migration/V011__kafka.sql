-- Extraction shared among processes, by Kafka. Nothing here is a fact: all of it can go, and is made again.

-- The topics as they were last seen: one that was deleted and made again has another id.
create table kafka_topic (
  topic      text primary key,
  cluster_id text not null,
  topic_id   text not null
);

-- How far each partition of the facts topic is stored. It moves in the transaction that stores the rows, so that what is
-- delivered again, by whomever, is passed over.
create table kafka_offset (
  topic       text        not null references kafka_topic on delete cascade,
  partition   integer     not null,
  next_offset bigint      not null,  -- everything before it is stored, or asked for anew
  end_offset  bigint      not null,  -- of the partition, as far as it was known then
  updated_at  timestamptz not null default now(),
  primary key (topic, partition)
);

-- One row a range of checkpoints that extractors were asked for. The watermark moves over complete ranges only.
create table extraction_range (
  first_checkpoint bigint      primary key,
  last_checkpoint  bigint      not null,  -- inclusive
  attempt          integer     not null,  -- from 1; raised each time it is asked for again
  planned_at       timestamptz not null default now(),
  sent_at          timestamptz,           -- the broker has the request of this attempt
  complete_at      timestamptz,           -- all of it is stored
  reason           text,                  -- why it was asked for again
  check (last_checkpoint >= first_checkpoint)
);
create index extraction_range_open on extraction_range (first_checkpoint) where complete_at is null;

-- Records that were passed over since nobody could make sense of them. A record can be read again where it was found.
create table dead_letter (
  topic         text        not null,
  partition     integer     not null,
  record_offset bigint      not null,
  cluster_id    text        not null,
  reason        text        not null,
  key           bytea,
  value         bytea,                    -- its first 64 KiB
  found_at      timestamptz not null default now(),
  primary key (cluster_id, topic, partition, record_offset)
);

-- What happened how often, for metrics.
create table kafka_tally (
  what  text   primary key,
  times bigint not null
);
