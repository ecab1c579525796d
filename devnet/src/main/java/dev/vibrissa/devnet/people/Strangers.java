package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Genesis;
import dev.vibrissa.devnet.ledger.ModuleCode;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import java.util.SplittableRandom;

/** People who have nothing to do with Walrus and fill the chain with objects, so that checkpoints weigh what they do elsewhere. */
public final class Strangers implements Actor {
    private static final SuiAddress PACKAGE = SuiAddress.parse("0x5c4a9");
    private static final int BYTES_PER_OBJECT = 4_000;

    /** The id, then bytes. */
    private static final MoveType<Scrap> SCRAP = MoveType.struct(
            new StructTag(PACKAGE, "scrap", "Scrap"),
            in -> new Scrap(SuiAddress.decode(in), in.bytesView()),
            (out, scrap) -> {
                scrap.id.encode(out);
                out.bytes(scrap.bytes);
            },
            Ability.KEY,
            Ability.STORE);

    private record Scrap(SuiAddress id, Bytes bytes) {}

    private final Walrus walrus;
    private final Sender sender;
    private final int bytesPerTurn;

    /** @param bytesPerTurn about so many bytes of objects, read and written, in each checkpoint */
    public Strangers(Walrus walrus, Sender sender, int bytesPerTurn) {
        this.walrus = walrus;
        this.sender = sender;
        this.bytesPerTurn = bytesPerTurn;
    }

    public static void publish(Genesis genesis, MoveModules modules) {
        genesis.packageAt(PACKAGE, new ModuleCode("scrap", "Scrap"));
        modules.add(
                PACKAGE,
                "scrap",
                "new",
                call -> List.of(SCRAP.of(new Scrap(call.tx().newId(), bytes(call.u64(0))))));
        modules.add(PACKAGE, "scrap", "write", call -> {
            call.borrow(0, SCRAP).update(scrap -> new Scrap(scrap.id, bytes(call.u64(1))));
            return List.of();
        });
    }

    private static Bytes bytes(long seed) {
        byte[] bytes = new byte[BYTES_PER_OBJECT];
        new SplittableRandom(seed).nextBytes(bytes);
        return Bytes.of(bytes);
    }

    @Override
    public void act(Turn turn) {
        // Each object is in the checkpoint twice, as it was and as it is.
        int objects = bytesPerTurn / (2 * BYTES_PER_OBJECT);
        List<Scrap> scraps = walrus.owned(sender.address(), SCRAP);
        for (int i = 0; i < objects; i++) {
            long seed = turn.seed() + turn.checkpoint() * objects + i;
            if (i < scraps.size()) {
                SuiAddress id = scraps.get(i).id;
                sender.execute(ptb -> ptb.call(PACKAGE, "scrap", "write", ptb.object(id), ptb.u64(seed)));
            } else {
                sender.execute(ptb -> ptb.transfer(sender.address(), ptb.call(PACKAGE, "scrap", "new", ptb.u64(seed))));
            }
        }
    }
}
