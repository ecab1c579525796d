package dev.vibrissa.indexer;

import com.google.protobuf.ByteString;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.GetObjectRequest;
import dev.vibrissa.rpc.v2.GetObjectResult;
import dev.vibrissa.rpc.v2.GetTransactionResult;
import dev.vibrissa.rpc.v2.Object;
import io.grpc.Status;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Objects and transactions of a scenario, as they are once the chain has reached a tip. */
final class FakeState {
    private static final com.google.rpc.Status NOT_FOUND = com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.NOT_FOUND.value())
            .build();

    /** @param since the checkpoint that wrote it; 0 before the scenario */
    private record Version(SuiObject object, ByteString bcs, long since) {}

    private final Map<SuiAddress, TreeMap<Long, Version>> objects = new HashMap<>();
    private final Map<String, ExecutedTransaction> transactions = new HashMap<>();

    FakeState(Collection<Checkpoint> chain) {
        var byNumber = chain.stream()
                .sorted(Comparator.comparing(Checkpoint::getSequenceNumber))
                .toList();
        for (Checkpoint checkpoint : byNumber) {
            for (ExecutedTransaction each : checkpoint.getTransactionsList()) {
                var effects = BcsReader.decode(
                        each.getEffects().getBcs().getValue().toByteArray(), TransactionEffects::decode);
                transactions.put(
                        effects.transactionDigest().toString(),
                        each.toBuilder()
                                .setCheckpoint(checkpoint.getSequenceNumber())
                                .build());
            }
        }
        for (Checkpoint checkpoint : byNumber) {
            for (Object each : checkpoint.getObjects().getObjectsList()) {
                var bcs = each.getBcs().getValue();
                var object = BcsReader.decode(bcs.toByteArray(), SuiObject::decode);
                var writer = transactions.get(object.previousTransaction().toString());
                objects.computeIfAbsent(object.id(), _ -> new TreeMap<>())
                        .put(object.version(), new Version(object, bcs, writer == null ? 0 : writer.getCheckpoint()));
            }
        }
    }

    /** @param prunes only the newest version of each object is kept */
    GetObjectResult object(GetObjectRequest request, long tip, boolean prunes) {
        var newest = newest(SuiAddress.parse(request.getObjectId()), tip);
        var found = request.hasVersion()
                ? Optional.ofNullable(objects.getOrDefault(SuiAddress.parse(request.getObjectId()), new TreeMap<>())
                                .get(request.getVersion()))
                        .filter(each -> each.since() <= tip && (!prunes || newest.equals(Optional.of(each))))
                : newest;
        return found.map(each -> GetObjectResult.newBuilder().setObject(message(each)))
                .orElseGet(() -> GetObjectResult.newBuilder().setError(NOT_FOUND))
                .build();
    }

    private Optional<Version> newest(SuiAddress id, long tip) {
        return objects.getOrDefault(id, new TreeMap<>()).values().stream()
                .filter(each -> each.since() <= tip)
                .reduce((_, last) -> last);
    }

    /** The version of an object that a checkpoint found. */
    long versionBefore(SuiAddress id, long checkpoint) {
        return newest(id, checkpoint - 1).orElseThrow().object().version();
    }

    private static Object.Builder message(Version version) {
        var message = Object.newBuilder();
        message.getBcsBuilder().setValue(version.bcs());
        return message;
    }

    GetTransactionResult transaction(String digest, long tip) {
        return Optional.ofNullable(transactions.get(digest))
                .filter(each -> each.getCheckpoint() <= tip)
                .map(each -> GetTransactionResult.newBuilder().setTransaction(each))
                .orElseGet(() -> GetTransactionResult.newBuilder().setError(NOT_FOUND))
                .build();
    }

    /** The objects in a table of objects by their own id. */
    List<SuiAddress> in(SuiAddress table, long tip) {
        return objects.keySet().stream()
                .filter(id -> newest(id, tip)
                        .filter(each -> each.object()
                                .owner()
                                .equals(new Owner.ObjectOwner(
                                        FieldKey.id(id).wrapped().under(table))))
                        .isPresent())
                .sorted()
                .toList();
    }
}
