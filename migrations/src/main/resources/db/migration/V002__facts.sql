-- Facts of Walrus, keyed by where they stand on chain. Append-only and idempotent: the same checkpoint gives the same
-- rows, so a re-run is harmless and every projection can be folded again from here.

-- Transactions that touched Walrus: by an event, an object or a call. Failed ones too, for they explain what is missing.
create table transaction (
  digest           bytea       primary key check (octet_length(digest) = 32),
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  sender           bytea       not null check (octet_length(sender) = 32),
  gas_owner        bytea       not null check (octet_length(gas_owner) = 32),
  error            text,                  -- null: success
  calls            text[]      not null,  -- 'module::function' of calls into the Walrus package, in order
  effects_bcs      bytea       not null,
  events_bcs       bytea,                 -- null: no events
  unique (checkpoint, tx_index)
);
create index transaction_by_failure on transaction (checkpoint, tx_index) where error is not null;

create table event (
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  walrus_ordinal   integer     not null,  -- among the Walrus events of the transaction, as storage nodes count
  sui_event_index  integer,               -- among all events of the transaction; null from event blobs
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  name             text        not null,  -- Move struct name
  known            boolean     not null,  -- false: kept as bytes, not folded
  type_package     bytea       not null check (octet_length(type_package) = 32),  -- the version that defines the type
  emitter          text        not null,  -- 'package::module' of the call that led to it
  blob_id          bytea       check (octet_length(blob_id) = 32),
  object_id        bytea       check (octet_length(object_id) = 32),
  storage_pool_id  bytea       check (octet_length(storage_pool_id) = 32),
  contents         bytea       not null,  -- BCS
  primary key (tx_digest, walrus_ordinal),
  unique (tx_digest, sui_event_index)
);
create index event_by_position on event (checkpoint, tx_index, walrus_ordinal);
create index event_by_blob on event (blob_id, checkpoint, tx_index, walrus_ordinal) where blob_id is not null;
create index event_by_object on event (object_id, checkpoint, tx_index, walrus_ordinal) where object_id is not null;
create index event_by_pool on event (storage_pool_id, checkpoint, tx_index, walrus_ordinal)
  where storage_pool_id is not null and blob_id is null;
create index event_by_name on event (name, checkpoint, tx_index, walrus_ordinal)
  where name not in ('BlobRegistered', 'BlobCertified', 'BlobDeleted',
                     'PooledBlobRegistered', 'PooledBlobCertified', 'PooledBlobDeleted');

-- One row per version of an object of Walrus. The inner state of System is written by nearly every paying
-- transaction and is kept only where an epoch turns or the contract is upgraded.
create table object_change (
  object_id        bytea       not null check (octet_length(object_id) = 32),
  version          bigint      not null,  -- Sui's; for what ceased to exist, the transaction's
  change           text        not null
    check (change in ('created', 'mutated', 'unwrapped', 'wrapped', 'deleted', 'observed', 'fleeting')),
                                          -- observed: seen first as an input; fleeting: created and gone in one transaction
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  type             text        not null,  -- 'blob::Blob'; a dynamic field by its value: 'Field<metadata::Metadata>'
  owner_kind       text        not null check (owner_kind in ('address', 'object', 'shared', 'immutable', 'none')),
  owner            bytea       check (octet_length(owner) = 32),
  blob_id          bytea       check (octet_length(blob_id) = 32),      -- of a Blob, a PooledBlob or the Blob in a SharedBlob
  inner_object_id  bytea       check (octet_length(inner_object_id) = 32),  -- the Blob in a SharedBlob, the parent of a field
  object_bcs       bytea,                 -- null: there is no object any more
  primary key (object_id, version)
);
create index object_change_by_position on object_change (checkpoint, tx_index);
create index object_change_by_blob on object_change (blob_id, checkpoint, tx_index) where blob_id is not null;
create index object_change_by_owner on object_change (owner, type, checkpoint) where owner_kind = 'address';
create index object_change_by_inner on object_change (inner_object_id, checkpoint, tx_index)
  where inner_object_id is not null;
create index object_change_by_type on object_change (type, checkpoint, tx_index)
  where type not in ('blob::Blob', 'Field<metadata::Metadata>', 'storage_pool::PooledBlob', 'storage_resource::Storage');

-- Certificates of storage nodes that came as arguments of successful calls.
create table certificate (
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  command_index    integer     not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  message_type     smallint    not null,  -- 1 blob, 2 invalid blob id, 4 deny list, 5 deny-listed blob, 6 protocol version
  walrus_epoch     bigint      not null,  -- whose committee signed
  signers_bitmap   bytea       not null,  -- bit i, lowest first, is member i of that committee
  message          bytea       not null,
  signature        bytea       not null,
  primary key (tx_digest, command_index)
);
create index certificate_by_epoch on certificate (walrus_epoch, checkpoint, tx_index, command_index);

-- Bytes that no decoder of ours understands yet: kept, counted, shown. Never a reason to stop.
create table quarantine (
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  part             text        not null check (part in ('transaction', 'effects', 'events', 'event', 'object', 'call')),
  reference        text        not null,  -- event ordinal, object id, or empty
  type             text        not null,
  reason           text        not null,
  bytes            bytea       not null,
  primary key (checkpoint, tx_index, part, reference)
);
