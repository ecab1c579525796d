package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.rpc.v2.DynamicField;
import dev.vibrissa.rpc.v2.DynamicField.DynamicFieldKind;
import dev.vibrissa.rpc.v2.GetBalanceRequest;
import dev.vibrissa.rpc.v2.ListDynamicFieldsRequest;
import dev.vibrissa.rpc.v2.ListOwnedObjectsRequest;
import dev.vibrissa.rpc.v2.StateServiceGrpc;
import dev.vibrissa.rpc.v2.StateServiceGrpc.StateServiceBlockingStub;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What lives on the chain, by owner, over a real connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StateCallsTest {
    private final RecordedChain chain = RecordedChain.of("stake", 3_000, 3_100);
    private RunningServer server;
    private StateServiceBlockingStub state;

    @BeforeAll
    void start() throws Exception {
        server = RunningServer.of(chain);
        state = StateServiceGrpc.newBlockingStub(server.channel());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    /** The address with the most objects. */
    private SuiAddress richest() {
        return chain.liveObjects().stream()
                .map(SuiObject::owner)
                .filter(Owner.AddressOwner.class::isInstance)
                .collect(Collectors.groupingBy(owner -> owner, Collectors.counting()))
                .entrySet()
                .stream()
                .max(java.util.Map.Entry.comparingByValue())
                .map(entry -> ((Owner.AddressOwner) entry.getKey()).address())
                .orElseThrow();
    }

    @Test
    void pagesThroughTheObjectsOfAnAddress() {
        var owner = richest();
        var seen = new ArrayList<String>();
        var token = ByteString.EMPTY;
        do {
            var page = state.listOwnedObjects(ListOwnedObjectsRequest.newBuilder()
                    .setOwner(owner.toString())
                    .setPageSize(2)
                    .setPageToken(token)
                    .build());
            assertThat(page.getObjectsCount()).isBetween(1, 2);
            page.getObjectsList().forEach(object -> seen.add(object.getObjectId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(seen)
                .hasSizeGreaterThan(2)
                .containsExactlyElementsOf(chain.ownedBy(new Owner.AddressOwner(owner)).stream()
                        .map(object -> object.id().toString())
                        .toList());
    }

    @Test
    void countsCoinsOfOneType() {
        var owner = richest();
        var coins = state.listOwnedObjects(ListOwnedObjectsRequest.newBuilder()
                        .setOwner(owner.toString())
                        .setObjectType("0x2::coin::Coin<0x2::sui::SUI>")
                        .setReadMask(LedgerCallsTest.mask("balance", "object_type", "json"))
                        .build())
                .getObjectsList();

        long balance = state.getBalance(GetBalanceRequest.newBuilder()
                        .setOwner(owner.toString())
                        .setCoinType("0x2::sui::SUI")
                        .build())
                .getBalance()
                .getBalance();

        assertThat(coins)
                .isNotEmpty()
                .allSatisfy(coin -> assertThat(coin.getJson()
                                .getStructValue()
                                .getFieldsOrThrow("balance")
                                .getStringValue())
                        .isEqualTo(Long.toString(coin.getBalance())));
        assertThat(balance)
                .isEqualTo(coins.stream().mapToLong(coin -> coin.getBalance()).sum());
    }

    @Test
    void aTypeWithoutParametersMeansAny() {
        var request = ListOwnedObjectsRequest.newBuilder().setOwner(richest().toString());

        assertThat(state.listOwnedObjects(
                                request.setObjectType("0x2::coin::Coin").build())
                        .getObjectsCount())
                .isGreaterThanOrEqualTo(state.listOwnedObjects(request.setObjectType("0x2::coin::Coin<0x2::sui::SUI>")
                                .build())
                        .getObjectsCount())
                .isPositive();
    }

    private List<DynamicField> fields(SuiAddress parent) {
        return state.listDynamicFields(ListDynamicFieldsRequest.newBuilder()
                        .setParent(parent.toString())
                        .setPageSize(1_000)
                        .setReadMask(LedgerCallsTest.mask("*"))
                        .build())
                .getDynamicFieldsList();
    }

    private StakingInner stakingInner() {
        var staking = chain.object(WalrusNetwork.mainnet().objects().staking()).orElseThrow();
        var contents = ((SuiObject.Move) staking.data()).contents();
        long version = Staking.decode(contents.reader()).version();
        var field = fields(staking.id()).getFirst();
        assertThat(field.getName().getName()).isEqualTo("u64");
        assertThat(field.getName().getValue())
                .isEqualTo(ByteString.copyFrom(new BcsWriter().u64(version).toByteArray()));
        return StakingInner.decode(new dev.vibrissa.protocol.bcs.BcsReader(
                field.getValue().getValue().toByteArray()));
    }

    @Test
    void showsTheStateBehindASharedObject() {
        assertThat(stakingInner().epoch()).isPositive();
    }

    @Test
    void showsTheChildrenOfAnObjectTable() {
        var pools = fields(stakingInner().pools().id());

        assertThat(pools).isNotEmpty().allSatisfy(field -> {
            assertThat(field.getKind()).isEqualTo(DynamicFieldKind.OBJECT);
            assertThat(field.getName().getName()).endsWith("::object::ID");
            assertThat(field.getValueType()).endsWith("::staking_pool::StakingPool");
            assertThat(field.getName().getValue()).isEqualTo(field.getValue().getValue());
            assertThat(field.getChildObject().getObjectId()).isEqualTo(field.getChildId());
        });
    }

    @Test
    void refusesATokenOfSomebodyElse() {
        assertThatThrownBy(() -> state.listOwnedObjects(ListOwnedObjectsRequest.newBuilder()
                        .setOwner("0x1")
                        .setPageToken(ByteString.copyFromUtf8("page 2"))
                        .build()))
                .satisfies(LedgerCallsTest.is(Status.Code.INVALID_ARGUMENT, "page_token"));
    }
}
