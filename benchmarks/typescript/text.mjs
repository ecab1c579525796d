// A checkpoint as lines of text that both decoders can write, to show that they read the same out of the same bytes.
// Its twin is CheckpointText.java. Digests in Base58, other bytes in hex, absent values as "-".
import { createHash } from 'node:crypto';
import { TypeTagSerializer } from '@mysten/sui/bcs';
import { toBase58, toHex } from '@mysten/bcs';

export function* linesOf({ summary, contents, transactions, objects }) {
  yield row('checkpoint', summary.sequenceNumber, summary.epoch, summary.networkTotalTransactions, summary.timestampMs);
  yield row('digests', toBase58(summary.contentDigest), base58OrNone(summary.previousDigest));
  yield row('gas', ...gasCost(summary.gas));
  for (const commitment of summary.commitments) yield row('commitment', toBase58(commitment[commitment.$kind]));
  if (summary.endOfEpoch) {
    yield row('end-of-epoch', summary.endOfEpoch.nextEpochProtocolVersion);
    for (const [key, stake] of summary.endOfEpoch.nextEpochCommittee) yield row('member', toHex(key), stake);
  }
  for (const [digests, signatures] of entries(contents)) {
    yield row('entry', toBase58(digests.transaction), toBase58(digests.effects), ...signatures.map(toHex));
  }
  for (const { data, effects, events } of transactions) {
    yield* transactionLines(data.V1);
    yield* effectsLines(effects.V2);
    for (const event of events) {
      yield row('event', event.packageId, event.module, event.sender, tag({ struct: event.type }), toHex(event.contents));
    }
  }
  for (const object of objects) yield objectLine(object);
}

function entries(contents) {
  return contents.V1
    ? contents.V1.transactions.map((digests, i) => [digests, contents.V1.userSignatures[i]])
    : contents.V2.map((entry) => [entry.digests, entry.userSignatures.map(([signature]) => signature)]);
}

function* transactionLines({ kind, sender, gasData }) {
  yield row('transaction', sender, kind.$kind, gasData.owner, gasData.price, gasData.budget, ...gasData.payment.map(ref));
  const programmable = kind.ProgrammableTransaction ?? kind.ProgrammableSystemTransaction;
  if (!programmable) return;
  for (const input of programmable.inputs) yield inputLine(input);
  for (const command of programmable.commands) yield commandLine(command);
}

function inputLine(input) {
  switch (input.$kind) {
    case 'Pure':
      return row('input', 'pure', Buffer.from(input.Pure.bytes, 'base64').toString('hex'));
    case 'Object': {
      const object = input.Object;
      if (object.SharedObject) {
        const { objectId, initialSharedVersion, mutable } = object.SharedObject;
        return row('input', 'shared', objectId, initialSharedVersion, mutable);
      }
      return row('input', object.Receiving ? 'receiving' : 'owned', ref(object.Receiving ?? object.ImmOrOwnedObject));
    }
    default:
      return row('input', 'withdrawal');
  }
}

function commandLine(command) {
  switch (command.$kind) {
    case 'MoveCall': {
      const call = command.MoveCall;
      const types = call.typeArguments.map(unspaced);
      return row('call', `${call.package}::${call.module}::${call.function}`, types.length, ...types, ...call.arguments.map(arg));
    }
    case 'TransferObjects':
      return row('transfer', arg(command.TransferObjects.address), ...command.TransferObjects.objects.map(arg));
    case 'SplitCoins':
      return row('split', arg(command.SplitCoins.coin), ...command.SplitCoins.amounts.map(arg));
    case 'MergeCoins':
      return row('merge', arg(command.MergeCoins.destination), ...command.MergeCoins.sources.map(arg));
    case 'Publish':
      return row('publish', command.Publish.modules.length, ...command.Publish.dependencies);
    case 'MakeMoveVec': {
      const { type, elements } = command.MakeMoveVec;
      return row('vector', type === null ? '-' : unspaced(type), ...elements.map(arg));
    }
    case 'Upgrade': {
      const upgrade = command.Upgrade;
      return row('upgrade', upgrade.package, arg(upgrade.ticket), upgrade.modules.length, ...upgrade.dependencies);
    }
    default:
      throw new Error(`command ${command.$kind}`);
  }
}

function arg(argument) {
  switch (argument.$kind) {
    case 'GasCoin':
      return 'gas';
    case 'NestedResult':
      return `nested:${argument.NestedResult[0]}:${argument.NestedResult[1]}`;
    default:
      return `${argument.$kind.toLowerCase()}:${argument[argument.$kind]}`;
  }
}

function* effectsLines(effects) {
  if (!effects) throw new Error('effects V1 have no text');
  const failure = effects.status.Failure;
  yield row('effects', effects.transactionDigest, failure ? 'failed' : 'ok', failure ? (failure.command ?? '-') : '-');
  const abort = failure?.error.MoveAbort;
  if (abort) {
    const [{ module, function: index, instruction, functionName }, code] = abort;
    yield row('abort', `${module.address}::${module.name}`, index, instruction, functionName ?? '-', code);
  }
  yield row('executed', effects.executedEpoch, ...gasCost(effects.gasUsed), effects.gasObjectIndex ?? '-');
  yield row('after', effects.lamportVersion, effects.eventsDigest ?? '-', effects.auxDataDigest ?? '-', ...effects.dependencies);
  for (const [id, { inputState, outputState, idOperation }] of effects.changedObjects) {
    yield row('changed', id, before(inputState), after(outputState), idOperation.$kind.toLowerCase());
  }
  for (const [id] of effects.unchangedConsensusObjects) yield row('unchanged', id);
}

function before(state) {
  if (!state.Exist) return '-';
  const [[version, digest], held] = state.Exist;
  return row('at', version, digest, owner(held));
}

function after(state) {
  switch (state.$kind) {
    case 'NotExist':
      return '-';
    case 'ObjectWrite':
      return row('written', state.ObjectWrite[0], owner(state.ObjectWrite[1]));
    case 'PackageWrite':
      return row('package', ...state.PackageWrite);
    default:
      return 'accumulator';
  }
}

function objectLine({ data, owner: held, previousTransaction, storageRebate }) {
  const tail = [owner(held), previousTransaction, storageRebate];
  if (data.Move) {
    const { type, hasPublicTransfer, version, contents } = data.Move;
    const id = '0x' + toHex(contents.subarray(0, 32));
    return row('object', id, version, moveType(type), hasPublicTransfer, ...tail, sha256(contents));
  }
  const { id, version, moduleMap, typeOriginTable, linkageTable } = data.Package;
  const modules = [...moduleMap].map(([name, code]) => `${name}=${sha256(code)}`);
  return row('package', id, version, ...tail, typeOriginTable.length, linkageTable.size, ...modules);
}

const SUI = '0x' + '2'.padStart(64, '0');
const SYSTEM = '0x' + '3'.padStart(64, '0');

function moveType(type) {
  switch (type.$kind) {
    case 'Other':
      return tag({ struct: type.Other });
    case 'GasCoin':
      return `${SUI}::coin::Coin<${SUI}::sui::SUI>`;
    case 'StakedSui':
      return `${SYSTEM}::staking_pool::StakedSui`;
    case 'Coin':
      return `${SUI}::coin::Coin<${unspaced(type.Coin)}>`;
    default:
      throw new Error(`object type ${type.$kind} has no text`);
  }
}

function owner(held) {
  switch (held.$kind) {
    case 'AddressOwner':
      return `address:${held.AddressOwner}`;
    case 'ObjectOwner':
      return `object:${held.ObjectOwner}`;
    case 'Shared':
      return `shared:${held.Shared.initialSharedVersion}`;
    case 'Immutable':
      return 'immutable';
    default:
      return `consensus:${held.ConsensusAddressOwner.startVersion}:${held.ConsensusAddressOwner.owner}`;
  }
}

const row = (...words) => words.join(' ');
const ref = ({ objectId, version, digest }) => `${objectId}:${version}:${digest}`;
const gasCost = (gas) => [gas.computationCost, gas.storageCost, gas.storageRebate, gas.nonRefundableStorageFee];
const base58OrNone = (digest) => (digest ? toBase58(digest) : '-');
const tag = (type) => unspaced(TypeTagSerializer.tagToString(type));
const unspaced = (type) => type.replaceAll(', ', ',');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
