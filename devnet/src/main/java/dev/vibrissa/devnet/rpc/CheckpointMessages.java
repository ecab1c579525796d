package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointCommitment;
import dev.vibrissa.protocol.sui.CheckpointContents;
import dev.vibrissa.protocol.sui.CommitteeMember;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.EndOfEpoch;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.CheckpointCommitment.CheckpointCommitmentKind;
import dev.vibrissa.rpc.v2.CheckpointSummary;
import dev.vibrissa.rpc.v2.CheckpointedTransactionInfo;
import dev.vibrissa.rpc.v2.EndOfEpochData;
import dev.vibrissa.rpc.v2.ObjectSet;
import dev.vibrissa.rpc.v2.ValidatorCommitteeMember;

/** Checkpoints as {@code sui.rpc.v2} shows them. */
final class CheckpointMessages {
    private CheckpointMessages() {}

    static Checkpoint of(StoredCheckpoint stored, ReadMask mask) {
        var checkpoint = stored.decoded();
        var message = Checkpoint.newBuilder().setSequenceNumber(stored.sequenceNumber());
        if (mask.has("digest")) {
            message.setDigest(checkpoint.digest().toString());
        }
        if (mask.has("summary")) {
            message.setSummary(summary(stored, mask.within("summary")));
        }
        message.setSignature(stored.wire().getSignature());
        if (mask.has("contents")) {
            message.setContents(contents(stored, mask.within("contents")));
        }
        if (mask.has("transactions")) {
            var within = mask.within("transactions");
            stored.transactions()
                    .forEach(transaction -> message.addTransactions(TransactionMessages.inside(transaction, within)));
        }
        if (mask.has("objects")) {
            message.setObjects(objects(stored, mask.within("objects")));
        }
        return mask.trim(message.build());
    }

    private static CheckpointSummary summary(StoredCheckpoint stored, ReadMask mask) {
        var message = CheckpointSummary.newBuilder()
                .setBcs(ObjectMessages.bcs("CheckpointSummary", stored.decoded().summaryBcs()));
        if (mask.hasMoreThan("bcs")) {
            var summary = stored.decoded().summary();
            message.setDigest(stored.decoded().digest().toString())
                    .setEpoch(summary.epoch())
                    .setSequenceNumber(summary.sequenceNumber())
                    .setTotalNetworkTransactions(summary.networkTotalTransactions())
                    .setContentDigest(summary.contentDigest().toString())
                    .setEpochRollingGasCostSummary(EffectsMessages.gas(summary.gas()))
                    .setTimestamp(TransactionMessages.timestamp(summary.timestamp()))
                    .setVersionSpecificData(ObjectMessages.bytes(summary.versionSpecificData()));
            summary.previousDigest().ifPresent(digest -> message.setPreviousDigest(digest.toString()));
            summary.commitments().forEach(commitment -> message.addCommitments(commitment(commitment)));
            summary.endOfEpoch().ifPresent(end -> message.setEndOfEpochData(endOfEpoch(end)));
        }
        return message.build();
    }

    private static EndOfEpochData endOfEpoch(EndOfEpoch end) {
        var message = EndOfEpochData.newBuilder().setNextEpochProtocolVersion(end.nextProtocolVersion());
        end.nextCommittee().forEach(member -> message.addNextEpochCommittee(member(member)));
        end.epochCommitments().forEach(commitment -> message.addEpochCommitments(commitment(commitment)));
        return message.build();
    }

    static ValidatorCommitteeMember member(CommitteeMember member) {
        return ValidatorCommitteeMember.newBuilder()
                .setPublicKey(ObjectMessages.bytes(member.publicKey()))
                .setWeight(member.stake())
                .build();
    }

    private static dev.vibrissa.rpc.v2.CheckpointCommitment commitment(CheckpointCommitment commitment) {
        var message = dev.vibrissa.rpc.v2.CheckpointCommitment.newBuilder();
        switch (commitment) {
            case CheckpointCommitment.LiveObjectSet(Digest digest) ->
                message.setKind(CheckpointCommitmentKind.ECMH_LIVE_OBJECT_SET).setDigest(digest.toString());
            case CheckpointCommitment.CheckpointArtifacts(Digest digest) ->
                message.setKind(CheckpointCommitmentKind.CHECKPOINT_ARTIFACTS).setDigest(digest.toString());
        }
        return message.build();
    }

    private static dev.vibrissa.rpc.v2.CheckpointContents contents(StoredCheckpoint stored, ReadMask mask) {
        Bytes bcs = stored.decoded().contentsBcs();
        var message = dev.vibrissa.rpc.v2.CheckpointContents.newBuilder()
                .setBcs(ObjectMessages.bcs("CheckpointContents", bcs));
        if (mask.hasMoreThan("bcs")) {
            CheckpointContents contents = stored.decoded().contents();
            message.setDigest(stored.decoded().summary().contentDigest().toString())
                    .setVersion(contents.version());
            for (var entry : contents.transactions()) {
                var info = CheckpointedTransactionInfo.newBuilder()
                        .setTransaction(entry.transaction().toString())
                        .setEffects(entry.effects().toString());
                entry.signatures().forEach(signature -> info.addSignatures(TransactionMessages.signature(signature)));
                message.addTransactions(info);
            }
        }
        return message.build();
    }

    private static ObjectSet objects(StoredCheckpoint stored, ReadMask mask) {
        var message = ObjectSet.newBuilder();
        for (var object : stored.decoded().objects().all()) {
            TransactionMessages.object(object, mask.within("objects")).ifPresent(message::addObjects);
        }
        return message.build();
    }
}
