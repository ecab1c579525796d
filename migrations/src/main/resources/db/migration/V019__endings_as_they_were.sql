-- The sums of V017 as they were: each row is what one came to at the end of a checkpoint that changed it, and holds until the next
-- row of its key. So what ended when, as of any checkpoint, is one index look-up per epoch and holder. Part of the projection 'blob'.

create table ending_history (
  end_epoch        bigint      not null,
  checkpoint       bigint      not null,
  objects          bigint      not null,
  bytes            numeric(39) not null,
  primary key (end_epoch, checkpoint)
);

create table ending_of_owner_history (
  end_epoch        bigint      not null,
  owner_kind       text        not null,
  owner            bytea       not null,  -- empty where there is none
  checkpoint       bigint      not null,
  objects          bigint      not null,
  bytes            numeric(39) not null,
  primary key (end_epoch, owner_kind, owner, checkpoint)
);

create table pool_content_history (
  storage_pool_id  bytea       not null check (octet_length(storage_pool_id) = 32),
  checkpoint       bigint      not null,
  objects          bigint      not null,
  bytes            numeric(39) not null,
  primary key (storage_pool_id, checkpoint)
);

-- Where the days of the chain's clock (UTC) begin, and who then had most of what ends with an epoch: of whom else to ask who had
-- most at a checkpoint in between, no index could tell.
create table ending_day (
  checkpoint       bigint      primary key,  -- the first one of the day; the rows below are as of before it
  day              date        not null
);
create table ending_largest (
  checkpoint       bigint      not null,
  end_epoch        bigint      not null,
  owner_kind       text        not null,
  owner            bytea       not null,
  primary key (checkpoint, end_epoch, owner_kind, owner)
);

-- Empty where they reach as far back as the facts; else the checkpoint from which on they were kept. A rebuild empties it.
create table ending_history_since (
  checkpoint       bigint      primary key
);

insert into ending_history_since select last_checkpoint from watermark where pipeline = 'blob';
insert into ending_history
  select e.end_epoch, s.checkpoint, e.objects, e.bytes from ending e cross join ending_history_since s;
insert into ending_of_owner_history
  select e.end_epoch, e.owner_kind, e.owner, s.checkpoint, e.objects, e.bytes
  from ending_of_owner e cross join ending_history_since s;
insert into pool_content_history
  select c.storage_pool_id, s.checkpoint, c.objects, c.bytes from pool_content c cross join ending_history_since s;

-- A page of what an address held is read in the order of its objects, not sorted out of all its changes.
drop index object_change_by_owner;
create index object_change_by_owner on object_change (owner, type, object_id, version) where owner_kind = 'address';

-- The objects that ended with an epoch as of a checkpoint, whatever became of them since.
create index blob_term_by_end on blob_term (end_epoch, object_id);

-- Where a list of blobs has those with an attribute: read off the index in order, however many there are. Null while no Blob
-- object of that id is known.
alter table attribute add column blob_id bytea, add column first_checkpoint bigint;
update attribute a set blob_id = b.blob_id, first_checkpoint = b.first_checkpoint
  from blob_object o join blob b using (blob_id) where o.object_id = a.object_id;
drop index attribute_by_value;
create index attribute_by_value on attribute (md5(key), md5(value), first_checkpoint, blob_id);
create index attribute_by_key on attribute (md5(key), first_checkpoint, blob_id);
