-- What the facts add up to at the watermark. Everything here can be dropped and folded again.

create table epoch (
  epoch            bigint      primary key,
  -- Checkpoint at which the epoch was first known to run: its EpochChangeStart or, in a history that begins in the
  -- middle, an event that names it. Null: only chosen ahead.
  running_since    bigint,
  -- Null where the epoch is known only by number, from an event inside a history that begins in the middle.
  start_checkpoint bigint,
  start_tx_index   integer,
  start_ordinal    integer,
  start_tx         bytea,
  started_at       timestamptz,
  done_checkpoint  bigint,
  done_tx          bytea,
  done_at          timestamptz,
  params_checkpoint bigint,               -- EpochParametersSelected{epoch}: committee and capacity chosen ahead
  params_tx        bytea,
  params_at        timestamptz,
  n_shards         integer,
  storage_price    numeric(20),           -- FROST per MiB and epoch, at the start
  write_price      numeric(20),           -- FROST per MiB, at the start
  total_capacity   numeric(20),           -- encoded bytes
  used_capacity    numeric(20)            -- encoded bytes reserved, at the start
);

-- Members in the order of the committee: their position is the bit in a signers bitmap.
create table committee_member (
  epoch            bigint      not null,
  position         integer     not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  weight           integer     not null,  -- shards
  public_key       bytea,                 -- BLS, 96 bytes uncompressed; null until the epoch begins
  primary key (epoch, position),
  unique (epoch, node_id)
);

create table shard_assignment (
  epoch            bigint      not null,
  shard            integer     not null,
  node_id          bytea       not null,
  primary key (epoch, shard)
);
create index shard_assignment_by_node on shard_assignment (node_id, epoch);

-- Each epoch_sync_done: this node reported its shards ready.
create table shards_received (
  epoch            bigint      not null,
  tx_digest        bytea       not null,
  walrus_ordinal   integer     not null,
  checkpoint       bigint      not null,
  received_at      timestamptz not null,
  node_id          bytea,                 -- from the capability in the same transaction; null if it was not seen
  shards           integer     not null,
  completed_quorum boolean     not null,
  primary key (epoch, tx_digest, walrus_ordinal)
);

create table storage_node (
  node_id          bytea       primary key check (octet_length(node_id) = 32),
  name             text        not null,
  network_address  text        not null,
  network_public_key bytea     not null,  -- P-256, 33 bytes compressed
  public_key       bytea       not null,  -- BLS, 96 bytes uncompressed
  changed_at       bigint      not null   -- checkpoint
);

-- One row per Blob or PooledBlob object that ever was.
create table blob_object (
  object_id        bytea       primary key check (octet_length(object_id) = 32),
  blob_id          bytea       not null check (octet_length(blob_id) = 32),
  kind             text        not null check (kind in ('own', 'pooled')),
  storage_pool_id  bytea       check ((kind = 'pooled') = (storage_pool_id is not null)),
  deletable        boolean     not null,
  -- Null where a history that begins in the middle shows the object only by an event that does not tell.
  size             numeric(20),           -- unencoded bytes
  encoding_type    smallint,
  origin           text        not null check (origin in ('registered', 'observed')),
  registered_epoch bigint,
  registered_checkpoint bigint,           -- null: before our history
  registered_tx    bytea,
  certified_epoch  bigint,
  certified_checkpoint bigint,
  certified_tx     bytea,
  end_epoch        bigint,                -- exclusive; null for pooled ones, whose pool tells
  deleted_epoch    bigint,
  deleted_checkpoint bigint,
  deleted_tx       bytea,
  event_blob       boolean     not null,
  owner_kind       text        not null check (owner_kind in ('address', 'object', 'shared', 'immutable', 'pool', 'wrapped', 'gone')),
  owner            bytea,                 -- address, parent object, SharedBlob or pool
  gone_how         text        check ((owner_kind = 'gone') = (gone_how is not null)),  -- deleted, burned, event-blob
  check ((kind = 'own') = (end_epoch is not null))
);
create index blob_object_by_blob on blob_object (blob_id, object_id);
create index blob_object_by_owner on blob_object (owner, object_id) where owner is not null;
create index blob_object_by_pool on blob_object (storage_pool_id, object_id) where storage_pool_id is not null;
create index blob_object_by_end on blob_object (end_epoch, object_id) where deleted_checkpoint is null and kind = 'own';

-- Each end epoch an own object was given: its registration and every extension.
create table blob_term (
  object_id        bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  walrus_ordinal   integer     not null,
  tx_digest        bytea       not null,
  end_epoch        bigint      not null,  -- exclusive
  how              text        not null check (how in ('registered', 'observed', 'paid', 'resource', 'shared_blob')),
  primary key (object_id, checkpoint, tx_index, walrus_ordinal)
);

-- One row per blob id, for lists. A single blob is always answered by folding its facts; the two must agree.
create table blob (
  blob_id          bytea       primary key check (octet_length(blob_id) = 32),
  size             numeric(20),           -- null: only ever called invalid or deny-listed, no object seen
  encoding_type    smallint,
  first_checkpoint bigint      not null,  -- seen first
  last_checkpoint  bigint      not null,  -- changed last
  objects          integer     not null,
  -- Greatest exclusive end epochs: of objects not deleted, of certified ones, of ones that somebody still holds.
  -- At epoch X a blob is stored while registered_until > X; nothing is rewritten when an epoch turns.
  registered_until bigint      not null,
  certified_until  bigint      not null,
  held_until       bigint      not null,
  deleted_epoch    bigint,                -- of the latest deletion
  deletable        boolean     not null,  -- some object not deleted is deletable or pooled
  permanent        boolean     not null,  -- some own object is not deletable
  invalid_checkpoint bigint,              -- InvalidBlobID: final
  deny_listed      boolean     not null,
  quilt            boolean     not null   -- some object's attribute _walrusBlobType is quilt
);
create index blob_by_first on blob (first_checkpoint, blob_id);
-- A list by size begins with the blobs that have none; keyset conditions do not compare with null.
create index blob_by_size on blob (coalesce(size, -1), blob_id);
create index blob_by_registered_until on blob (registered_until, blob_id);
create index blob_by_certified_until on blob (certified_until, blob_id);

create table attribute (
  object_id        bytea       not null,
  key              text        not null,
  value            text        not null,
  primary key (object_id, key)
);
-- Values are user input of any length; an index entry may not exceed a third of a page.
create index attribute_by_value on attribute (key, md5(value), object_id);

create table storage_pool (
  storage_pool_id  bytea       primary key check (octet_length(storage_pool_id) = 32),
  origin           text        not null check (origin in ('created', 'observed')),
  created_checkpoint bigint,
  created_tx       bytea,
  start_epoch      bigint      not null,
  end_epoch        bigint      not null,  -- exclusive
  reserved_bytes   numeric(20) not null,
  used_bytes       numeric(20) not null,
  blobs            numeric(20) not null,
  owner_kind       text        not null,
  owner            bytea,
  destroyed_checkpoint bigint,
  destroyed_tx     bytea
);
create index storage_pool_by_owner on storage_pool (owner) where owner is not null;

create table storage_pool_term (
  storage_pool_id  bytea       not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  walrus_ordinal   integer     not null,
  end_epoch        bigint      not null,
  primary key (storage_pool_id, checkpoint, tx_index, walrus_ordinal)
);

create table shared_blob (
  shared_blob_id   bytea       primary key check (octet_length(shared_blob_id) = 32),
  object_id        bytea       not null,  -- of the Blob inside
  funds            numeric(20) not null,  -- FROST
  created_checkpoint bigint
);
create index shared_blob_by_object on shared_blob (object_id);
