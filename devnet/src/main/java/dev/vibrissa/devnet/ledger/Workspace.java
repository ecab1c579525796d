package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.TxContext;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one transaction read and did so far. The live objects stay as they are; {@link Outcome} makes effects of this.
 *
 * <p>An object is in {@code loaded} as it was before, in {@code drafts} as it shall be, in {@code taken} if it was used by
 * value and so has no draft unless it was handed on.
 */
final class Workspace implements TxContext {
    private static final int REGULAR_ID = 0xf1;

    private final LiveObjects live;
    private final Digest digest;
    private final SuiAddress sender;
    private final long epoch;
    private final long lamport;

    private final Map<SuiAddress, StoredObject> loaded = new TreeMap<>();
    private final Map<SuiAddress, Draft> drafts = new TreeMap<>();
    private final List<SuiObject.Package> packages = new ArrayList<>();
    private final Set<SuiAddress> created = new TreeSet<>();
    private final Set<SuiAddress> deleted = new TreeSet<>();
    private final Set<SuiAddress> taken = new TreeSet<>();
    private final List<Event> events = new ArrayList<>();
    private long ids;
    private SuiAddress callPackage = SuiAddress.ZERO;
    private String callModule = "";

    /** An object as it shall be written. */
    record Draft(StructTag type, boolean hasPublicTransfer, Bytes contents, Owner owner) {
        static Draft of(StoredObject object) {
            if (object.object().data() instanceof SuiObject.Move move) {
                return new Draft(
                        move.type(),
                        move.hasPublicTransfer(),
                        move.contents(),
                        object.object().owner());
            }
            throw new IllegalStateException("object %s is a package".formatted(object.id()));
        }

        Draft with(Bytes contents) {
            return new Draft(type, hasPublicTransfer, contents, owner);
        }
    }

    /**
     * @param lamport the version of what will be written
     */
    Workspace(LiveObjects live, Digest digest, SuiAddress sender, long epoch, long lamport) {
        this.live = live;
        this.digest = digest;
        this.sender = sender;
        this.epoch = epoch;
        this.lamport = lamport;
    }

    LiveObjects live() {
        return live;
    }

    long lamport() {
        return lamport;
    }

    Map<SuiAddress, StoredObject> loaded() {
        return loaded;
    }

    Map<SuiAddress, Draft> drafts() {
        return drafts;
    }

    /**
     * @throws IllegalStateException if the object is not to be written
     */
    Draft draft(SuiAddress id) {
        Draft draft = drafts.get(id);
        if (draft == null) {
            throw new IllegalStateException("object %s is not written".formatted(id));
        }
        return draft;
    }

    List<SuiObject.Package> packages() {
        return packages;
    }

    Set<SuiAddress> created() {
        return created;
    }

    Set<SuiAddress> deleted() {
        return deleted;
    }

    Set<SuiAddress> taken() {
        return taken;
    }

    List<Event> events() {
        return events;
    }

    @Override
    public SuiAddress sender() {
        return sender;
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    /** The call in whose name events go out. */
    void enter(SuiAddress packageId, String module) {
        callPackage = packageId;
        callModule = module;
    }

    void load(StoredObject object) {
        loaded.put(object.id(), object);
    }

    /** Undoes everything but the loading of inputs: what a failed transaction comes to. */
    void revert(Set<SuiAddress> inputs) {
        drafts.clear();
        packages.clear();
        created.clear();
        deleted.clear();
        taken.clear();
        events.clear();
        loaded.keySet().retainAll(inputs);
    }

    /** An id for a package, which effects count as created but no UID stands for. */
    SuiAddress nextId() {
        var out = new BcsWriter().u8(REGULAR_ID).raw(digest.toByteArray()).u64(ids++);
        return new SuiAddress(Blake2b.hash(out.toByteArray()));
    }

    @Override
    public SuiAddress newId() {
        SuiAddress id = nextId();
        created.add(id);
        return id;
    }

    /** An id that follows from its parent and key; a field that was there before the transaction is not new. */
    void claim(SuiAddress id) {
        if (!deleted.remove(id)) {
            created.add(id);
        }
    }

    @Override
    public void delete(SuiAddress id) {
        if (drafts.containsKey(id)) {
            throw new IllegalStateException("object %s is deleted after it was handed on".formatted(id));
        }
        if (live.find(id).isPresent() && !taken.contains(id)) {
            throw new IllegalStateException("object %s is deleted but was not taken by value".formatted(id));
        }
        if (!created.remove(id) && !deleted.add(id)) {
            throw new IllegalStateException("object %s is deleted twice".formatted(id));
        }
    }

    /** Records that an object that is there was used by value. */
    void take(SuiAddress id) {
        drafts.remove(id);
        if (loaded.containsKey(id)) {
            taken.add(id);
        }
    }

    @Override
    public <T> void transfer(MoveType<T> type, T object, SuiAddress recipient) {
        write(type, type.encode(object), new Owner.AddressOwner(recipient));
    }

    @Override
    public <T> void freeze(MoveType<T> type, T object) {
        write(type, type.encode(object), new Owner.Immutable());
    }

    @Override
    public <T> void share(MoveType<T> type, T object) {
        Bytes contents = type.encode(object);
        SuiAddress id = SuiAddress.decode(contents.reader());
        StoredObject before = loaded.get(id);
        if (before != null && before.object().owner() instanceof Owner.Shared shared) {
            write(type, contents, shared);
        } else if (created.contains(id)) {
            write(type, contents, new Owner.Shared(lamport));
        } else {
            throw new MoveAbort(Framework.PACKAGE, "transfer", "share_object", 0); // not new
        }
    }

    /** Hands an object on that was created, unwrapped or taken by value. */
    void write(MoveType<?> type, Bytes contents, Owner owner) {
        if (!type.abilities().contains(Ability.KEY)) {
            throw new IllegalStateException("%s is no object type".formatted(type.tag()));
        }
        SuiAddress id = SuiAddress.decode(contents.reader());
        StoredObject before = loaded.get(id);
        if (before != null && before.object().owner() instanceof Owner.Shared && !(owner instanceof Owner.Shared)) {
            throw ExecutionFailure.plain(ExecutionFailure.SHARED_OBJECT_OPERATION_NOT_ALLOWED);
        }
        if (drafts.containsKey(id)) {
            throw new IllegalStateException("object %s is handed on twice".formatted(id));
        }
        if (live.find(id).isPresent() && !taken.contains(id)) {
            throw new IllegalStateException("object %s is handed on but was not taken by value".formatted(id));
        }
        if (deleted.contains(id)) {
            throw new IllegalStateException("object %s is handed on after it was deleted".formatted(id));
        }
        boolean hasPublicTransfer = type.abilities().contains(Ability.STORE);
        drafts.put(id, new Draft(type.structTag(), hasPublicTransfer, contents, owner));
    }

    /** A child as it is now within this transaction, loaded if need be. */
    Optional<Draft> child(SuiAddress id) {
        Draft draft = drafts.get(id);
        if (draft != null) {
            return Optional.of(draft);
        }
        if (deleted.contains(id) || taken.contains(id)) {
            return Optional.empty();
        }
        Optional<StoredObject> stored =
                live.find(id).filter(object -> object.object().owner() instanceof Owner.ObjectOwner);
        stored.ifPresent(this::load);
        return stored.map(Draft::of);
    }

    /** Rewrites a child; as on the chain, the same contents are no change. */
    void rewrite(SuiAddress id, Bytes contents) {
        Draft before = child(id).orElseThrow();
        if (!before.contents.equals(contents)) {
            drafts.put(id, before.with(contents));
        }
    }

    /** Takes a child out of where it is. */
    Draft detach(SuiAddress id) {
        Draft child = child(id).orElseThrow();
        take(id);
        return child;
    }

    @Override
    public <K, V> Fields<K, V> fields(SuiAddress parent, MoveType<K> key, MoveType<V> value) {
        return new ValueFields<>(this, parent, key, value);
    }

    @Override
    public <K, V> Fields<K, V> objectFields(SuiAddress parent, MoveType<K> key, MoveType<V> value) {
        return new ObjectFields<>(this, parent, key, value);
    }

    @Override
    public void emit(StructTag type, Bytes contents) {
        events.add(new Event(callPackage, callModule, sender, type, contents));
    }

    /** The object id of the field with this key. */
    static SuiAddress fieldId(SuiAddress parent, Bytes key, TypeTag keyType) {
        var out = new BcsWriter().u8(0xf0);
        parent.encode(out);
        out.u64(key.length()).raw(key);
        keyType.encode(out);
        return new SuiAddress(Blake2b.hash(out.toByteArray()));
    }
}
