-- What the verifier asked of storage nodes and what it found. The log is the truth: every other table here follows from
-- its lines, and can be made again from them.

-- Who may speak: the verifiers whose logs are here.
create table prover (
  prover           bytea       primary key check (octet_length(prover) = 32),  -- Ed25519 key
  name             text        not null,
  registered_at    timestamptz not null default now(),
  admitted_at      timestamptz,           -- null: heard, but its word does not count
  revoked_at       timestamptz            -- its word no longer counts
);

-- One row per line of a prover's log; append-only.
create table log_entry (
  prover           bytea       not null references prover,
  sequence         bigint      not null,
  hash             bytea       not null check (octet_length(hash) = 32),  -- SHA-256 of the line's UTF-8
  at               timestamptz not null,
  kind             text        not null,
  line             text        not null,  -- exactly as it was hashed; text, for no JSON type keeps its bytes
  primary key (prover, sequence)
);
create index log_entry_by_kind on log_entry (prover, kind, sequence) where kind <> 'PROBE';

-- Where each log stands. Its row is locked by whoever appends.
create table log_head (
  prover           bytea       primary key references prover,
  next_sequence    bigint      not null,
  last_hash        bytea       not null,
  rooted_up_to     bigint      not null,  -- entries before this one are under a signed root
  last_root_at     timestamptz not null
);

-- All that may be asked in an epoch.
create table frame (
  walrus_epoch     bigint      primary key,
  methodology      text        not null,
  root             bytea       not null check (octet_length(root) = 32),
  blobs            bigint      not null,
  members          integer     not null,
  observed_checkpoint bigint   not null,
  first_seed_height bigint     not null,
  seed_interval    bigint      not null,
  record           text        not null,  -- the body of its log entry
  prover           bytea       not null,
  log_sequence     bigint      not null,
  published_at     timestamptz not null
);

-- In which logs a frame stands: in that of its maker, and of every vantage that draws from it too.
create table frame_vantage (
  walrus_epoch     bigint      not null references frame,
  prover           bytea       not null,
  log_sequence     bigint      not null,
  adopted_at       timestamptz not null,
  primary key (walrus_epoch, prover)
);

-- The blobs of a frame in their order, in blocks of 1024: a power of two, so that a block's root is a node of the tree.
create table frame_block (
  walrus_epoch     bigint      not null references frame deferrable initially deferred,  -- counted while filled
  block            bigint      not null,
  leaves           bytea       not null,  -- BCS, one after the other
  root             bytea       not null check (octet_length(root) = 32),
  primary key (walrus_epoch, block)
);

create table round (
  walrus_epoch     bigint      not null references frame,
  round            bigint      not null,
  seed_height      bigint      not null,
  state            text        not null check (state in ('running', 'done', 'missed')),
  seed_digest      bytea       check (octet_length(seed_digest) = 32),
  record           text,                  -- the body of its log entry; null: missed
  prover           bytea       not null,
  log_sequence     bigint,
  started_at       timestamptz,
  ended_at         timestamptz,
  draws            integer     not null default 0,
  asked            integer     not null default 0,
  compared         boolean     not null default false,  -- with what other vantages saw
  primary key (walrus_epoch, round, prover)
);
create index round_by_uncompared on round (prover, walrus_epoch, round) where state = 'done' and not compared;

-- What running a round again takes besides lines of the log: the drawn blobs with their paths to the frame's root.
create table replay (
  walrus_epoch     bigint      not null,
  round            bigint      not null,
  prover           bytea       not null,
  blobs_zstd       bytea       not null,  -- a JSON array
  primary key (walrus_epoch, round, prover),
  foreign key (walrus_epoch, round, prover) references round
);

-- One row per draw that was asked, as judged.
create table probe (
  probe_id         bytea       primary key check (octet_length(probe_id) = 16),
  walrus_epoch     bigint      not null,
  round            bigint      not null,
  member           integer     not null,
  depth            text        not null check (depth in ('CLAIM', 'SYMBOL', 'SLIVER')),
  ordinal          integer     not null,
  prover           bytea       not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  blob_id          bytea       not null check (octet_length(blob_id) = 32),
  shard            integer     not null,
  asked_at         timestamptz not null,
  wave             integer     not null,  -- what is asked together, and judged together
  verdict          text        not null,
  blame            text,                  -- null: all is well
  counts           boolean     not null,  -- in the score, by this vantage's word alone
  said             text        not null,  -- of the last attempt
  attempts         integer     not null,
  millis           integer     not null,  -- of the last attempt
  body_bytes       bigint      not null,
  inclusion        double precision not null,  -- chance of this blob and shard in one draw
  weight           bigint      not null,  -- one over it
  log_sequence     bigint      not null,
  unique (walrus_epoch, round, member, depth, ordinal, prover),
  foreign key (prover, log_sequence) references log_entry
);
create index probe_by_node on probe (node_id, asked_at, probe_id);
create index probe_by_failure on probe (node_id, asked_at, probe_id) where verdict not in ('served', 'slow');
create index probe_by_verdict on probe (verdict, asked_at, probe_id) where verdict not in ('served', 'slow');
create index probe_by_blame on probe (blame, asked_at, probe_id) where blame is not null;
create index probe_by_blob on probe (blob_id, shard, asked_at desc);
create index probe_by_time on probe (asked_at, probe_id);
create index probe_by_round on probe (walrus_epoch, round, prover, log_sequence);

-- What was taken of each node, by minute: every request, whatever it was for, and the bytes of every body. Two days of it.
create table node_spending (
  prover           bytea       not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  spent_at         timestamptz not null,
  bytes            bigint      not null,
  requests         bigint      not null,
  primary key (prover, node_id, spent_at)
);

-- What several vantages together make of a draw that one of them got no answer to. The probe's own row stays as it is.
create table quorum_finding (
  prover           bytea       not null,
  log_sequence     bigint      not null,
  probe_id         bytea       not null unique references probe,
  walrus_epoch     bigint      not null,
  round            bigint      not null,
  node_id          bytea       not null,
  blame            text        not null check (blame in ('NODE', 'NETWORK')),
  vantages         integer     not null,  -- whose words it rests on
  found_at         timestamptz not null,
  primary key (prover, log_sequence)
);
create index quorum_finding_by_node on quorum_finding (node_id, walrus_epoch, log_sequence);
create index quorum_finding_by_blame on quorum_finding (blame, probe_id);

-- Bodies of answers that were false: what a second judge wants to see.
create table answer_body (
  digest           bytea       primary key check (octet_length(digest) = 32),  -- SHA-256
  body_zstd        bytea       not null
);

-- A node's signed word that it has a blob, beside its failure to serve it.
create table contradiction (
  prover           bytea       not null,
  log_sequence     bigint      not null,
  walrus_epoch     bigint      not null,
  node_id          bytea       not null,
  blob_id          bytea       not null,
  failed_probe     bytea       not null,
  found_at         timestamptz not null,
  primary key (prover, log_sequence)
);
create index contradiction_by_node on contradiction (node_id, walrus_epoch, log_sequence);
create index contradiction_by_probe on contradiction (failed_probe);

-- Times in which we were not able to tell.
create table outage (
  prover           bytea       not null,
  log_sequence     bigint      not null,
  walrus_epoch     bigint      not null,
  round            bigint      not null,
  began_at         timestamptz not null,
  ended_at         timestamptz not null,
  cause            text        not null,
  primary key (prover, log_sequence)
);

-- What operators announced. Failures inside are listed and counted all the same, and shown apart.
create table maintenance (
  node_id          bytea       not null,
  began_at         timestamptz not null,
  ended_at         timestamptz not null,
  reason           text        not null,
  declared_by      text        not null check (declared_by in ('operator', 'admin')),
  declared_at      timestamptz not null,
  record           text        not null,  -- as signed
  primary key (node_id, began_at),
  check (began_at < ended_at)
);

-- In which logs a declaration stands: from there on it is known to whoever judges.
create table maintenance_vantage (
  node_id          bytea       not null,
  began_at         timestamptz not null,
  prover           bytea       not null,
  log_sequence     bigint      not null,
  primary key (node_id, began_at, prover),
  foreign key (node_id, began_at) references maintenance
);

-- Counters from which scores are made: no answer counts probes. By log, for all vantages ask the same: their probes of
-- one draw are one sample, and must not be added up.
create table node_hour (
  prover           bytea       not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  hour             timestamptz not null,
  walrus_epoch     bigint      not null,
  depth            text        not null,
  verdict          text        not null,
  blame            text        not null,  -- empty: all is well
  counts           boolean     not null,
  maintained       boolean     not null,  -- inside a declared maintenance that the log knew of
  probes           bigint      not null,
  weight           bigint      not null,  -- of all of them
  weight_squares   double precision not null,  -- sum of the squares of their weights
  bytes            bigint      not null,
  latency          bigint[]    not null,  -- histogram of milliseconds: buckets of the method
  latency_per_mib  bigint[]    not null,
  primary key (node_id, hour, walrus_epoch, depth, verdict, blame, counts, maintained, prover)
);

-- The score of each window as it was after every round: who asks why it dropped can see when. From the log of the vantage
-- that was admitted first, its own probes and what a quorum found of them.
create table node_score (
  prover           bytea       not null,
  node_id          bytea       not null check (octet_length(node_id) = 32),
  window_name      text        not null check (window_name in ('epoch', '30d', 'all')),
  walrus_epoch     bigint      not null,
  methodology      text        not null,
  enough           boolean     not null,
  rank             double precision not null,  -- the bound that ranks
  low              double precision not null,  -- of the interval that is shown
  high             double precision not null,
  record           text        not null,  -- JSON
  computed_at      timestamptz not null,
  primary key (node_id, window_name, computed_at)
);
create index node_score_by_epoch on node_score (node_id, window_name, walrus_epoch, computed_at);

-- The case against a node in an epoch, as of the last round that added to it: all of it stands under signed roots.
create table dossier (
  node_id          bytea       not null check (octet_length(node_id) = 32),
  walrus_epoch     bigint      not null,
  prover           bytea       not null references prover,
  made_at          timestamptz not null,
  failures         integer     not null,
  contradictions   integer     not null,
  record           text        not null,  -- JSON
  primary key (node_id, walrus_epoch, prover)
);

-- Seeds of rounds are milestones, of which the certified summary is kept though nothing of Walrus is in them: a row without
-- contents is one of those.
alter table checkpoint_evidence alter column contents_zstd drop not null;
