package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.ledger.Executed;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps an eye on every object: the WAL in all of them is the supply, and all of ours can be decoded. */
final class WalAudit {
    private final WalrusTypes types;
    private final Map<SuiAddress, SuiObject.Move> live = new TreeMap<>();

    WalAudit(WalrusTypes types) {
        this.types = types;
    }

    /** Follows a checkpoint of the chain's. */
    void after(Checkpoint checkpoint) {
        for (ExecutedTransaction transaction : checkpoint.transactions()) {
            TransactionEffects effects = transaction.effects().decoded().orElseThrow();
            for (ChangedObject change : effects.changedObjects()) {
                live.remove(change.id());
                checkpoint
                        .objects()
                        .after(effects, change)
                        .ifPresent(after -> put(after.object().decoded().orElseThrow()));
            }
            check("transaction " + transaction.digest());
        }
    }

    /** Follows a transaction that is not sealed yet. */
    void after(Executed executed) {
        for (ChangedObject change : executed.effects().changedObjects()) {
            if (change.out() instanceof OutputState.Absent) {
                live.remove(change.id());
            }
        }
        executed.written().forEach(this::put);
        executed.events().forEach(this::decodes);
        check("transaction " + executed.digest());
    }

    private void put(SuiObject object) {
        if (object.data() instanceof SuiObject.Move move) {
            live.put(object.id(), move);
            ours(move);
        }
    }

    private void check(String when) {
        long supply = 0;
        long held = 0;
        for (SuiObject.Move object : live.values()) {
            if (object.type().equals(types.coin.structTag())) {
                held += types.coin.decode(object.contents()).value();
            }
            switch (ours(object).orElse(null)) {
                case TreasuryCap cap -> supply = cap.totalSupply();
                case SharedBlob shared -> held += shared.funds();
                case StakedWal staked -> held += staked.principal();
                case StakingPool pool -> held += pool.rewardsPool() + pool.commission();
                case WalrusSubsidiesInner subsidies -> held += subsidies.subsidyPool();
                case SystemStateInner system ->
                    held += system.futureAccounting().ringBuffer().stream()
                            .mapToLong(FutureAccounting::rewardsToDistribute)
                            .sum();
                case null, default -> {}
            }
        }
        assertThat(held).as("FROST in all objects after %s", when).isEqualTo(supply);
    }

    /** The object, or the value of the field, if it is Walrus's; its bytes are exactly those that we would write. */
    private Optional<WalrusObject> ours(SuiObject.Move object) {
        StructTag type = object.type();
        Bytes contents = object.contents();
        if (type.is(Framework.PACKAGE, "dynamic_field", "Field")
                && type.typeParams().get(1) instanceof TypeTag.Struct(StructTag value)) {
            type = value;
            int key = keyBytes(object.type().typeParams().getFirst(), contents);
            contents = contents.slice(SuiAddress.SIZE + key, contents.length() - SuiAddress.SIZE - key);
        }
        var layout = WalrusObject.layout(type.module(), type.name());
        if (layout.isEmpty()) {
            assertThat(type.address())
                    .as("unknown type %s", type)
                    .isNotIn(types.packages.walrus1(), types.packages.walrus2(), types.packages.walrus3());
            return Optional.empty();
        }
        WalrusObject decoded = BcsReader.decode(contents, layout.get());
        assertThat(Bytes.of(decoded.toBcs())).as("%s", type).isEqualTo(contents);
        return Optional.of(decoded);
    }

    private static int keyBytes(TypeTag key, Bytes contents) {
        return switch (key) {
            case TypeTag.Primitive.U64 -> Long.BYTES;
            case TypeTag.Primitive.U32 -> Integer.BYTES;
            case TypeTag.Vector _ -> 1 + contents.at(SuiAddress.SIZE);
            case TypeTag.Struct(StructTag struct) when struct.name().equals("ID") -> SuiAddress.SIZE;
            case TypeTag.Struct(StructTag struct) when struct.name().equals("PackageDigest") -> 1 + SuiAddress.SIZE;
            default -> 1;
        };
    }

    private void decodes(Event event) {
        if (event.type().module().equals(WalrusEvent.MODULE)
                && !event.type().name().equals("ShardAuditRecorded")) {
            var decoded = WalrusEvent.decode(event.type().name(), event.contents());
            assertThat(decoded).isInstanceOf(Decoding.Known.class);
            if (decoded instanceof Decoding.Known<WalrusEvent>(WalrusEvent known)) {
                assertThat(Bytes.of(known.toBcs())).isEqualTo(event.contents());
            }
            assertThat(event.type()).isEqualTo(types.event(event.type().name()));
        }
    }
}
