package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.rpc.v2.BalanceChange;
import dev.vibrissa.rpc.v2.BatchGetObjectsRequest;
import dev.vibrissa.rpc.v2.BatchGetTransactionsRequest;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.GetCheckpointRequest;
import dev.vibrissa.rpc.v2.GetEpochRequest;
import dev.vibrissa.rpc.v2.GetObjectRequest;
import dev.vibrissa.rpc.v2.GetServiceInfoRequest;
import dev.vibrissa.rpc.v2.GetTransactionRequest;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc.LedgerServiceBlockingStub;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single look-ups over a real connection, compared with the files of the chain. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerCallsTest {
    /** What an indexer asks for, and all that the checkpoint store has. */
    static final FieldMask STORE_MASK = mask(
            "sequence_number",
            "summary.bcs.value",
            "signature",
            "contents.bcs.value",
            "transactions.transaction.bcs.value",
            "transactions.effects.bcs.value",
            "transactions.effects.unchanged_loaded_runtime_objects",
            "transactions.events.bcs.value",
            "objects.objects.bcs.value");

    private final RecordedChain chain = RecordedChain.blobLife(1_143);
    private RunningServer server;
    private LedgerServiceBlockingStub ledger;

    @BeforeAll
    void start() throws Exception {
        server = RunningServer.of(chain);
        ledger = LedgerServiceGrpc.newBlockingStub(server.channel());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    static FieldMask mask(String... paths) {
        return FieldMask.newBuilder().addAllPaths(List.of(paths)).build();
    }

    private Checkpoint checkpoint(long number, String... paths) {
        return ledger.getCheckpoint(GetCheckpointRequest.newBuilder()
                        .setSequenceNumber(number)
                        .setReadMask(mask(paths))
                        .build())
                .getCheckpoint();
    }

    @Test
    void tellsWhatItHas() {
        var info = ledger.getServiceInfo(GetServiceInfoRequest.getDefaultInstance());

        assertThat(info.getChainId()).isEqualTo(chain.chainId().toString());
        assertThat(info.getChain()).isEqualTo("recorded");
        assertThat(info.getCheckpointHeight()).isEqualTo(1_143);
        assertThat(info.getLowestAvailableCheckpoint()).isEqualTo(1_000);
        assertThat(info.getLowestAvailableCheckpointObjects()).isEqualTo(1_000);
        assertThat(info.getTimestamp().getSeconds())
                .isEqualTo(chain.decoded(1_143).summary().timestamp().getEpochSecond());
    }

    @Test
    void tellsChainAndHeightInHeaders() {
        var headers = new AtomicReference<Metadata>();
        var observed = ClientInterceptors.intercept(
                server.channel(), MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));

        LedgerServiceGrpc.newBlockingStub(observed).getServiceInfo(GetServiceInfoRequest.getDefaultInstance());

        assertThat(header(headers.get(), "x-sui-chain-id"))
                .isEqualTo(chain.chainId().toString());
        assertThat(header(headers.get(), "x-sui-checkpoint-height")).isEqualTo("1143");
        assertThat(header(headers.get(), "x-sui-lowest-available-checkpoint")).isEqualTo("1000");
    }

    private static String header(Metadata headers, String name) {
        return String.valueOf(headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    }

    @Test
    void tellsTheNumberAndDigestOfTheLatestCheckpointIfNothingElseIsAsked() {
        var latest =
                ledger.getCheckpoint(GetCheckpointRequest.getDefaultInstance()).getCheckpoint();

        assertThat(latest)
                .isEqualTo(Checkpoint.newBuilder()
                        .setSequenceNumber(1_143)
                        .setDigest(chain.decoded(1_143).digest().toString())
                        .build());
    }

    @Test
    void findsACheckpointByItsDigest() {
        String digest = chain.decoded(1_007).digest().toString();

        assertThat(ledger.getCheckpoint(GetCheckpointRequest.newBuilder()
                                .setDigest(digest)
                                .build())
                        .getCheckpoint()
                        .getSequenceNumber())
                .isEqualTo(1_007);
    }

    @Test
    void rendersWhatTheStoreHasAsTheStoreHasIt() throws Exception {
        for (long number = 1_000; number <= 1_143; number++) {
            var stored = Checkpoint.parseFrom(chain.checkpoint(number).orElseThrow());

            var answered = ledger.getCheckpoint(GetCheckpointRequest.newBuilder()
                            .setSequenceNumber(number)
                            .setReadMask(STORE_MASK)
                            .build())
                    .getCheckpoint();

            assertThat(answered).isEqualTo(stored);
        }
    }

    @Test
    void derivesWhatTheStoreLeavesOut() {
        var expected = chain.decoded(1_001);

        var checkpoint = checkpoint(1_001, "*");

        assertThat(checkpoint.getSummary().getContentDigest())
                .isEqualTo(DigestKind.CHECKPOINT_CONTENTS
                        .digest(expected.contentsBcs())
                        .toString());
        assertThat(checkpoint.getSummary().getPreviousDigest())
                .isEqualTo(chain.decoded(1_000).digest().toString());
        var transaction = checkpoint.getTransactions(0);
        var executed = expected.transactions().getFirst();
        assertThat(transaction.getDigest())
                .isEqualTo(DigestKind.TRANSACTION.digest(executed.data().bcs()).toString());
        assertThat(transaction.getEffects().getDigest())
                .isEqualTo(DigestKind.EFFECTS.digest(executed.effects().bcs()).toString());
        assertThat(transaction.getEffects().getStatus().getSuccess()).isTrue();
        assertThat(checkpoint.getObjects().getObjectsList()).isNotEmpty().allSatisfy(object -> {
            assertThat(object.getDigest())
                    .isEqualTo(DigestKind.OBJECT
                            .digest(Bytes.of(object.getBcs().getValue().toByteArray()))
                            .toString());
            assertThat(object.getObjectType()).isNotEmpty();
        });
    }

    @Test
    void leavesOutWhatIsNotAsked() {
        var checkpoint = checkpoint(1_001, "transactions.effects.status", "summary.timestamp");

        assertThat(checkpoint.hasSequenceNumber()).isFalse();
        assertThat(checkpoint.getSummary().getAllFields()).hasSize(1);
        assertThat(checkpoint.getTransactions(0).getAllFields()).hasSize(1);
        assertThat(checkpoint.getTransactions(0).getEffects().getAllFields()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "summary.nonsense", "digest.length", "", "summary."})
    void refusesAMaskOfUnknownFields(String path) {
        assertThatThrownBy(() -> checkpoint(1_001, path)).satisfies(is(Status.Code.INVALID_ARGUMENT, "read_mask"));
    }

    @Test
    void saysWhichCheckpointsThereAre() {
        assertThatThrownBy(() -> checkpoint(1_144, "digest"))
                .satisfies(is(Status.Code.NOT_FOUND, "checkpoint 1144 is not here; there are 1000 to 1143"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x", "not an id", "0x123z", ""})
    void refusesWhatIsNoObjectId(String id) {
        assertThatThrownBy(() -> ledger.getObject(
                        GetObjectRequest.newBuilder().setObjectId(id).build()))
                .satisfies(is(Status.Code.INVALID_ARGUMENT, "object_id"));
    }

    @Test
    void answersAnObjectAsItIsAndAsItWas() {
        var changed = chain.decoded(1_143).objects().all().getFirst();
        var older = chain.decoded(1_001).objects().all().stream()
                .filter(object -> chain.object(object.id())
                        .filter(now -> now.version() != object.version())
                        .isPresent())
                .findFirst()
                .orElseThrow();

        var was = ledger.getObject(GetObjectRequest.newBuilder()
                        .setObjectId(older.id().toString())
                        .setVersion(older.version())
                        .setReadMask(mask("bcs"))
                        .build())
                .getObject();
        var now = ledger.getObject(GetObjectRequest.newBuilder()
                        .setObjectId(changed.id().toString())
                        .build())
                .getObject();

        assertThat(was.getBcs().getValue())
                .isEqualTo(ByteString.copyFrom(older.bcs().toByteArray()));
        assertThat(now.getVersion())
                .isEqualTo(chain.object(changed.id()).orElseThrow().version());
    }

    @Test
    void answersABatchItemByItem() {
        var there = chain.liveObjects().getFirst().id();

        var answer = ledger.batchGetObjects(BatchGetObjectsRequest.newBuilder()
                .addRequests(GetObjectRequest.newBuilder().setObjectId(there.toString()))
                .addRequests(GetObjectRequest.newBuilder().setObjectId("0x404"))
                .addRequests(GetObjectRequest.newBuilder().setObjectId("bad"))
                .setReadMask(mask("object_id", "owner"))
                .build());

        assertThat(answer.getObjects(0).getObject().getObjectId()).isEqualTo(there.toString());
        assertThat(answer.getObjects(1).getError().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
        assertThat(answer.getObjects(2).getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    }

    @Test
    void answersTransactionsByDigest() {
        var executed = chain.decoded(1_010).transactions().getFirst();
        String digest = executed.digest().toString();

        var one = ledger.getTransaction(GetTransactionRequest.newBuilder()
                        .setDigest(digest)
                        .setReadMask(mask("*"))
                        .build())
                .getTransaction();
        var batch = ledger.batchGetTransactions(BatchGetTransactionsRequest.newBuilder()
                .addDigests(digest)
                .addDigests(chain.chainId().toString())
                .build());

        assertThat(one.getCheckpoint()).isEqualTo(1_010);
        assertThat(one.getTransactionIndex()).isZero();
        assertThat(one.getTransaction().getSender())
                .isEqualTo(executed.data().decoded().orElseThrow().sender().toString());
        assertThat(one.getObjects().getObjectsCount()).isPositive();
        assertThat(batch.getTransactions(0).getTransaction().getDigest()).isEqualTo(digest);
        assertThat(batch.getTransactions(1).getError().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
    }

    @Test
    void countsInBalanceChangesWhatGasCosts() {
        for (var transaction : checkpoint(1_010, "transactions").getTransactionsList()) {
            var gas = transaction.getEffects().getGasUsed();
            long cost = gas.getComputationCost() + gas.getStorageCost() - gas.getStorageRebate();

            BigInteger sui = transaction.getBalanceChangesList().stream()
                    .filter(change -> change.getCoinType().endsWith("::sui::SUI"))
                    .map(BalanceChange::getAmount)
                    .map(BigInteger::new)
                    .reduce(BigInteger.ZERO, BigInteger::add);

            assertThat(sui).isEqualTo(BigInteger.valueOf(-cost));
        }
    }

    @Test
    void tellsAnEpochWithItsCommitteeAndCheckpoints() {
        for (var span : chain.epochs()) {
            var epoch = ledger.getEpoch(GetEpochRequest.newBuilder()
                            .setEpoch(span.epoch())
                            .setReadMask(mask("*"))
                            .build())
                    .getEpoch();

            assertThat(epoch.getFirstCheckpoint()).isEqualTo(span.firstCheckpoint());
            assertThat(epoch.hasLastCheckpoint())
                    .isEqualTo(span.lastCheckpoint().isPresent());
            assertThat(epoch.getCommittee().getMembersList())
                    .extracting(member -> member.getWeight())
                    .containsExactlyElementsOf(span.committeeMembers().stream()
                            .map(member -> member.stake())
                            .toList());
        }
    }

    static org.assertj.core.api.ThrowingConsumer<Throwable> is(Status.Code code, String sentence) {
        return fault -> {
            assertThat(fault).isInstanceOf(StatusRuntimeException.class).hasMessageContaining(sentence);
            assertThat(Status.fromThrowable(fault).getCode()).isEqualTo(code);
        };
    }
}
