package dev.vibrissa.devnet.rpc;

import com.google.protobuf.ByteString;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.rpc.v2.Bcs;
import dev.vibrissa.rpc.v2.Linkage;
import dev.vibrissa.rpc.v2.Module;
import dev.vibrissa.rpc.v2.Object;
import dev.vibrissa.rpc.v2.Owner.OwnerKind;
import dev.vibrissa.rpc.v2.Package;
import dev.vibrissa.rpc.v2.TypeOrigin;
import java.util.OptionalLong;

/** Objects as {@code sui.rpc.v2} shows them. */
final class ObjectMessages {
    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    private ObjectMessages() {}

    static Object of(SuiObject object, ReadMask mask) {
        return of(object, Bytes.of(BcsWriter.encode(object, (out, each) -> each.encode(out))), mask);
    }

    static Object of(SuiObject object, Bytes bcs, ReadMask mask) {
        var message = Object.newBuilder()
                .setBcs(bcs("Object", bcs))
                .setObjectId(object.id().toString())
                .setVersion(object.version())
                .setOwner(owner(object.owner()))
                .setStorageRebate(object.storageRebate());
        if (mask.has("digest")) {
            message.setDigest(DigestKind.OBJECT.digest(bcs).toString());
        }
        if (mask.has("previous_transaction")) {
            message.setPreviousTransaction(object.previousTransaction().toString());
        }
        switch (object.data()) {
            case SuiObject.Move move -> describe(move, message);
            case SuiObject.Package code -> {
                message.setObjectType("package").setHasPublicTransfer(false);
                if (mask.has("package")) {
                    message.setPackage(code(code));
                }
            }
        }
        return mask.trim(message.build());
    }

    private static void describe(SuiObject.Move move, Object.Builder message) {
        String type = move.type().toString();
        message.setObjectType(type)
                .setHasPublicTransfer(move.hasPublicTransfer())
                .setContents(bcs(type, move.contents()));
        balance(move).ifPresent(balance -> {
            message.setBalance(balance);
            message.setJson(MoveJson.coin(move.id(), balance));
        });
    }

    /** What a coin holds, in its smallest unit. */
    static OptionalLong balance(SuiObject.Move move) {
        return isCoin(move.type()) && move.contents().length() == SuiAddress.SIZE + Long.BYTES
                ? OptionalLong.of(move.contents()
                        .slice(SuiAddress.SIZE, Long.BYTES)
                        .reader()
                        .u64())
                : OptionalLong.empty();
    }

    static boolean isCoin(StructTag type) {
        return type.is(FRAMEWORK, "coin", "Coin") && type.typeParams().size() == 1;
    }

    private static Package code(SuiObject.Package code) {
        var message = Package.newBuilder().setStorageId(code.id().toString()).setVersion(code.version());
        if (code.version() == 1) {
            message.setOriginalId(code.id().toString()); // of later versions only their bytecode tells
        }
        code.modules()
                .forEach((name, bytecode) ->
                        message.addModules(Module.newBuilder().setName(name).setContents(bytes(bytecode))));
        for (var origin : code.typeOrigins()) {
            message.addTypeOrigins(TypeOrigin.newBuilder()
                    .setModuleName(origin.module())
                    .setDatatypeName(origin.name())
                    .setPackageId(origin.packageId().toString()));
        }
        code.linkage()
                .forEach((original, upgraded) -> message.addLinkage(Linkage.newBuilder()
                        .setOriginalId(original.toString())
                        .setUpgradedId(upgraded.id().toString())
                        .setUpgradedVersion(upgraded.version())));
        return message.build();
    }

    static dev.vibrissa.rpc.v2.Owner owner(Owner owner) {
        var message = dev.vibrissa.rpc.v2.Owner.newBuilder();
        switch (owner) {
            case Owner.AddressOwner(SuiAddress address) ->
                message.setKind(OwnerKind.ADDRESS).setAddress(address.toString());
            case Owner.ObjectOwner(SuiAddress object) ->
                message.setKind(OwnerKind.OBJECT).setAddress(object.toString());
            case Owner.Shared(long initialVersion) ->
                message.setKind(OwnerKind.SHARED).setVersion(initialVersion);
            case Owner.Immutable() -> message.setKind(OwnerKind.IMMUTABLE);
            case Owner.ConsensusAddress(long startVersion, SuiAddress address) ->
                message.setKind(OwnerKind.CONSENSUS_ADDRESS)
                        .setVersion(startVersion)
                        .setAddress(address.toString());
        }
        return message.build();
    }

    static Bcs bcs(String name, Bytes value) {
        return Bcs.newBuilder().setName(name).setValue(bytes(value)).build();
    }

    static ByteString bytes(Bytes value) {
        return value.with(ByteString::copyFrom);
    }
}
