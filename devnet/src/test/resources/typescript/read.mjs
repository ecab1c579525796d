// Reads a chain through the Sui TypeScript SDK and prints what it got as JSON, integers as strings and bytes as hex.
//
//   node read.mjs URL web|grpc read '{"checkpoint": "1001", "digest": …, "object": …, …}'
//   node read.mjs URL web|grpc follow COUNT
//   node read.mjs URL web|grpc walrus '{"system": …, "staking": …, "blob": …, "blobWithAttributes": …}'
//   node read.mjs URL web|grpc blob '{"system": …, "staking": …, "eventType": …}'
import { ChannelCredentials } from '@grpc/grpc-js';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { WalrusClient, blobIdFromInt } from '@mysten/walrus';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';

const [url, wire, what, argument] = process.argv.slice(2);

const client = new SuiGrpcClient({
  network: 'custom',
  ...(wire === 'grpc'
    ? {
        transport: new GrpcTransport({
          host: new URL(url).host,
          channelCredentials: ChannelCredentials.createInsecure(),
        }),
      }
    : { baseUrl: url }),
});

// A Buffer has a JSON form of its own, which has replaced it in `value`.
function plain(key, value) {
  const raw = this[key];
  if (typeof raw === 'bigint') return raw.toString();
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString('hex');
  return value;
}

async function failure(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return { code: error.cause?.code ?? error.code, message: error.message };
  }
}

async function read(wanted) {
  const checkpoint = await client.ledgerService.getCheckpoint({
    checkpointId: { oneofKind: 'sequenceNumber', sequenceNumber: BigInt(wanted.checkpoint) },
    readMask: { paths: ['*'] },
  });
  const include = { content: true, objectBcs: true, previousTransaction: true, json: true };
  return {
    chain: await client.getChainIdentifier(),
    checkpoint: checkpoint.response.checkpoint,
    headers: checkpoint.headers,
    object: (await client.getObject({ objectId: wanted.object, include })).object,
    transaction: await client.getTransaction({
      digest: wanted.digest,
      include: { effects: true, events: true, balanceChanges: true, objectTypes: true, bcs: true },
    }),
    events: await client.listEvents({ filter: { eventType: wanted.eventType }, limit: 2 }),
    owned: await client.listOwnedObjects({ owner: wanted.owner, limit: 1, include: { content: true } }),
    balance: await client.getBalance({ owner: wanted.owner }),
    fields: await client.listDynamicFields({ parentId: wanted.parent, include: { value: true } }),
    gasPrice: await client.getReferenceGasPrice(),
    missingObject: await failure(client.getObject({ objectId: '0x404' })),
    missingTransaction: await failure(client.getTransaction({ digest: wanted.missingDigest })),
    badRequest: await failure(client.ledgerService.getObject({ objectId: 'ä bad id' })),
  };
}

async function follow(count) {
  const stop = new AbortController();
  const stream = client.subscriptionService.subscribeCheckpoints(
    { readMask: { paths: ['sequence_number', 'digest'] } },
    { abort: stop.signal },
  );
  await stream.headers;
  console.log('following');
  const seen = [];
  for await (const frame of stream.responses) {
    seen.push({ cursor: frame.cursor, digest: frame.checkpoint.digest });
    if (seen.length === count) break;
  }
  stop.abort();
  return seen;
}

// What the Walrus SDK reads from the chain before it asks storage nodes.
async function walrus(wanted) {
  const walrusClient = new WalrusClient({
    packageConfig: { systemObjectId: wanted.system, stakingPoolId: wanted.staking },
    suiClient: client,
  });
  const [systemState, stakingState] = [await walrusClient.systemState(), await walrusClient.stakingState()];
  const pools = stakingState.committee[0].contents.map((node) => node.key);
  const { objects } = await client.getObjects({ objectIds: pools, include: { content: true } });
  return {
    systemState,
    stakingState,
    pools: objects.map((pool) => ({ id: pool.objectId, type: pool.type })),
    blobType: await walrusClient.getBlobType(),
    blob: await walrusClient.getBlobObject(wanted.blob),
    attributes: await walrusClient.readBlobAttributes({ blobObjectId: wanted.blobWithAttributes }),
    cost: await walrusClient.storageCost(1_000_000, 2),
  };
}

// Waits for the first certified blob and reads it from the storage nodes, in pieces and as a whole.
async function blob(wanted) {
  const walrusClient = new WalrusClient({
    packageConfig: { systemObjectId: wanted.system, stakingPoolId: wanted.staking },
    suiClient: client,
  });
  let certified;
  while (!certified) {
    const { events } = await client.listEvents({ filter: { eventType: wanted.eventType }, limit: 1 });
    certified = events[0];
    if (!certified) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const blobId = blobIdFromInt(BigInt(certified.json.blob_id));
  const metadata = await walrusClient.getBlobMetadata({ blobId });
  const slivers = await walrusClient.getSlivers({ blobId });
  return {
    blobId,
    status: await walrusClient.getVerifiedBlobStatus({ blobId }),
    size: metadata.metadata.V1.unencoded_length,
    slivers: slivers.length,
    content: await walrusClient.readBlob({ blobId }),
  };
}

const tasks = {
  blob: () => blob(JSON.parse(argument)),
  read: () => read(JSON.parse(argument)),
  follow: () => follow(Number(argument)),
  walrus: () => walrus(JSON.parse(argument)),
};
const result = await tasks[what]();
// Connections would keep node alive; leaving before all is written would cut it.
process.stdout.write(JSON.stringify(result, plain), () => process.exit(0));
