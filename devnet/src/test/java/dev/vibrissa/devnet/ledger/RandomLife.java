package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * People who do anything, well or badly, with their toys. What they do follows from the seed and from what is on the
 * chain, so a life that was interrupted goes on as if it had not been.
 */
final class RandomLife {
    private static final int PEOPLE = 3;

    private final Ledger ledger;
    private final long seed;
    private final List<Account> people = new ArrayList<>();

    RandomLife(Ledger ledger, long seed) {
        this.ledger = ledger;
        this.seed = seed;
        for (int i = 0; i < PEOPLE; i++) {
            people.add(person(seed, i));
        }
    }

    private static Account person(long seed, int index) {
        return Account.of(seed, "person " + index);
    }

    static Genesis genesis(long seed) {
        return Toys.genesis(seed, person(seed, 0), person(seed, 1), person(seed, 2));
    }

    /** One checkpoint, whose number and the seed say what is tried. */
    void checkpoint() {
        long number = ledger.tip() + 1;
        var random = new Random(seed * 1_000_003 + number);
        Instant time = LedgerTest.START.plusMillis(250 * number);
        if (random.nextInt(4) > 0) {
            ledger.commit(time);
        }
        for (int left = random.nextInt(6); left > 0; left--) {
            var sender = ledger.sender(people.get(random.nextInt(PEOPLE)));
            sender.execute(ptb -> {
                for (int commands = 1 + random.nextInt(3); commands > 0; commands--) {
                    act(ptb, random, sender.address());
                }
            });
        }
        if (random.nextInt(12) == 0) {
            ledger.endEpoch(time);
        } else {
            ledger.seal(time);
        }
    }

    private void act(Ptb ptb, Random random, SuiAddress me) {
        List<SuiAddress> gems = owned(me, Toys.tag("Gem"));
        List<SuiAddress> boxes = owned(me, Toys.tag("Box"));
        List<SuiAddress> shelves = shelves();
        SuiAddress friend = people.get(random.nextInt(PEOPLE)).address();
        if (gems.isEmpty() || random.nextInt(4) == 0) {
            call(ptb, "dig_for_me", ptb.u64(random.nextInt(1_000)));
        } else if (shelves.isEmpty()) {
            call(ptb, "open_shelf");
        } else {
            Argument gem = ptb.object(gems.get(random.nextInt(gems.size())));
            SuiAddress shelfId = shelves.get(random.nextInt(shelves.size()));
            Argument key = ptb.u64(random.nextInt(4));
            switch (random.nextInt(18)) {
                case 0 -> call(ptb, "polish", gem, ptb.u64(1));
                case 1 -> call(ptb, "crush", gem);
                case 2 -> ptb.transfer(friend, gem);
                case 3 -> ptb.transfer(friend, call(ptb, "pack", gem));
                case 4 -> call(ptb, "pack_new", ptb.u64(2));
                case 5 ->
                    boxes.stream()
                            .findFirst()
                            .ifPresent(box -> ptb.transfer(friend, call(ptb, "unpack", ptb.object(box))));
                case 6 -> boxes.stream().findFirst().ifPresent(box -> call(ptb, "burn", ptb.object(box)));
                case 7 -> call(ptb, "put", ptb.object(shelfId), key, gem);
                case 8 -> ptb.transfer(friend, call(ptb, "get", ptb.object(shelfId), key));
                case 9 -> call(ptb, "note", ptb.object(shelfId), key, ptb.string("n"));
                case 10 -> call(ptb, "unnote", ptb.object(shelfId), key);
                case 11 -> call(ptb, "renote", ptb.object(shelfId), key);
                case 12 -> call(ptb, "look", ptb.read(shelfId), key);
                case 13 -> call(ptb, "crush", call(ptb, "dig", key));
                case 14 -> call(ptb, "refuse", key);
                case 15 -> ptb.transfer(friend, ptb.split(ptb.gas(), 1_000_000));
                case 16 ->
                    ptb.call(
                            Framework.PACKAGE,
                            "transfer",
                            "public_freeze_object",
                            List.of(new TypeTag.Struct(Toys.tag("Gem"))),
                            gem);
                default -> {
                    if (shelves.size() < 4) {
                        call(ptb, "open_shelf");
                    } else {
                        call(ptb, "weigh_all", ptb.vector(Toys.GEM.tag(), gem));
                    }
                }
            }
        }
    }

    private static Argument.Result call(Ptb ptb, String function, Argument... arguments) {
        return ptb.call(Toys.PACKAGE, "toys", function, arguments);
    }

    private List<SuiAddress> owned(SuiAddress owner, StructTag type) {
        return ids(ledger.currentOwnedBy(new Owner.AddressOwner(owner)), type);
    }

    /** Shared objects differ in their owners, so the only way to all of them is by the versions they began with. */
    private List<SuiAddress> shelves() {
        var found = new ArrayList<SuiAddress>();
        for (long version = 1; version < 400 && found.size() < 4; version++) {
            found.addAll(ids(ledger.currentOwnedBy(new Owner.Shared(version)), Toys.tag("Shelf")));
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static List<SuiAddress> ids(List<SuiObject> objects, StructTag type) {
        return objects.stream()
                .filter(object -> object.data() instanceof SuiObject.Move move
                        && move.type().equals(type))
                .map(SuiObject::id)
                .toList();
    }
}
