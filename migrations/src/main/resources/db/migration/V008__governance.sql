-- Votes on contract upgrades and slashing, deny lists, protocol and contract versions. Most of it emits no event: rows
-- come from versions of the proposals, of UpgradeManager, System and the nodes' capabilities. No row is rewritten but
-- for how a round of votes ended, so that a past state is a condition on checkpoints.

-- A round of votes. A proposal that is voted for again in a later epoch begins anew, and so does its row.
create table proposal (
  kind             text        not null check (kind in ('upgrade', 'slashing')),
  subject          bytea       not null check (octet_length(subject) = 32),  -- package digest, or node id of the candidate
  checkpoint       bigint      not null,  -- where the round began, or was first seen
  tx_index         integer     not null,  -- -1: the transaction found it there
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  begun_at         timestamptz not null,
  observed         boolean     not null,  -- begun before our history: when its first votes came is not known
  epoch            bigint      not null,  -- only votes of this Walrus epoch count
  target_version   numeric(20) check ((kind = 'upgrade') = (target_version is not null)),  -- of the contract
  ended_how        text        check (ended_how in ('authorized', 'executed', 'cleaned-up', 'restarted')),
  ended_checkpoint bigint      check ((ended_how is null) = (ended_checkpoint is null)),
  ended_tx_index   integer,
  ended_tx         bytea,
  ended_at         timestamptz,
  burned           numeric(20),           -- FROST of commission, where executed; null: the pool before is not known
  supply_after     numeric(20),           -- FROST of WAL in existence, where executed and shown
  primary key (kind, subject, checkpoint, tx_index)
);
create index proposal_by_begin on proposal (kind, checkpoint, tx_index, subject);

create table proposal_vote (
  kind             text        not null,
  subject          bytea       not null,
  round_checkpoint bigint      not null,
  round_tx_index   integer     not null,
  position         integer     not null,  -- among the voters of the round, in order
  node_id          bytea       not null check (octet_length(node_id) = 32),
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  sender           bytea,                 -- null: the vote is older than our history
  voted_at         timestamptz not null,
  weight           integer,               -- shards; null where several votes share one version of the proposal
  total_weight     integer     not null,  -- of the proposal after the transaction
  primary key (kind, subject, round_checkpoint, round_tx_index, position)
);
create index proposal_vote_by_node on proposal_vote (node_id, checkpoint, tx_index);

-- New versions of the package. Authorised, published and committed in one transaction: neither the ticket nor the
-- receipt outlives it.
create table contract_upgrade (
  version          numeric(20) primary key,
  package_id       bytea       not null check (octet_length(package_id) = 32),
  package_version  numeric(20),           -- as Sui counts, from the effects; null: not published in this transaction
  package_digest   bytea,                 -- that was authorised; null: neither a proposal nor a call tells
  emergency        boolean     not null,  -- authorised by the EmergencyUpgradeCap, without votes
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  committed_at     timestamptz not null
);

-- What the shared System object says: the version in force, and where the state of that version lies.
create table contract_state (
  checkpoint       bigint      not null,
  tx_index         integer     not null,  -- -1: as reported before the first checkpoint
  tx_digest        bytea       check (octet_length(tx_digest) = 32),
  changed_at       timestamptz not null,
  version          numeric(20) not null,
  package_id       bytea       not null check (octet_length(package_id) = 32),
  new_package_id   bytea,                 -- committed, not migrated to
  system_inner     bytea       not null,  -- dynamic field of System, whose key is the version
  staking_inner    bytea,                 -- the same of Staking; null while that object was not seen
  migrated         boolean     not null,  -- the transaction announced the version: ContractUpgraded
  primary key (checkpoint, tx_index)
);

create table deny_list_update (
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  walrus_ordinal   integer     not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  updated_at       timestamptz not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  epoch            bigint      not null,
  announced        boolean     not null,  -- only announced by the node: nothing changed
  sequence         numeric(20) not null,
  root             bytea       not null check (octet_length(root) = 32),  -- u256, little-endian
  size             numeric(20),           -- encoded bytes on the list; null for announcements
  primary key (tx_digest, walrus_ordinal)
);
create index deny_list_update_by_position on deny_list_update (checkpoint, tx_index, walrus_ordinal);

create table protocol_version (
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  walrus_ordinal   integer     not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  updated_at       timestamptz not null,
  epoch            bigint      not null,
  start_epoch      bigint      not null,  -- nodes follow it from this Walrus epoch on
  version          numeric(20) not null,
  primary key (tx_digest, walrus_ordinal)
);
create index protocol_version_by_position on protocol_version (checkpoint, tx_index, walrus_ordinal);

-- Who stores what, by what: one row per BlobRegistered and PooledBlobRegistered. The projection 'adoption'.
create table registration (
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  walrus_ordinal   integer     not null,
  checkpoint       bigint      not null,
  tx_index         integer     not null,
  epoch            bigint      not null,
  object_id        bytea       not null check (octet_length(object_id) = 32),
  blob_id          bytea       not null check (octet_length(blob_id) = 32),
  publisher        bytea       not null check (octet_length(publisher) = 32),  -- sender of the transaction
  owner            bytea       check (octet_length(owner) = 32),  -- address that got the Blob; null: a pool, a contract, nobody
  caller           text        not null,  -- 'package::module' of the top-level call: Walrus's own, a relay, an app
  free             boolean     not null,  -- an event blob, for which nobody pays
  pooled           boolean     not null,
  relayed          boolean     not null,  -- the transaction begins with what an upload relay asks for
  size             numeric(20) not null,  -- unencoded bytes
  encoded_size     bigint      not null,  -- bytes, by the shards there were; 0 where their number is not known
  deletable        boolean     not null,
  primary key (tx_digest, walrus_ordinal)
);
create index registration_by_epoch on registration (epoch, checkpoint);
create index registration_by_object on registration (object_id);
create index registration_by_blob on registration (blob_id, checkpoint);

-- What a Blob object was first called by its attributes: a later change does not make it another kind of content.
create table content_label (
  object_id        bytea       not null check (octet_length(object_id) = 32),
  key              text        not null check (key in ('content-type', '_walrusBlobType')),
  value            text        not null,
  checkpoint       bigint      not null,
  epoch            bigint      not null,  -- that ran: it counts where the object was registered in the same epoch
  primary key (object_id, key)
);

-- Registrations added up while an epoch runs, event blobs apart. What is over is never counted again.
create table adoption (
  epoch            bigint      primary key,
  registrations    bigint      not null,
  bytes            numeric(39) not null,  -- unencoded
  encoded_bytes    numeric(39) not null,
  deletable        bigint      not null,
  deletable_bytes  numeric(39) not null,
  quilt_bytes      numeric(39) not null,
  pooled           bigint      not null,
  relayed          bigint      not null,
  quilts           bigint      not null,
  event_blobs      bigint      not null
);

-- The same by who or what: an address, 'package::module', a package, or a content type. Amounts are unencoded bytes.
create table adopter (
  role             text        not null check (role in ('publisher', 'owner', 'caller', 'package', 'contentType')),
  subject          text        not null,
  first_epoch      bigint      not null,
  count            bigint      not null,
  amount           numeric(39) not null,
  primary key (role, subject)
);
create index adopter_by_amount on adopter (role, amount desc, subject);

create table adopter_epoch (
  role             text        not null,
  subject          text        not null,
  epoch            bigint      not null,
  count            bigint      not null,
  amount           numeric(39) not null,
  primary key (role, subject, epoch)
);
create index adopter_epoch_by_amount on adopter_epoch (epoch, role, amount desc, subject);

create table adopter_count (
  epoch            bigint      not null,
  role             text        not null,
  subjects         bigint      not null,
  new_subjects     bigint      not null,  -- that no earlier epoch of our history had
  count            bigint      not null,
  amount           numeric(39) not null,
  primary key (epoch, role)
);

-- Packages whose sites count as Walrus Sites: as configured, and from which checkpoint on they were looked for.
create table site_package (
  package_id       bytea       primary key check (octet_length(package_id) = 32),
  since_checkpoint bigint                 -- null: in all of our history
);

-- One row per Walrus Site that was ever seen. Its blobs are the files below; what else it tells is left to the facts.
create table site (
  site_id          bytea       primary key check (octet_length(site_id) = 32),
  first_checkpoint bigint      not null,  -- seen first
  first_tx         bytea       not null check (octet_length(first_tx) = 32),
  created          boolean     not null,  -- false: seen first as it was found, or came out of another object
  burned_checkpoint bigint,
  burned_tx        bytea       check ((burned_tx is null) = (burned_checkpoint is null))
);

-- One row per version of a site's file. Where blob_id is null it is gone, or can no longer be read.
create table site_resource (
  resource_id      bytea       not null check (octet_length(resource_id) = 32),  -- of the dynamic field
  version          bigint      not null,
  checkpoint       bigint      not null,
  tx_digest        bytea       not null check (octet_length(tx_digest) = 32),
  site_id          bytea       check ((site_id is null) = (blob_id is null)),
  path             text,
  blob_id          bytea       check (octet_length(blob_id) = 32),
  quilt_patch      bytea       check (octet_length(quilt_patch) = 5),  -- null: the blob is the file
  primary key (resource_id, version)
);

-- Files of living sites as of a checkpoint.
create function living_site_resource(until bigint)
returns table (site_id bytea, blob_id bytea, quilt_patch bytea) language sql stable as $$
  select r.site_id, r.blob_id, r.quilt_patch
  from (select distinct on (v.resource_id) v.site_id, v.blob_id, v.quilt_patch
        from site_resource v where v.checkpoint <= until
        order by v.resource_id, v.version desc) r
  join site s using (site_id)
  where s.burned_checkpoint is null or s.burned_checkpoint > until
$$;

-- Sites as of a checkpoint, and those created and burned after another one. One count for epochs that are over and for the
-- one that runs; tables are named without a schema, so that it counts those of a rebuild too.
create function site_count(since bigint, until bigint)
returns table (created bigint, burned bigint, living bigint, resources bigint, blobs bigint, bytes numeric,
               quilts bigint, broken bigint) language sql stable as $$
  select s.created, s.burned, s.living, coalesce(sum(b.resources), 0)::bigint, count(b.blob_id),
    coalesce(sum(b.size), 0), count(*) filter (where b.quilt),
    coalesce(sum(b.resources) filter (where b.size is null), 0)::bigint
  from (select count(*) filter (where created and first_checkpoint > since) as created,
               count(*) filter (where burned_checkpoint > since and burned_checkpoint <= until) as burned,
               count(*) filter (where burned_checkpoint is null or burned_checkpoint > until) as living
        from site where first_checkpoint <= until) s
  left join (select l.blob_id, count(*) as resources, bool_or(l.quilt_patch is not null) as quilt,
                    (select g.size from registration g where g.blob_id = l.blob_id and g.checkpoint <= until limit 1) as size
             from living_site_resource(until) l group by l.blob_id) b on true
  group by s.created, s.burned, s.living
$$;

-- Sites at the end of epochs that are over; the one that runs is counted.
create table site_epoch (
  epoch            bigint      primary key,
  end_checkpoint   bigint      not null,  -- the last one before the next epoch began
  created          bigint      not null,
  burned           bigint      not null,
  living           bigint      not null,
  resources        bigint      not null,
  blobs            bigint      not null,  -- different ones that files refer to
  bytes            numeric(39) not null,  -- unencoded, of those that somebody registered in our history
  quilts           bigint      not null,  -- of the blobs
  broken           bigint      not null   -- files whose blob nobody registered in our history
);

-- Payments of users by payer, added up in the same way by the projection 'money'. Amounts are FROST.
create table payer (
  role             text        not null check (role = 'payer'),
  subject          text        not null,
  first_epoch      bigint      not null,
  count            bigint      not null,
  amount           numeric(39) not null,
  primary key (role, subject)
);
create index payer_by_amount on payer (role, amount desc, subject);

create table payer_epoch (
  role             text        not null,
  subject          text        not null,
  epoch            bigint      not null,
  count            bigint      not null,
  amount           numeric(39) not null,
  primary key (role, subject, epoch)
);
create index payer_epoch_by_amount on payer_epoch (epoch, role, amount desc, subject);

create table payer_count (
  epoch            bigint      not null,
  role             text        not null,
  subjects         bigint      not null,
  new_subjects     bigint      not null,
  count            bigint      not null,
  amount           numeric(39) not null,
  primary key (epoch, role)
);
