package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.ObjectSet;
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

    private final ObjectSet objects;
    private final List<Quarantined> quarantined;

    ObjectReader(ObjectSet objects, List<Quarantined> quarantined) {
        this.objects = objects;
        this.quarantined = quarantined;
    }

    Optional<SuiObject> find(SuiAddress id, long version) {
        return objects.find(id, version).flatMap(raw -> raw.object() instanceof Part.Decoded<SuiObject>(var object, var _)
                ? Optional.of(object)
                : Optional.empty());
    }

    /** {@code module::Name}, or {@code Field<module::Name>} of the value; empty if it is not Walrus's. */
    Optional<String> typeOf(SuiObject object, PackageChain packages) {
        return walrusType(object, packages)
                .map(type -> isField(moveType(object).orElseThrow())
                        ? "Field<%s::%s>".formatted(type.module(), type.name())
                        : type.module() + "::" + type.name());
    }

    ObjectState state(int transactionIndex, SuiObject object, PackageChain packages) {
        byte[] bcs = objects.find(object.id(), object.version()).orElseThrow().bcs();
        return new ObjectState(object.version(), object.owner(), value(transactionIndex, object, packages), bcs);
    }

    /**
     * The part of the object that is Walrus's: the object itself, or the value of a dynamic field of the framework.
     * Bytes that do not fit their type are put into quarantine and leave the value empty.
     */
    private Optional<WalrusObject> value(int transactionIndex, SuiObject object, PackageChain packages) {
        StructTag type = walrusType(object, packages).orElseThrow();
        byte[] contents = ((SuiObject.Data.Move) object.data()).contents();
        Decoding<WalrusObject> decoded;
        if (isField(moveType(object).orElseThrow())) {
            try {
                var in = new BcsReader(contents);
                in.skip(SuiAddress.SIZE); // the field's own id
                MoveValue.skip(in, moveType(object).orElseThrow().typeParams().getFirst());
                decoded = WalrusObject.decode(type.module(), type.name(), in.raw(in.remaining()));
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
                    object.id() + "@" + object.version(),
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
            case SuiObject.Data.Move move -> Optional.of(move.type());
            case SuiObject.Data.Package _ -> Optional.empty();
        };
    }
}
