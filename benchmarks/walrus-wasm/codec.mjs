// Encodes and decodes one file with the official encoder and prints how long that took, as one line of JSON:
//
//   node codec.mjs FILE SHARDS REPETITIONS
//
// Times are in milliseconds, one per repetition. "slivers" is the SHA-256 over all slivers in BCS, pair by pair, primary first.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { BlobEncoder } from '@mysten/walrus-wasm';

const [file, shardsText, repetitionsText] = process.argv.slice(2);
const shards = Number(shardsText);
const repetitions = Number(repetitionsText);
const blob = new Uint8Array(readFileSync(file));

const faulty = Math.floor((shards - 1) / 3);
const rows = shards - 2 * faulty;
const columns = shards - faulty;
const symbol = 2 * Math.ceil(Math.max(blob.length, 1) / (rows * columns) / 2);

/** A buffer for a sliver of so many symbols in BCS: length, data, symbol size, index. */
function sliverBuffer(symbols) {
  const bytes = symbols * symbol;
  let lengthBytes = 1;
  for (let rest = bytes; rest >= 0x80; rest = Math.floor(rest / 0x80)) lengthBytes++;
  return new Uint8Array(lengthBytes + bytes + 4);
}

const primary = Array.from({ length: shards }, () => sliverBuffer(columns));
const secondary = Array.from({ length: shards }, () => sliverBuffer(rows));
const decoded = new Uint8Array(blob.length);
const encoder = new BlobEncoder(shards);

function time(work) {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

let blobId;
const times = { metadata: [], encode: [], decode: [] };
// Three rounds more than asked for, which warm up.
for (let round = -3; round < repetitions; round++) {
  const took = {
    metadata: time(() => ([blobId] = encoder.compute_metadata(blob))),
    encode: time(() => encoder.encode(blob, primary, secondary)),
    decode: time(() => encoder.decode(blobId, BigInt(blob.length), primary.slice(shards - rows), decoded)),
  };
  if (round >= 0) for (const name of Object.keys(times)) times[name].push(took[name]);
}

const slivers = createHash('sha256');
for (let pair = 0; pair < shards; pair++) {
  slivers.update(primary[pair]);
  slivers.update(secondary[pair]);
}
const version = createRequire(import.meta.url)('./node_modules/@mysten/walrus-wasm/package.json').version;
console.log(
  JSON.stringify({
    version,
    node: process.versions.node,
    blobId: Buffer.from(blobId).toString('base64url'),
    slivers: slivers.digest('hex'),
    decoded: createHash('sha256').update(decoded).digest('hex'),
    times,
  }),
);
