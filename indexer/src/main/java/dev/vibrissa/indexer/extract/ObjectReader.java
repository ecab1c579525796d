package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
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
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Objects of Walrus among all objects of a checkpoint, with dynamic fields told by the type of their value. */
final class ObjectReader {
    static final String SYSTEM_STATE = "Field<system_state_inner::SystemStateInnerV1>";

    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    private final WalrusNetwork network;
    private final List<Quarantined> quarantined;

    /** @param network tells the packages beside Walrus's own: of WAL, of the subsidies and of sites */
    ObjectReader(WalrusNetwork network, List<Quarantined> quarantined) {
        this.network = network;
        this.quarantined = quarantined;
    }

    /** The object, if it could be decoded. */
    Optional<RawObject> decoded(Optional<RawObject> raw) {
        return raw.filter(each -> each.object() instanceof Part.Decoded<SuiObject>);
    }

    /**
     * What an object of Walrus is, told once for all its versions: the type of an object never changes.
     *
     * @param whole the object's own type
     * @param ours the part of it that is Walrus's: the same, or the value of a dynamic field of the framework, or else
     *     its key
     * @param label {@code module::Name}, or {@code Field<module::Name>}; with a value that is nobody's in particular
     *     {@code Field<module::Key, Value>}
     */
    record WalrusType(StructTag whole, StructTag ours, String label) {
        boolean isField() {
            return whole != ours;
        }
    }

    /** Empty if the object is not Walrus's. */
    Optional<WalrusType> typeOf(RawObject raw, PackageChain packages) {
        if (!(object(raw).data() instanceof SuiObject.Move move)) {
            return Optional.empty();
        }
        StructTag type = move.type();
        if (isOurs(type.address(), packages) || isTreasury(type) || isOfSites(type, "Site")) {
            return Optional.of(new WalrusType(type, type, TypeLabels.of(type)));
        }
        if (!isField(type)) {
            return Optional.empty();
        }
        if (type.typeParams().get(1) instanceof TypeTag.Struct(var value)
                && (isOurs(value.address(), packages) || isResource(type, value))) {
            return Optional.of(new WalrusType(type, value, TypeLabels.ofFieldWith(value)));
        }
        if (type.typeParams().getFirst() instanceof TypeTag.Struct(var key) && packages.contains(key.address())) {
            return Optional.of(new WalrusType(
                    type, key, TypeLabels.ofFieldUnder(key, type.typeParams().get(1))));
        }
        return Optional.empty();
    }

    private boolean isOurs(SuiAddress address, PackageChain packages) {
        return packages.contains(address)
                || network.wal().contains(address)
                || network.walrusSubsidies().contains(address)
                || network.subsidies().contains(address);
    }

    /** Of what the packages of sites define, which is theirs and may be named as Walrus's, two types are of interest. */
    private boolean isOfSites(StructTag type, String name) {
        return network.walrusSites().contains(type.address())
                && type.is(type.address(), "site", name)
                && type.typeParams().isEmpty();
    }

    private boolean isResource(StructTag field, StructTag value) {
        return isOfSites(value, "Resource")
                && field.typeParams().getFirst() instanceof TypeTag.Struct(var key)
                && isOfSites(key, "ResourcePath");
    }

    /** The supply of WAL, in an object of the framework. */
    private boolean isTreasury(StructTag type) {
        return type.is(FRAMEWORK, "coin", "TreasuryCap")
                && type.typeParams().getFirst() instanceof TypeTag.Struct(var coin)
                && network.wal().contains(coin.address());
    }

    ObjectState state(int transactionIndex, RawObject raw, WalrusType type) {
        SuiObject object = object(raw);
        return new ObjectState(raw.version(), object.owner(), value(transactionIndex, object, type), raw.bcs());
    }

    /** The object as it stands, its contents left unread. */
    ObjectState unread(RawObject raw) {
        return new ObjectState(raw.version(), object(raw).owner(), Optional.empty(), raw.bcs());
    }

    /** A version that was stored as Walrus's: a field of the framework is one with a value of Walrus's. */
    static ObjectState stored(long version, Bytes bcs) {
        SuiObject object = SuiObject.decode(bcs.reader());
        StructTag whole = ((SuiObject.Move) object.data()).type();
        StructTag ours =
                isField(whole) && whole.typeParams().get(1) instanceof TypeTag.Struct(var value) ? value : whole;
        // What cannot be read went into quarantine when it was extracted.
        return new ObjectState(
                version,
                object.owner(),
                decode(object, new WalrusType(whole, ours, "")).known(),
                bcs);
    }

    static Optional<ObjectFact> reported(Bytes bcs, PackageChain packages, WalrusNetwork network) {
        SuiObject object = SuiObject.decode(bcs.reader());
        var raw = new RawObject(object.data().id(), object.data().version(), new Part.Decoded<>(object, bcs));
        var reader = new ObjectReader(network, new ArrayList<>());
        return reader.typeOf(raw, packages)
                .map(type -> new ObjectFact(
                        raw.id(),
                        raw.version(),
                        CheckpointFacts.Change.OBSERVED,
                        type.label(),
                        Optional.empty(),
                        Optional.of(reader.state(0, raw, type)),
                        Optional.empty()))
                .filter(fact -> fact.after().flatMap(ObjectState::value).isPresent());
    }

    static ObjectState storedUnread(long version, Bytes bcs) {
        return new ObjectState(version, SuiObject.decode(bcs.reader()).owner(), Optional.empty(), bcs);
    }

    /** The Move struct of a decoded object; empty of a package. */
    static Bytes contents(RawObject raw) {
        return object(raw).data() instanceof SuiObject.Move move ? move.contents() : Bytes.EMPTY;
    }

    private static SuiObject object(RawObject raw) {
        return switch (raw.object()) {
            case Part.Decoded<SuiObject>(var object, var _) -> object;
            case Part.Undecoded<SuiObject>(var _, var reason) -> throw new IllegalArgumentException(reason);
        };
    }

    /** Bytes that do not fit their type are put into quarantine and leave the value empty. */
    private Optional<WalrusObject> value(int transactionIndex, SuiObject object, WalrusType type) {
        Decoding<WalrusObject> decoded = decode(object, type);
        if (decoded instanceof Decoding.Malformed<WalrusObject>(var _, var reason)) {
            quarantined.add(new Quarantined(
                    transactionIndex,
                    "object",
                    object.data().id() + "@" + object.data().version(),
                    type.whole().toString(),
                    reason,
                    ((SuiObject.Move) object.data()).contents()));
        }
        return decoded.known();
    }

    private static Decoding<WalrusObject> decode(SuiObject object, WalrusType type) {
        Bytes contents = ((SuiObject.Move) object.data()).contents();
        return type.isField()
                ? fieldValue(contents, type)
                : WalrusObject.decode(type.ours().module(), type.ours().name(), contents);
    }

    private static Decoding<WalrusObject> fieldValue(Bytes contents, WalrusType type) {
        try {
            var in = contents.reader();
            in.skip(SuiAddress.SIZE); // the field's own id
            MoveValue.skip(in, type.whole().typeParams().getFirst());
            int rest = in.remaining();
            return WalrusObject.decode(
                    type.ours().module(), type.ours().name(), contents.slice(contents.length() - rest, rest));
        } catch (BcsException e) {
            return new Decoding.Malformed<>(type.ours().name(), String.valueOf(e.getMessage()));
        }
    }

    private static boolean isField(StructTag type) {
        return type.address().equals(FRAMEWORK)
                && type.module().equals("dynamic_field")
                && type.name().equals("Field")
                && type.typeParams().size() == 2;
    }
}
