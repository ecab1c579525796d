package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.List;
import java.util.Optional;

/** Objects of Walrus among all objects of a checkpoint, with dynamic fields told by the type of their value. */
final class ObjectReader {
    static final String SYSTEM_STATE = "Field<system_state_inner::SystemStateInnerV1>";

    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    private final List<Quarantined> quarantined;

    ObjectReader(List<Quarantined> quarantined) {
        this.quarantined = quarantined;
    }

    /** The object, if it could be decoded. */
    Optional<RawObject> decoded(Optional<RawObject> raw) {
        return raw.filter(each -> each.object() instanceof Part.Decoded<SuiObject>);
    }

    /** {@code module::Name}, or {@code Field<module::Name>} of the value; empty if it is not Walrus's. */
    Optional<String> typeOf(RawObject raw, PackageChain packages) {
        SuiObject object = object(raw);
        return walrusType(object, packages)
                .map(type -> isField(moveType(object).orElseThrow())
                        ? "Field<" + type.module() + "::" + type.name() + ">"
                        : type.module() + "::" + type.name());
    }

    ObjectState state(int transactionIndex, RawObject raw, PackageChain packages) {
        SuiObject object = object(raw);
        return new ObjectState(raw.version(), object.owner(), value(transactionIndex, object, packages), raw.bcs());
    }

    /** The object as it stands, its contents left unread. */
    ObjectState unread(RawObject raw) {
        return new ObjectState(raw.version(), object(raw).owner(), Optional.empty(), raw.bcs());
    }

    private static SuiObject object(RawObject raw) {
        return switch (raw.object()) {
            case Part.Decoded<SuiObject>(var object, var _) -> object;
            case Part.Undecoded<SuiObject>(var _, var reason) -> throw new IllegalArgumentException(reason);
        };
    }

    /**
     * The part of the object that is Walrus's: the object itself, or the value of a dynamic field of the framework.
     * Bytes that do not fit their type are put into quarantine and leave the value empty.
     */
    private Optional<WalrusObject> value(int transactionIndex, SuiObject object, PackageChain packages) {
        StructTag type = walrusType(object, packages).orElseThrow();
        Bytes contents = ((SuiObject.Move) object.data()).contents();
        Decoding<WalrusObject> decoded;
        if (isField(moveType(object).orElseThrow())) {
            try {
                var in = contents.reader();
                in.skip(SuiAddress.SIZE); // the field's own id
                MoveValue.skip(in, moveType(object).orElseThrow().typeParams().getFirst());
                decoded = WalrusObject.decode(
                        type.module(), type.name(), contents.slice(contents.length() - in.remaining(), in.remaining()));
            } catch (BcsException e) {
                decoded = new Decoding.Malformed<>(type.name(), String.valueOf(e.getMessage()));
            }
        } else {
            decoded = WalrusObject.decode(type.module(), type.name(), contents);
        }
        if (decoded instanceof Decoding.Malformed<WalrusObject>(var _, var reason)) {
            quarantined.add(new Quarantined(
                    transactionIndex,
                    "object",
                    object.data().id() + "@" + object.data().version(),
                    moveType(object).orElseThrow().toString(),
                    reason,
                    contents));
        }
        return decoded.known();
    }

    private static Optional<StructTag> walrusType(SuiObject object, PackageChain packages) {
        return moveType(object).flatMap(type -> {
            if (packages.contains(type.address())) {
                return Optional.of(type);
            }
            return isField(type) && type.typeParams().get(1) instanceof TypeTag.Struct(var value)
                    ? Optional.of(value).filter(tag -> packages.contains(tag.address()))
                    : Optional.empty();
        });
    }

    private static boolean isField(StructTag type) {
        return type.address().equals(FRAMEWORK)
                && type.module().equals("dynamic_field")
                && type.name().equals("Field")
                && type.typeParams().size() == 2;
    }

    private static Optional<StructTag> moveType(SuiObject object) {
        return switch (object.data()) {
            case SuiObject.Move move -> Optional.of(move.type());
            case SuiObject.Package _ -> Optional.empty();
        };
    }
}
