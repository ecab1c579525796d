package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Clock;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a chain begins with: a clock, the packages of the framework, and whatever else is put in before the ledger is
 * first opened. The same seed, start and objects make the same chain.
 */
public final class Genesis {
    /** Objects of genesis have version 1, like packages. */
    static final long VERSION = 1;

    private final long seed;
    private final Instant start;
    private final List<SuiObject.Genesis> objects = new ArrayList<>();

    /**
     * @param seed of the validators' keys and of ids
     * @param start the time of checkpoint 0, whole milliseconds
     */
    public Genesis(long seed, Instant start) {
        this.seed = seed;
        this.start = start;
        packageAt(SuiAddress.parse("0x1"), new ModuleCode("option", "Option"), new ModuleCode("string", "String"));
        packageAt(
                Framework.PACKAGE,
                new ModuleCode("clock", "Clock"),
                new ModuleCode("coin", "Coin", "TreasuryCap"),
                new ModuleCode("dynamic_field", "Field"),
                new ModuleCode("dynamic_object_field", "Wrapper"),
                new ModuleCode("object", "ID", "UID"),
                new ModuleCode("package", "UpgradeCap", "UpgradeTicket", "UpgradeReceipt"),
                new ModuleCode("sui", "SUI"),
                new ModuleCode("transfer"));
        object(Framework.CLOCK, new Clock(Framework.CLOCK_ID, start.toEpochMilli()), new Owner.Shared(VERSION));
    }

    long seed() {
        return seed;
    }

    Instant start() {
        return start;
    }

    List<SuiObject.Genesis> objects() {
        return List.copyOf(objects);
    }

    /** An id for a new object, different at each call. */
    public SuiAddress nextId() {
        return new SuiAddress(Blake2b.hash(
                new BcsWriter().string("genesis").u64(seed).u32(objects.size()).toByteArray()));
    }

    /** A package under an id of the caller's choice. */
    public Genesis packageAt(SuiAddress id, ModuleCode... modules) {
        objects.add(new SuiObject.Genesis(Packages.first(id, List.of(modules), Map.of()), new Owner.Immutable()));
        return this;
    }

    /** The next version of a package that is there. */
    public Genesis nextPackageAt(SuiAddress id, SuiAddress before, ModuleCode... modules) {
        SuiObject.Package code = objects.stream()
                .filter(object -> object.data().id().equals(before))
                .map(SuiObject.Genesis::data)
                .filter(SuiObject.Package.class::isInstance)
                .map(SuiObject.Package.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no package " + before));
        objects.add(new SuiObject.Genesis(
                Packages.next(id, code, List.of(modules), code.linkage()), new Owner.Immutable()));
        return this;
    }

    /** Any object; if it is shared, then from {@code new Owner.Shared(1)} on. */
    public <T> Genesis object(MoveType<T> type, T object, Owner owner) {
        var move = new SuiObject.Move(
                type.structTag(), type.abilities().contains(Ability.STORE), VERSION, type.encode(object));
        objects.add(new SuiObject.Genesis(move, owner));
        return this;
    }

    /**
     * SUI to begin with, in one coin.
     *
     * @param mist 10⁻⁹ SUI
     */
    public Genesis sui(SuiAddress owner, long mist) {
        return object(Framework.SUI_COIN, new Coin(nextId(), mist), new Owner.AddressOwner(owner));
    }
}
