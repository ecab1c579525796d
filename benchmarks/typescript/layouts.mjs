// The checkpoint's own BCS layouts, which the SDK does not have, made with its builder. Digests stay bytes here, as
// the cheapest thing the builder offers; the SDK's own types turn theirs into Base58.
import { bcs } from '@mysten/sui/bcs';

const Digest = bcs.byteVector();

const GasCost = bcs.struct('GasCostSummary', {
  computationCost: bcs.u64(),
  storageCost: bcs.u64(),
  storageRebate: bcs.u64(),
  nonRefundableStorageFee: bcs.u64(),
});

const Commitment = bcs.enum('CheckpointCommitment', {
  EcmhLiveObjectSet: Digest,
  CheckpointArtifacts: Digest,
});

const EndOfEpoch = bcs.struct('EndOfEpochData', {
  nextEpochCommittee: bcs.vector(bcs.tuple([bcs.byteVector(), bcs.u64()])),
  nextEpochProtocolVersion: bcs.u64(),
  epochCommitments: bcs.vector(Commitment),
});

export const CheckpointSummary = bcs.struct('CheckpointSummary', {
  epoch: bcs.u64(),
  sequenceNumber: bcs.u64(),
  networkTotalTransactions: bcs.u64(),
  contentDigest: Digest,
  previousDigest: bcs.option(Digest),
  gas: GasCost,
  timestampMs: bcs.u64(),
  commitments: bcs.vector(Commitment),
  endOfEpoch: bcs.option(EndOfEpoch),
  versionSpecificData: bcs.byteVector(),
});

const ExecutionDigests = bcs.struct('ExecutionDigests', { transaction: Digest, effects: Digest });
const UserSignature = bcs.byteVector();

export const CheckpointContents = bcs.enum('CheckpointContents', {
  V1: bcs.struct('CheckpointContentsV1', {
    transactions: bcs.vector(ExecutionDigests),
    userSignatures: bcs.vector(bcs.vector(UserSignature)),
  }),
  V2: bcs.vector(
    bcs.struct('CheckpointTransactionContents', {
      digests: ExecutionDigests,
      userSignatures: bcs.vector(bcs.tuple([UserSignature, bcs.option(bcs.u64())])),
    }),
  ),
});

export const Events = bcs.vector(
  bcs.struct('Event', {
    packageId: bcs.Address,
    module: bcs.string(),
    sender: bcs.Address,
    type: bcs.StructTag,
    contents: bcs.byteVector(),
  }),
);
