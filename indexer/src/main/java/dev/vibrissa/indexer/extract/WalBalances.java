package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState.AccumulatorWritten;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.PackageChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Sums the WAL of each address over one transaction: coins it has less count against coins it has more. */
final class WalBalances {
    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    private final PackageChain wal;
    private final TreeMap<SuiAddress, Long> changes = new TreeMap<>();

    /** @param wal the package of the coin; empty where a network has none, and nothing is summed */
    WalBalances(PackageChain wal) {
        this.wal = wal;
    }

    void coin(Optional<RawObject> before, Optional<RawObject> after) {
        before.ifPresent(coin -> add(coin, -1));
        after.ifPresent(coin -> add(coin, 1));
    }

    /** The change of an address balance, which is no object. */
    void balance(AccumulatorWritten written) {
        if (written.type() instanceof TypeTag.Struct(var type)
                && type.is(FRAMEWORK, "balance", "Balance")
                && isWal(type)
                && written.value().length() > Long.BYTES) {
            var in = written.value().reader();
            if (in.u8() == 0) { // an amount, not a digest of events
                long amount = in.u64();
                changes.merge(written.address(), written.negative() ? -amount : amount, Long::sum);
            }
        }
    }

    List<WalChange> take(ExecutedTransaction transaction) {
        if (changes.isEmpty()) {
            return List.of();
        }
        var facts = new ArrayList<WalChange>();
        changes.forEach((address, amount) -> {
            if (amount != 0) {
                facts.add(new WalChange(transaction.index(), transaction.digest(), address, amount));
            }
        });
        changes.clear();
        return facts;
    }

    /** Coins that are inside other objects, or of them, are nobody's until they come out. */
    private void add(RawObject raw, int sign) {
        if (!(raw.object() instanceof Part.Decoded<SuiObject>(var object, var _))
                || !(object.data() instanceof SuiObject.Move move)
                || !move.type().is(FRAMEWORK, "coin", "Coin")
                || !isWal(move.type())) {
            return;
        }
        switch (object.owner()) {
            case Owner.AddressOwner(var address) -> changes.merge(address, sign * amount(move.contents()), Long::sum);
            case Owner.ConsensusAddress(var _, var address) ->
                changes.merge(address, sign * amount(move.contents()), Long::sum);
            case Owner.ObjectOwner _, Owner.Shared _, Owner.Immutable _ -> {}
        }
    }

    private boolean isWal(StructTag type) {
        return type.typeParams().size() == 1
                && type.typeParams().getFirst() instanceof TypeTag.Struct(var coin)
                && coin.name().equals("WAL")
                && coin.module().equals("wal")
                && wal.contains(coin.address());
    }

    private static long amount(Bytes contents) {
        var in = contents.reader();
        in.skip(SuiAddress.SIZE);
        long amount = in.u64();
        if (amount < 0) {
            throw new BcsException(
                    "a coin of %s FROST, more than there are".formatted(Long.toUnsignedString(amount)), 0);
        }
        return amount;
    }
}
