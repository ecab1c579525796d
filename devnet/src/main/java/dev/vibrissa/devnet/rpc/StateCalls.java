package dev.vibrissa.devnet.rpc;

import com.google.protobuf.ByteString;
import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.rpc.v2.Balance;
import dev.vibrissa.rpc.v2.DynamicField;
import dev.vibrissa.rpc.v2.GetBalanceRequest;
import dev.vibrissa.rpc.v2.GetBalanceResponse;
import dev.vibrissa.rpc.v2.ListDynamicFieldsRequest;
import dev.vibrissa.rpc.v2.ListDynamicFieldsResponse;
import dev.vibrissa.rpc.v2.ListOwnedObjectsRequest;
import dev.vibrissa.rpc.v2.ListOwnedObjectsResponse;
import dev.vibrissa.rpc.v2.Object;
import dev.vibrissa.rpc.v2.StateServiceGrpc.StateServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What is on the chain now, by owner. Pages go by object id, so that objects that come and go upset nobody. */
final class StateCalls extends StateServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 1_000;

    private final ChainReader chain;

    StateCalls(ChainReader chain) {
        this.chain = chain;
    }

    /**
     * @param next token of the page after this one; empty if there is none
     */
    private record Page(List<SuiObject> objects, Optional<ByteString> next) {
        static Page of(List<SuiObject> byId, int size, ByteString token) {
            var rest = token.isEmpty() ? byId : after(byId, token);
            int limit = size == 0 ? DEFAULT_PAGE : Math.clamp(size & 0xffff_ffffL, 1, MAX_PAGE);
            if (rest.size() <= limit) {
                return new Page(rest, Optional.empty());
            }
            var objects = rest.subList(0, limit);
            return new Page(
                    objects,
                    Optional.of(ByteString.copyFrom(objects.getLast().id().toByteArray())));
        }

        private static List<SuiObject> after(List<SuiObject> byId, ByteString token) {
            if (token.size() != SuiAddress.SIZE) {
                throw Requests.invalid(
                        "page_token",
                        "one of this endpoint has %d bytes, not %d".formatted(SuiAddress.SIZE, token.size()));
            }
            var last = new SuiAddress(token.toByteArray());
            return byId.stream()
                    .filter(object -> object.id().compareTo(last) > 0)
                    .toList();
        }
    }

    @Override
    public void listOwnedObjects(ListOwnedObjectsRequest request, StreamObserver<ListOwnedObjectsResponse> responses) {
        Requests.answer(responses, () -> {
            var mask = ReadMask.of(request.getReadMask(), "object_id,version,object_type", Object.getDescriptor());
            var owner = new Owner.AddressOwner(Requests.address(request.getOwner(), "owner"));
            Predicate<SuiObject> wanted = request.hasObjectType() ? isA(request.getObjectType()) : _ -> true;
            var page = Page.of(
                    chain.ownedBy(owner).stream().filter(wanted).toList(),
                    request.getPageSize(),
                    request.getPageToken());
            var message = ListOwnedObjectsResponse.newBuilder();
            page.objects.forEach(object -> message.addObjects(ObjectMessages.of(object, mask)));
            page.next.ifPresent(message::setNextPageToken);
            return message.build();
        });
    }

    /** Objects of a type; one without type parameters means any. */
    private static Predicate<SuiObject> isA(String text) {
        var type = Requests.parse(text, "object_type", StructTag::parse);
        return object -> object.data() instanceof SuiObject.Move move
                && (type.typeParams().isEmpty()
                        ? move.type().is(type.address(), type.module(), type.name())
                        : move.type().equals(type));
    }

    @Override
    public void getBalance(GetBalanceRequest request, StreamObserver<GetBalanceResponse> responses) {
        Requests.answer(responses, () -> {
            var owner = new Owner.AddressOwner(Requests.address(request.getOwner(), "owner"));
            TypeTag coinType = Requests.parse(request.getCoinType(), "coin_type", TypeTag::parse);
            long coins = chain.ownedBy(owner).stream()
                    .map(SuiObject::data)
                    .filter(SuiObject.Move.class::isInstance)
                    .map(SuiObject.Move.class::cast)
                    .filter(move -> ObjectMessages.isCoin(move.type())
                            && move.type().typeParams().getFirst().equals(coinType))
                    .mapToLong(move -> ObjectMessages.balance(move).orElse(0))
                    .sum();
            return GetBalanceResponse.newBuilder()
                    .setBalance(Balance.newBuilder()
                            .setCoinType(coinType.toString())
                            .setBalance(coins)
                            .setCoinBalance(coins)
                            .setAddressBalance(0)) // nobody here has money outside of coins
                    .build();
        });
    }

    @Override
    public void listDynamicFields(
            ListDynamicFieldsRequest request, StreamObserver<ListDynamicFieldsResponse> responses) {
        Requests.answer(responses, () -> {
            var mask = ReadMask.of(request.getReadMask(), "parent,field_id", DynamicField.getDescriptor());
            SuiAddress parent = Requests.address(request.getParent(), "parent");
            var page = Page.of(
                    chain.ownedBy(new Owner.ObjectOwner(parent)).stream()
                            .filter(DynamicFieldMessages::isField)
                            .toList(),
                    request.getPageSize(),
                    request.getPageToken());
            var fields = new DynamicFieldMessages(chain, parent);
            var message = ListDynamicFieldsResponse.newBuilder();
            page.objects.forEach(object -> message.addDynamicFields(fields.of(object, mask)));
            page.next.ifPresent(message::setNextPageToken);
            return message.build();
        });
    }
}
