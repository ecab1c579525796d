-- What lists and figures would otherwise have to count: part of the projection 'blob'. Bytes are unencoded.

-- Own objects that are not deleted, by the epoch at whose start they end.
create table ending (
  end_epoch        bigint      primary key,
  objects          bigint      not null,
  bytes            numeric(39) not null   -- of objects whose size is known
);

-- The same by who holds them, as blob_object has it.
create table ending_of_owner (
  end_epoch        bigint      not null,
  owner_kind       text        not null,
  owner            bytea       not null,  -- empty where there is none
  objects          bigint      not null,
  bytes            numeric(39) not null,
  primary key (end_epoch, owner_kind, owner)
);

-- Pooled objects that are not deleted; their pool tells when they end.
create table pool_content (
  storage_pool_id  bytea       primary key check (octet_length(storage_pool_id) = 32),
  objects          bigint      not null,
  bytes            numeric(39) not null
);

insert into ending
  select end_epoch, count(*), coalesce(sum(size), 0)
  from blob_object where kind = 'own' and deleted_checkpoint is null group by end_epoch;
insert into ending_of_owner
  select end_epoch, owner_kind, coalesce(owner, ''), count(*), coalesce(sum(size), 0)
  from blob_object where kind = 'own' and deleted_checkpoint is null group by end_epoch, owner_kind, owner;
insert into pool_content
  select storage_pool_id, count(*), coalesce(sum(size), 0)
  from blob_object where kind = 'pooled' and deleted_checkpoint is null group by storage_pool_id;

create index ending_of_owner_by_owner on ending_of_owner (owner, owner_kind, end_epoch);
create index ending_of_owner_by_bytes on ending_of_owner (end_epoch, bytes desc);
create index storage_pool_by_end on storage_pool (end_epoch, storage_pool_id);

-- States that few blobs are in, and quilts: without these a list of them would walk past all others.
create index blob_by_invalid on blob (first_checkpoint, blob_id) where invalid_checkpoint is not null;
create index blob_by_deleted on blob (first_checkpoint, blob_id) where deleted_epoch is not null;
create index blob_by_burned on blob (first_checkpoint, blob_id) where held_until < registered_until;
create index blob_by_uncertified on blob (first_checkpoint, blob_id) where certified_until < registered_until;
create index blob_by_quilt on blob (first_checkpoint, blob_id) where quilt;
