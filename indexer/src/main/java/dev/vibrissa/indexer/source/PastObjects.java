package dev.vibrissa.indexer.source;

import com.google.protobuf.FieldMask;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.rpc.v2.BatchGetObjectsRequest;
import dev.vibrissa.rpc.v2.BatchGetTransactionsRequest;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.GetObjectRequest;
import dev.vibrissa.rpc.v2.GetObjectResult;
import dev.vibrissa.rpc.v2.GetTransactionResult;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Objects as they were before a checkpoint, as one full node has them.
 *
 * <p>A node tells what an object is now, and which transaction wrote it. If that ran in the checkpoint or later, its
 * effects name the version it found, which is asked for next. So the version is the one before, not one around it, and no
 * checkpoint that is indexed afterwards brings an older one.
 */
final class PastObjects {
    private static final FieldMask OBJECT =
            FieldMask.newBuilder().addPaths("bcs.value").build();
    private static final FieldMask WRITER = FieldMask.newBuilder()
            .addPaths("checkpoint")
            .addPaths("effects.bcs.value")
            .build();
    /** A tenth of what full nodes allow. */
    private static final int MOST_AT_ONCE = 100;
    /** The System is written by every payment, some times a second; asked soon, it takes a few steps. */
    private static final int MOST_STEPS = 64;

    private final FullNode node;
    private final long sequenceNumber;

    /** What one node answered. */
    sealed interface Answer {
        /**
         * Objects in neither are no longer kept in the version wanted.
         *
         * @param objects BCS by id
         * @param absent objects that did not exist then
         */
        record Told(Map<SuiAddress, Bytes> objects, Set<SuiAddress> absent) implements Answer {}

        /** No answer, or none yet, for a reason that may pass. */
        record Unavailable(String fault) implements Answer {}

        /** Nothing that this node says can be used. */
        record Refused(String reason) implements Answer {}
    }

    PastObjects(FullNode node, long sequenceNumber) {
        this.node = node;
        this.sequenceNumber = sequenceNumber;
    }

    /** An object at one version, or as it is now. */
    private record Wanted(SuiAddress id, Optional<Long> version) {}

    private record Found(SuiObject object, Bytes bcs) {}

    Answer of(Collection<SuiAddress> ids) throws InterruptedException {
        try {
            Optional<String> reason = node.whyNotAt(sequenceNumber);
            return reason.isPresent() ? new Answer.Unavailable(reason.get()) : walk(ids);
        } catch (StatusException e) {
            FullNode.interruptIfAsked();
            return FullNode.isRefusal(e)
                    ? new Answer.Refused(FullNode.describe(e))
                    : new Answer.Unavailable(FullNode.describe(e));
        } catch (SourceException | BcsException fault) {
            return new Answer.Refused(String.valueOf(fault.getMessage()));
        }
    }

    private Answer walk(Collection<SuiAddress> ids) throws StatusException, InterruptedException {
        var told = new HashMap<SuiAddress, Bytes>();
        var absent = new HashSet<SuiAddress>();
        var wanted = ids.stream().map(id -> new Wanted(id, Optional.empty())).toList();
        for (int step = 0; step < MOST_STEPS && !wanted.isEmpty(); step++) {
            var found = objects(wanted, absent);
            var writers = writers(found.stream()
                    .map(each -> each.object().previousTransaction())
                    .distinct()
                    .toList());
            var earlier = new ArrayList<Wanted>();
            for (Found each : found) {
                var id = each.object().id();
                // A node that has the checkpoint has every transaction since; one it has dropped ran before.
                Optional<ExecutedTransaction> writer =
                        Optional.ofNullable(writers.get(each.object().previousTransaction()));
                if (writer.isEmpty() || isBefore(writer.get())) {
                    told.put(id, each.bcs());
                } else {
                    foundBy(writer.get(), each.object())
                            .ifPresentOrElse(
                                    version -> earlier.add(new Wanted(id, Optional.of(version))), () -> absent.add(id));
                }
            }
            wanted = List.copyOf(earlier);
        }
        return new Answer.Told(Map.copyOf(told), Set.copyOf(absent));
    }

    /** Without a checkpoint it ran just now. */
    private boolean isBefore(ExecutedTransaction writer) {
        return writer.hasCheckpoint() && writer.getCheckpoint() < sequenceNumber;
    }

    /** The version that the writer of an object found; empty if it created it. */
    private static Optional<Long> foundBy(ExecutedTransaction writer, SuiObject object) {
        var effects =
                BcsReader.decode(writer.getEffects().getBcs().getValue().toByteArray(), TransactionEffects::decode);
        ChangedObject changed = effects.changedObjects().stream()
                .filter(each -> each.id().equals(object.id()))
                .findFirst()
                .filter(_ -> effects.lamportVersion() == object.version()
                        && effects.transactionDigest().equals(object.previousTransaction()))
                .orElseThrow(() -> new SourceException("transaction %s did not write object %s at version %d"
                        .formatted(object.previousTransaction(), object.id(), object.version())));
        return switch (changed.in()) {
            case InputState.Absent() -> Optional.empty();
            case InputState.Exists(long version, var _, var _) -> Optional.of(version);
            case InputState.ExistsV1(long version) -> Optional.of(version);
        };
    }

    private List<Found> objects(List<Wanted> wanted, Set<SuiAddress> absent)
            throws StatusException, InterruptedException {
        var found = new ArrayList<Found>();
        for (int i = 0; i < wanted.size(); i += MOST_AT_ONCE) {
            var some = wanted.subList(i, Math.min(wanted.size(), i + MOST_AT_ONCE));
            var request = BatchGetObjectsRequest.newBuilder().setReadMask(OBJECT);
            for (Wanted each : some) {
                var one = GetObjectRequest.newBuilder().setObjectId(each.id().toString());
                each.version().ifPresent(one::setVersion);
                request.addRequests(one);
            }
            var results = node.askLedger(ledger -> ledger.batchGetObjects(request.build()))
                    .getObjectsList();
            requireAll(some.size(), results.size());
            for (int j = 0; j < some.size(); j++) {
                object(some.get(j), results.get(j)).ifPresentOrElse(found::add, missing(some.get(j), absent));
            }
        }
        return found;
    }

    /** What is not there now was not there before, unless it was deleted just now; what was there may have been dropped. */
    private static Runnable missing(Wanted wanted, Set<SuiAddress> absent) {
        return () -> {
            if (wanted.version().isEmpty()) {
                absent.add(wanted.id());
            }
        };
    }

    private static Optional<Found> object(Wanted wanted, GetObjectResult result) throws StatusException {
        if (isMissing(
                result.hasError() ? result.getError().getCode() : 0,
                result.getError().getMessage())) {
            return Optional.empty();
        }
        var bcs = Bytes.of(result.getObject().getBcs().getValue().toByteArray());
        var object = BcsReader.decode(bcs.toByteArray(), SuiObject::decode);
        if (!object.id().equals(wanted.id())
                || wanted.version()
                        .filter(version -> version != object.version())
                        .isPresent()) {
            throw new SourceException("object %s at version %d came where %s%s was asked for"
                    .formatted(
                            object.id(),
                            object.version(),
                            wanted.id(),
                            wanted.version().map(" at version %d"::formatted).orElse("")));
        }
        return Optional.of(new Found(object, bcs));
    }

    private Map<Digest, ExecutedTransaction> writers(List<Digest> digests)
            throws StatusException, InterruptedException {
        var writers = new HashMap<Digest, ExecutedTransaction>();
        for (int i = 0; i < digests.size(); i += MOST_AT_ONCE) {
            var some = digests.subList(i, Math.min(digests.size(), i + MOST_AT_ONCE));
            var request = BatchGetTransactionsRequest.newBuilder().setReadMask(WRITER);
            some.forEach(digest -> request.addDigests(digest.toString()));
            var results = node.askLedger(ledger -> ledger.batchGetTransactions(request.build()))
                    .getTransactionsList();
            requireAll(some.size(), results.size());
            for (int j = 0; j < some.size(); j++) {
                GetTransactionResult result = results.get(j);
                if (!isMissing(
                        result.hasError() ? result.getError().getCode() : 0,
                        result.getError().getMessage())) {
                    writers.put(some.get(j), result.getTransaction());
                }
            }
        }
        return writers;
    }

    /** @throws StatusException for any other error */
    private static boolean isMissing(int code, String message) throws StatusException {
        Status status = Status.fromCodeValue(code).withDescription(message);
        return switch (status.getCode()) {
            case OK -> false;
            case NOT_FOUND -> true;
            default -> throw status.asException();
        };
    }

    private static void requireAll(int asked, int answered) {
        if (asked != answered) {
            throw new SourceException("%d answers came to %d questions".formatted(answered, asked));
        }
    }
}
