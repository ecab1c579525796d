-- Last checkpoints of Sui epochs that lead from the anchor to where indexing began: only their certified summaries were
-- fetched, so that they have no row in checkpoint, and a stranger can follow the committees all the same.
create table hand_over_evidence (
  checkpoint       bigint      primary key,
  summary_bcs      bytea       not null,
  signature_epoch  bigint      not null,
  signature        bytea       not null check (octet_length(signature) = 48),
  signers_bitmap   bytea       not null   -- Roaring, indexes into the committee
);
