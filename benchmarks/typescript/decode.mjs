// Decodes a folder of uncompressed checkpoints (*.binpb) over and over with the Sui TypeScript SDK and prints how
// fast that was, as one line of JSON:
//
//   node decode.mjs DIR [--warm-up SECONDS] [--seconds SECONDS]
//   node decode.mjs DIR --text FILE.binpb     the text of one checkpoint, to see where two decoders differ
//
// "undecodable" lists the files that the SDK could not read; they count nowhere.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bcs } from '@mysten/sui/bcs';
import { GrpcTypes } from '@mysten/sui/grpc';
import { CheckpointContents, CheckpointSummary, Events } from './layouts.mjs';
import { linesOf } from './text.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'warm-up': { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    text: { type: 'string' },
  },
});
const [folder] = positionals;

const decodeContainer = (bytes) => GrpcTypes.Checkpoint.fromBinary(bytes);

/** Every BCS part, to its end: the SDK's own types for what it knows, layouts.mjs for the rest. */
function decodeParts(message) {
  return {
    summary: CheckpointSummary.parse(message.summary.bcs.value),
    contents: CheckpointContents.parse(message.contents.bcs.value),
    transactions: message.transactions.map((executed) => ({
      data: bcs.TransactionData.parse(executed.transaction.bcs.value),
      effects: bcs.TransactionEffects.parse(executed.effects.bcs.value),
      events: executed.events?.bcs ? Events.parse(executed.events.bcs.value) : [],
    })),
    objects: (message.objects?.objects ?? []).map((object) => bcs.Object.parse(object.bcs.value)),
  };
}

const decode = (bytes) => decodeParts(decodeContainer(bytes));

if (options.text) {
  for (const line of linesOf(decode(readFileSync(join(folder, options.text))))) console.log(line);
  process.exit();
}

const hash = createHash('sha256');
const undecodable = [];
const files = [];
for (const name of readdirSync(folder).filter((each) => each.endsWith('.binpb')).sort()) {
  const bytes = readFileSync(join(folder, name));
  let text;
  try {
    text = [...linesOf(decode(bytes))].join('\n') + '\n';
  } catch (fault) {
    undecodable.push({ name, reason: String(fault.message ?? fault) });
    continue;
  }
  hash.update(text);
  files.push(bytes);
}

/** Runs whole passes over the files until `seconds` have gone by; gives checkpoints per second. */
function rate(inputs, action, seconds) {
  let kept = 0;
  let passes = 0;
  const start = performance.now();
  let elapsed = 0;
  do {
    for (const input of inputs) kept += action(input).transactions.length;
    passes++;
    elapsed = (performance.now() - start) / 1000;
  } while (elapsed < seconds);
  if (kept < 0) throw new Error('unreachable: keeps the decoded values alive');
  return { checkpointsPerSecond: (passes * inputs.length) / elapsed, seconds: elapsed, passes };
}

const warmUp = Number(options['warm-up']);
const seconds = Number(options.seconds);
const messages = files.map(decodeContainer);
rate(files, decode, warmUp);
const whole = rate(files, decode, seconds);
const partsOnly = rate(messages, decodeParts, seconds);

const sdk = JSON.parse(readFileSync(new URL('./node_modules/@mysten/sui/package.json', import.meta.url)));
console.log(
  JSON.stringify({
    checkpoints: files.length,
    bytes: files.reduce((sum, bytes) => sum + bytes.length, 0),
    seconds: whole.seconds,
    checkpointsPerSecond: whole.checkpointsPerSecond,
    bcsOnlyCheckpointsPerSecond: partsOnly.checkpointsPerSecond,
    sdkVersion: sdk.version,
    nodeVersion: process.versions.node,
    sha256: hash.digest('hex'),
    undecodable,
  }),
);
