package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ExecutionError;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.ObjectSet;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.sui.UnchangedConsensusObject;
import dev.vibrissa.rpc.v2.ChangedObject.IdOperation;
import dev.vibrissa.rpc.v2.ChangedObject.InputObjectState;
import dev.vibrissa.rpc.v2.ChangedObject.OutputObjectState;
import dev.vibrissa.rpc.v2.GasCostSummary;
import dev.vibrissa.rpc.v2.MoveAbort;
import dev.vibrissa.rpc.v2.MoveLocation;
import dev.vibrissa.rpc.v2.UnchangedConsensusObject.UnchangedConsensusObjectKind;
import java.util.Optional;
import java.util.OptionalLong;

/** Effects of a transaction as {@code sui.rpc.v2} shows them. */
final class EffectsMessages {
    private EffectsMessages() {}

    static dev.vibrissa.rpc.v2.TransactionEffects of(StoredCheckpoint.Transaction transaction, ReadMask mask) {
        var message = dev.vibrissa.rpc.v2.TransactionEffects.newBuilder();
        var executed = transaction.executed();
        message.setBcs(
                ObjectMessages.bcs("TransactionEffects", executed.effects().bcs()));
        if (mask.has("unchanged_loaded_runtime_objects")) {
            message.addAllUnchangedLoadedRuntimeObjects(transaction
                    .checkpoint()
                    .wire()
                    .getTransactions(executed.index())
                    .getEffects()
                    .getUnchangedLoadedRuntimeObjectsList());
        }
        if (mask.hasMoreThan("bcs")) {
            message.setDigest(executed.effectsDigest().toString());
            transaction
                    .effects()
                    .ifPresent(effects ->
                            describe(effects, transaction.checkpoint().decoded().objects(), mask, message));
        }
        return mask.trim(message.build());
    }

    private static void describe(
            TransactionEffects effects,
            ObjectSet objects,
            ReadMask mask,
            dev.vibrissa.rpc.v2.TransactionEffects.Builder message) {
        message.setVersion(effects.version())
                .setStatus(status(effects.status()))
                .setEpoch(effects.epoch())
                .setGasUsed(gas(effects.gas()))
                .setTransactionDigest(effects.transactionDigest().toString())
                .setLamportVersion(effects.lamportVersion());
        effects.eventsDigest().ifPresent(digest -> message.setEventsDigest(digest.toString()));
        effects.auxiliaryDigest().ifPresent(digest -> message.setAuxiliaryDataDigest(digest.toString()));
        if (mask.has("gas_object")) {
            effects.gasObjectIndex()
                    .ifPresent(index -> message.setGasObject(
                            changed(effects, effects.changedObjects().get(index), objects)));
        }
        if (mask.has("dependencies")) {
            effects.dependencies().forEach(digest -> message.addDependencies(digest.toString()));
        }
        if (mask.has("changed_objects")) {
            effects.changedObjects().forEach(change -> message.addChangedObjects(changed(effects, change, objects)));
        }
        if (mask.has("unchanged_consensus_objects")) {
            effects.unchangedConsensusObjects()
                    .forEach(unchanged -> message.addUnchangedConsensusObjects(unchanged(unchanged, objects)));
        }
    }

    static GasCostSummary gas(GasCost gas) {
        return GasCostSummary.newBuilder()
                .setComputationCost(gas.computation())
                .setStorageCost(gas.storage())
                .setStorageRebate(gas.rebate())
                .setNonRefundableStorageFee(gas.nonRefundable())
                .build();
    }

    private static dev.vibrissa.rpc.v2.ExecutionStatus status(ExecutionStatus status) {
        var message = dev.vibrissa.rpc.v2.ExecutionStatus.newBuilder().setSuccess(status.isSuccess());
        if (status instanceof ExecutionStatus.Failure(ExecutionError error, OptionalLong command)) {
            // The interface counts the chain's variants from 1, so that 0 is free for "unknown".
            var description = dev.vibrissa.rpc.v2.ExecutionError.newBuilder()
                    .setDescription(error.toString())
                    .setKind(error.kind() + 1);
            command.ifPresent(description::setCommand);
            if (error instanceof ExecutionError.MoveAbort(ExecutionError.MoveLocation at, long code)) {
                var location = MoveLocation.newBuilder()
                        .setPackage(at.packageId().toString())
                        .setModule(at.module())
                        .setFunction(at.function())
                        .setInstruction(at.instruction());
                at.functionName().ifPresent(location::setFunctionName);
                description.setAbort(MoveAbort.newBuilder().setAbortCode(code).setLocation(location));
            }
            message.setError(description);
        }
        return message.build();
    }

    private static dev.vibrissa.rpc.v2.ChangedObject changed(
            TransactionEffects effects, ChangedObject change, ObjectSet objects) {
        var message = dev.vibrissa.rpc.v2.ChangedObject.newBuilder()
                .setObjectId(change.id().toString())
                .setIdOperation(
                        switch (change.operation()) {
                            case NONE -> IdOperation.NONE;
                            case CREATED -> IdOperation.CREATED;
                            case DELETED -> IdOperation.DELETED;
                        });
        switch (change.in()) {
            case InputState.Absent() -> message.setInputState(InputObjectState.INPUT_OBJECT_STATE_DOES_NOT_EXIST);
            case InputState.Exists(long version, Digest digest, Owner owner) ->
                message.setInputState(InputObjectState.INPUT_OBJECT_STATE_EXISTS)
                        .setInputVersion(version)
                        .setInputDigest(digest.toString())
                        .setInputOwner(ObjectMessages.owner(owner));
            case InputState.ExistsV1(long version) ->
                message.setInputState(InputObjectState.INPUT_OBJECT_STATE_EXISTS)
                        .setInputVersion(version);
        }
        switch (change.out()) {
            case OutputState.Absent() -> message.setOutputState(OutputObjectState.OUTPUT_OBJECT_STATE_DOES_NOT_EXIST);
            case OutputState.Written(Digest digest, Owner owner) ->
                message.setOutputState(OutputObjectState.OUTPUT_OBJECT_STATE_OBJECT_WRITE)
                        .setOutputVersion(effects.lamportVersion())
                        .setOutputDigest(digest.toString())
                        .setOutputOwner(ObjectMessages.owner(owner));
            case OutputState.PackageWritten(long version, Digest digest) ->
                message.setOutputState(OutputObjectState.OUTPUT_OBJECT_STATE_PACKAGE_WRITE)
                        .setOutputVersion(version)
                        .setOutputDigest(digest.toString());
            case OutputState.AccumulatorWritten(SuiAddress _, TypeTag type, boolean _, Bytes _) ->
                message.setOutputState(OutputObjectState.OUTPUT_OBJECT_STATE_ACCUMULATOR_WRITE)
                        .setObjectType(type.toString());
        }
        objects.after(effects, change)
                .or(() -> objects.before(change))
                .flatMap(EffectsMessages::type)
                .ifPresent(message::setObjectType);
        return message.build();
    }

    private static Optional<String> type(ObjectSet.RawObject object) {
        return object.object().decoded().map(known -> switch (known.data()) {
            case SuiObject.Move move -> move.type().toString();
            case SuiObject.Package _ -> "package";
        });
    }

    private static dev.vibrissa.rpc.v2.UnchangedConsensusObject unchanged(
            UnchangedConsensusObject object, ObjectSet objects) {
        var message = dev.vibrissa.rpc.v2.UnchangedConsensusObject.newBuilder()
                .setObjectId(object.id().toString());
        switch (object) {
            case UnchangedConsensusObject.ReadOnlyRoot(SuiAddress id, long version, Digest digest) -> {
                message.setKind(UnchangedConsensusObjectKind.READ_ONLY_ROOT)
                        .setVersion(version)
                        .setDigest(digest.toString());
                objects.find(id, version).flatMap(EffectsMessages::type).ifPresent(message::setObjectType);
            }
            case UnchangedConsensusObject.MutateEnded(SuiAddress _, long version) ->
                message.setKind(UnchangedConsensusObjectKind.MUTATE_CONSENSUS_STREAM_ENDED)
                        .setVersion(version);
            case UnchangedConsensusObject.ReadEnded(SuiAddress _, long version) ->
                message.setKind(UnchangedConsensusObjectKind.READ_CONSENSUS_STREAM_ENDED)
                        .setVersion(version);
            case UnchangedConsensusObject.Cancelled(SuiAddress _, long version) ->
                message.setKind(UnchangedConsensusObjectKind.CANCELED).setVersion(version);
            case UnchangedConsensusObject.PerEpochConfig _ ->
                message.setKind(UnchangedConsensusObjectKind.PER_EPOCH_CONFIG);
        }
        return message.build();
    }
}
