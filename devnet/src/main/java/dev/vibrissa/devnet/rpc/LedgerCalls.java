package dev.vibrissa.devnet.rpc;

import com.google.protobuf.FieldMask;
import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.rpc.v2.BatchGetObjectsRequest;
import dev.vibrissa.rpc.v2.BatchGetObjectsResponse;
import dev.vibrissa.rpc.v2.BatchGetTransactionsRequest;
import dev.vibrissa.rpc.v2.BatchGetTransactionsResponse;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.Epoch;
import dev.vibrissa.rpc.v2.EventFilter;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.GetCheckpointRequest;
import dev.vibrissa.rpc.v2.GetCheckpointResponse;
import dev.vibrissa.rpc.v2.GetEpochRequest;
import dev.vibrissa.rpc.v2.GetEpochResponse;
import dev.vibrissa.rpc.v2.GetObjectRequest;
import dev.vibrissa.rpc.v2.GetObjectResponse;
import dev.vibrissa.rpc.v2.GetObjectResult;
import dev.vibrissa.rpc.v2.GetServiceInfoRequest;
import dev.vibrissa.rpc.v2.GetServiceInfoResponse;
import dev.vibrissa.rpc.v2.GetTransactionRequest;
import dev.vibrissa.rpc.v2.GetTransactionResponse;
import dev.vibrissa.rpc.v2.GetTransactionResult;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc.LedgerServiceImplBase;
import dev.vibrissa.rpc.v2.ListCheckpointsRequest;
import dev.vibrissa.rpc.v2.ListCheckpointsResponse;
import dev.vibrissa.rpc.v2.ListEventsRequest;
import dev.vibrissa.rpc.v2.ListEventsResponse;
import dev.vibrissa.rpc.v2.ListTransactionsRequest;
import dev.vibrissa.rpc.v2.ListTransactionsResponse;
import dev.vibrissa.rpc.v2.Object;
import dev.vibrissa.rpc.v2.TransactionFilter;
import dev.vibrissa.rpc.v2.ValidatorCommittee;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What happened on the chain, one by one and in lists. */
final class LedgerCalls extends LedgerServiceImplBase {
    static final String CHECKPOINT_DEFAULT = "sequence_number,digest";
    static final String TRANSACTION_DEFAULT = "digest";
    static final String EVENT_DEFAULT = "package_id,module,sender,event_type,contents";
    private static final String OBJECT_DEFAULT = "object_id,version,digest";

    private static final int MAX_BATCH = 1_000;

    /** MIST. Nobody bids for gas here. */
    private static final long REFERENCE_GAS_PRICE = 1_000;

    private final ChainReader chain;
    private final Checkpoints checkpoints;
    private final ChainStatus status;
    private final Endpoint endpoint;
    private final Executor threads;

    LedgerCalls(ChainReader chain, Checkpoints checkpoints, ChainStatus status, Endpoint endpoint, Executor threads) {
        this.chain = chain;
        this.checkpoints = checkpoints;
        this.status = status;
        this.endpoint = endpoint;
        this.threads = threads;
    }

    @Override
    public void getServiceInfo(GetServiceInfoRequest request, StreamObserver<GetServiceInfoResponse> responses) {
        Requests.answer(responses, status::serviceInfo);
    }

    @Override
    public void getCheckpoint(GetCheckpointRequest request, StreamObserver<GetCheckpointResponse> responses) {
        Requests.answer(responses, () -> {
            var mask = ReadMask.of(request.getReadMask(), CHECKPOINT_DEFAULT, Checkpoint.getDescriptor());
            long number = switch (request.getCheckpointIdCase()) {
                case SEQUENCE_NUMBER -> request.getSequenceNumber();
                case DIGEST -> numberOf(Requests.digest(request.getDigest(), "digest"));
                case CHECKPOINTID_NOT_SET -> chain.tip();
            };
            return GetCheckpointResponse.newBuilder()
                    .setCheckpoint(CheckpointMessages.of(checkpoint(number), mask))
                    .build();
        });
    }

    private long numberOf(Digest digest) {
        return chain.checkpointByDigest(digest)
                .orElseThrow(() -> Requests.notFound("no checkpoint has the digest %s".formatted(digest)));
    }

    private StoredCheckpoint checkpoint(long number) {
        return checkpoints
                .find(number)
                .orElseThrow(() -> Requests.notFound("checkpoint %s is not here; there are %d to %d"
                        .formatted(Long.toUnsignedString(number), chain.lowest(), chain.tip())));
    }

    @Override
    public void getEpoch(GetEpochRequest request, StreamObserver<GetEpochResponse> responses) {
        Requests.answer(responses, () -> {
            var mask = ReadMask.of(request.getReadMask(), "epoch", Epoch.getDescriptor());
            var epochs = chain.epochs();
            long wanted =
                    request.hasEpoch() ? request.getEpoch() : epochs.getLast().epoch();
            var span = epochs.stream()
                    .filter(epoch -> epoch.epoch() == wanted)
                    .findFirst()
                    .orElseThrow(() -> Requests.notFound("epoch %s is not here; there are %d to %d"
                            .formatted(
                                    Long.toUnsignedString(wanted),
                                    epochs.getFirst().epoch(),
                                    epochs.getLast().epoch())));
            return GetEpochResponse.newBuilder()
                    .setEpoch(mask.trim(epoch(span)))
                    .build();
        });
    }

    private Epoch epoch(ChainReader.EpochSpan span) {
        var committee = ValidatorCommittee.newBuilder().setEpoch(span.epoch());
        span.committeeMembers().forEach(member -> committee.addMembers(CheckpointMessages.member(member)));
        var message = Epoch.newBuilder()
                .setEpoch(span.epoch())
                .setCommittee(committee)
                .setFirstCheckpoint(span.firstCheckpoint())
                .setReferenceGasPrice(REFERENCE_GAS_PRICE);
        status.time(span.firstCheckpoint()).ifPresent(start -> message.setStart(TransactionMessages.timestamp(start)));
        span.lastCheckpoint().ifPresent(last -> {
            message.setLastCheckpoint(last);
            status.time(last).ifPresent(end -> message.setEnd(TransactionMessages.timestamp(end)));
        });
        return message.build();
    }

    @Override
    public void getObject(GetObjectRequest request, StreamObserver<GetObjectResponse> responses) {
        Requests.answer(
                responses,
                () -> GetObjectResponse.newBuilder()
                        .setObject(object(request, objectMask(request.getReadMask())))
                        .build());
    }

    @Override
    public void batchGetObjects(BatchGetObjectsRequest request, StreamObserver<BatchGetObjectsResponse> responses) {
        Requests.answer(responses, () -> {
            requireBatch(request.getRequestsCount(), "requests");
            var mask = objectMask(request.getReadMask());
            var message = BatchGetObjectsResponse.newBuilder();
            for (var each : request.getRequestsList()) {
                var result = GetObjectResult.newBuilder();
                try {
                    result.setObject(object(each, mask));
                } catch (StatusRuntimeException e) {
                    result.setError(StatusProto.fromThrowable(e));
                }
                message.addObjects(result);
            }
            return message.build();
        });
    }

    private static ReadMask objectMask(FieldMask paths) {
        return ReadMask.of(paths, OBJECT_DEFAULT, Object.getDescriptor());
    }

    private Object object(GetObjectRequest request, ReadMask mask) {
        SuiAddress id = Requests.address(request.getObjectId(), "object_id");
        var found = request.hasVersion() ? chain.object(id, request.getVersion()) : chain.object(id);
        return ObjectMessages.of(
                found.orElseThrow(() -> Requests.notFound(
                        request.hasVersion()
                                ? "object %s is not here at version %s"
                                        .formatted(id, Long.toUnsignedString(request.getVersion()))
                                : "there is no object %s".formatted(id))),
                mask);
    }

    @Override
    public void getTransaction(GetTransactionRequest request, StreamObserver<GetTransactionResponse> responses) {
        Requests.answer(
                responses,
                () -> GetTransactionResponse.newBuilder()
                        .setTransaction(transaction(request.getDigest(), transactionMask(request.getReadMask())))
                        .build());
    }

    @Override
    public void batchGetTransactions(
            BatchGetTransactionsRequest request, StreamObserver<BatchGetTransactionsResponse> responses) {
        Requests.answer(responses, () -> {
            requireBatch(request.getDigestsCount(), "digests");
            var mask = transactionMask(request.getReadMask());
            var message = BatchGetTransactionsResponse.newBuilder();
            for (String digest : request.getDigestsList()) {
                var result = GetTransactionResult.newBuilder();
                try {
                    result.setTransaction(transaction(digest, mask));
                } catch (StatusRuntimeException e) {
                    result.setError(StatusProto.fromThrowable(e));
                }
                message.addTransactions(result);
            }
            return message.build();
        });
    }

    private static void requireBatch(int size, String field) {
        if (size > MAX_BATCH) {
            throw Requests.invalid(field, "%d items where %d are the most".formatted(size, MAX_BATCH));
        }
    }

    private static ReadMask transactionMask(FieldMask paths) {
        return ReadMask.of(paths, TRANSACTION_DEFAULT, ExecutedTransaction.getDescriptor());
    }

    private ExecutedTransaction transaction(String text, ReadMask mask) {
        Digest digest = Requests.digest(text, "digest");
        var position = chain.transaction(digest)
                .orElseThrow(() -> Requests.notFound("there is no transaction %s".formatted(digest)));
        return TransactionMessages.alone(checkpoint(position.checkpoint()).transaction(position.index()), mask);
    }

    @Override
    public void listCheckpoints(ListCheckpointsRequest request, StreamObserver<ListCheckpointsResponse> responses) {
        Outbound.start(responses, threads, out -> {
            endpoint.requireQueries("ListCheckpoints");
            var mask = ReadMask.of(request.getReadMask(), CHECKPOINT_DEFAULT, Checkpoint.getDescriptor());
            Optional<TransactionFilter> filter =
                    request.hasFilter() ? Optional.of(request.getFilter()) : Optional.empty();
            new Scan<Checkpoint, ListCheckpointsResponse>(
                            chain,
                            checkpoints,
                            Scan.Interval.of(request),
                            Listings.checkpoints(filter, mask),
                            (item, watermark, end) -> {
                                var frame = ListCheckpointsResponse.newBuilder().setWatermark(watermark);
                                item.ifPresent(frame::setCheckpoint);
                                end.ifPresent(frame::setEnd);
                                return frame.build();
                            })
                    .write(out);
        });
    }

    @Override
    public void listTransactions(ListTransactionsRequest request, StreamObserver<ListTransactionsResponse> responses) {
        Outbound.start(responses, threads, out -> {
            endpoint.requireQueries("ListTransactions");
            Optional<TransactionFilter> filter =
                    request.hasFilter() ? Optional.of(request.getFilter()) : Optional.empty();
            new Scan<ExecutedTransaction, ListTransactionsResponse>(
                            chain,
                            checkpoints,
                            Scan.Interval.of(request),
                            Listings.transactions(filter, transactionMask(request.getReadMask())),
                            (item, watermark, end) -> {
                                var frame =
                                        ListTransactionsResponse.newBuilder().setWatermark(watermark);
                                item.ifPresent(frame::setTransaction);
                                end.ifPresent(frame::setEnd);
                                return frame.build();
                            })
                    .write(out);
        });
    }

    @Override
    public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> responses) {
        Outbound.start(responses, threads, out -> {
            endpoint.requireQueries("ListEvents");
            var mask = ReadMask.of(request.getReadMask(), EVENT_DEFAULT, dev.vibrissa.rpc.v2.Event.getDescriptor());
            Optional<EventFilter> filter = request.hasFilter() ? Optional.of(request.getFilter()) : Optional.empty();
            new Scan<dev.vibrissa.rpc.v2.Event, ListEventsResponse>(
                            chain,
                            checkpoints,
                            Scan.Interval.of(request),
                            Listings.events(filter, mask),
                            (item, watermark, end) -> {
                                var frame = ListEventsResponse.newBuilder().setWatermark(watermark);
                                item.ifPresent(frame::setEvent);
                                end.ifPresent(frame::setEnd);
                                return frame.build();
                            })
                    .write(out);
        });
    }
}
