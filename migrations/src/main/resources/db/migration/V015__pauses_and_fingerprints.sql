-- Why a webhook pauses, for its owner; empty while it does not.
alter table webhook add column pause_reason text not null default '';

-- Hashes over what was certified when an epoch began, as storage nodes publish them. Made once it has begun and while history
-- is complete; what they are over cannot change any more.
create table epoch_fingerprint (
  epoch            bigint      not null,
  what             text        not null check (what in ('blobs', 'objects', 'pooled_objects')),
  hash             bigint      not null,  -- xxHash64 with the epoch as seed, signed
  entries          bigint      not null,
  made_at          timestamptz not null default now(),
  primary key (epoch, what)
);
