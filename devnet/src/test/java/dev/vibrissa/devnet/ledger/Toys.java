package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveCall;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import java.util.List;
import java.util.Optional;

/** A small package that does to objects all that can be done to them. */
final class Toys {
    static final SuiAddress PACKAGE = SuiAddress.parse("0x70");
    static final ModuleCode CODE = new ModuleCode("toys", "Gem", "Box", "Shelf", "Ticket", "Polished");

    static final MoveType<Gem> GEM = MoveType.struct(
            tag("Gem"),
            in -> new Gem(SuiAddress.decode(in), in.u64()),
            (out, gem) -> {
                gem.id.encode(out);
                out.u64(gem.weight);
            },
            Ability.KEY,
            Ability.STORE);
    static final MoveType<Box> BOX = MoveType.struct(
            tag("Box"),
            in -> new Box(SuiAddress.decode(in), in.option(GEM.decoder())),
            (out, box) -> {
                box.id.encode(out);
                out.option(box.gem, GEM.encoder());
            },
            Ability.KEY,
            Ability.STORE);
    /** Shared; has gems as dynamic object fields and notes as dynamic fields. */
    static final MoveType<Shelf> SHELF = MoveType.struct(
            tag("Shelf"),
            in -> new Shelf(SuiAddress.decode(in), in.u64()),
            (out, shelf) -> {
                shelf.id.encode(out);
                out.u64(shelf.uses);
            },
            Ability.KEY);
    /** Has to be handed in. */
    static final MoveType<Long> TICKET =
            MoveType.struct(tag("Ticket"), in -> in.u64(), (out, number) -> out.u64(number));

    private Toys() {}

    record Gem(SuiAddress id, long weight) {}

    record Box(SuiAddress id, Optional<Gem> gem) {}

    record Shelf(SuiAddress id, long uses) {}

    static StructTag tag(String name) {
        return new StructTag(PACKAGE, "toys", name);
    }

    static MoveModules modules() {
        return new MoveModules()
                .add(
                        PACKAGE,
                        "toys",
                        "dig",
                        call -> List.of(GEM.of(new Gem(call.tx().newId(), call.u64(0)))))
                .add(PACKAGE, "toys", "dig_for_me", Toys::digForMe)
                .add(PACKAGE, "toys", "polish", Toys::polish)
                .add(PACKAGE, "toys", "crush", Toys::crush)
                .add(PACKAGE, "toys", "pack", Toys::pack)
                .add(PACKAGE, "toys", "pack_new", Toys::packNew)
                .add(PACKAGE, "toys", "unpack", Toys::unpack)
                .add(PACKAGE, "toys", "burn", Toys::burn)
                .add(PACKAGE, "toys", "open_shelf", Toys::openShelf)
                .add(PACKAGE, "toys", "close_shelf", Toys::closeShelf)
                .add(PACKAGE, "toys", "look", Toys::look)
                .add(PACKAGE, "toys", "put", Toys::put)
                .add(PACKAGE, "toys", "get", Toys::get)
                .add(PACKAGE, "toys", "note", Toys::note)
                .add(PACKAGE, "toys", "unnote", Toys::unnote)
                .add(PACKAGE, "toys", "renote", Toys::renote)
                .add(PACKAGE, "toys", "ticket", call -> List.of(TICKET.of(call.u64(0))))
                .add(PACKAGE, "toys", "redeem", call -> {
                    call.take(0, TICKET);
                    return List.of();
                })
                .add(PACKAGE, "toys", "refuse", call -> {
                    throw call.abort(call.u64(0));
                })
                .add(PACKAGE, "toys", "overflow", call -> {
                    Math.addExact(Long.MAX_VALUE, call.u64(0));
                    return List.of();
                })
                .add(PACKAGE, "toys", "lose", call -> {
                    call.take(0, GEM);
                    return List.of();
                })
                .add(PACKAGE, "toys", "weigh_all", Toys::weighAll);
    }

    private static List<MoveValue> digForMe(MoveCall call) {
        var gem = new Gem(call.tx().newId(), call.u64(0));
        call.tx().transfer(GEM, gem, call.tx().sender());
        return List.of();
    }

    private static List<MoveValue> polish(MoveCall call) {
        var gem = call.borrow(0, GEM);
        gem.update(each -> new Gem(each.id, each.weight - call.u64(1)));
        call.tx().emit(call.type("toys", "Polished"), MoveType.U64.encode(gem.get().weight));
        return List.of();
    }

    private static List<MoveValue> crush(MoveCall call) {
        call.tx().delete(call.take(0, GEM).id);
        return List.of();
    }

    private static List<MoveValue> pack(MoveCall call) {
        return List.of(BOX.of(new Box(call.tx().newId(), Optional.of(call.take(0, GEM)))));
    }

    private static List<MoveValue> packNew(MoveCall call) {
        var gem = new Gem(call.tx().newId(), call.u64(0));
        call.tx()
                .transfer(
                        BOX,
                        new Box(call.tx().newId(), Optional.of(gem)),
                        call.tx().sender());
        return List.of();
    }

    private static List<MoveValue> unpack(MoveCall call) {
        Box box = call.take(0, BOX);
        call.tx().delete(box.id);
        return List.of(GEM.of(box.gem.orElseThrow(() -> call.abort(1))));
    }

    /** With what is in it. */
    private static List<MoveValue> burn(MoveCall call) {
        Box box = call.take(0, BOX);
        box.gem.ifPresent(gem -> call.tx().delete(gem.id));
        call.tx().delete(box.id);
        return List.of();
    }

    private static List<MoveValue> openShelf(MoveCall call) {
        call.tx().share(SHELF, new Shelf(call.tx().newId(), 0));
        return List.of();
    }

    private static List<MoveValue> closeShelf(MoveCall call) {
        call.tx().delete(call.take(0, SHELF).id);
        return List.of();
    }

    private static List<MoveValue> look(MoveCall call) {
        Shelf shelf = call.read(0, SHELF);
        var notes = call.tx().fields(shelf.id, MoveType.U64, MoveType.STRING);
        return List.of(MoveType.BOOL.of(
                notes.contains(call.u64(1)) && !notes.get(call.u64(1)).isEmpty()));
    }

    private static SuiAddress use(MoveCall call) {
        var shelf = call.borrow(0, SHELF);
        shelf.update(each -> new Shelf(each.id, each.uses + 1));
        return shelf.get().id;
    }

    private static List<MoveValue> put(MoveCall call) {
        call.tx().objectFields(use(call), MoveType.U64, GEM).add(call.u64(1), call.take(2, GEM));
        return List.of();
    }

    private static List<MoveValue> get(MoveCall call) {
        return List.of(
                GEM.of(call.tx().objectFields(use(call), MoveType.U64, GEM).remove(call.u64(1))));
    }

    private static List<MoveValue> note(MoveCall call) {
        call.tx().fields(use(call), MoveType.U64, MoveType.STRING).add(call.u64(1), call.string(2));
        return List.of();
    }

    private static List<MoveValue> unnote(MoveCall call) {
        call.tx().fields(use(call), MoveType.U64, MoveType.STRING).remove(call.u64(1));
        return List.of();
    }

    /** Removes a field and adds it again. */
    private static List<MoveValue> renote(MoveCall call) {
        var notes = call.tx().fields(use(call), MoveType.U64, MoveType.STRING);
        notes.add(call.u64(1), notes.remove(call.u64(1)) + "!");
        notes.update(call.u64(1), note -> note + "?");
        return List.of();
    }

    private static List<MoveValue> weighAll(MoveCall call) {
        long sum = 0;
        for (Gem gem : call.take(0, MoveType.vector(GEM))) {
            sum += gem.weight;
            call.tx().delete(gem.id);
        }
        call.tx().emit(tag("Polished"), MoveType.U64.encode(sum));
        return List.of();
    }

    static Genesis genesis(long seed, Account... rich) {
        var genesis = new Genesis(seed, LedgerTest.START).packageAt(PACKAGE, CODE);
        for (Account account : rich) {
            genesis.sui(account.address(), 1_000_000_000_000L);
        }
        return genesis;
    }

    static Bytes contents(SuiObject object) {
        return ((SuiObject.Move) object.data()).contents();
    }

    static boolean isSui(StructTag type) {
        return type.equals(Framework.SUI_COIN.structTag());
    }
}
