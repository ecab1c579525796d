package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.List;

/** Types of the Sui framework that the ledger itself deals in. */
public final class Framework {
    public static final SuiAddress PACKAGE = SuiAddress.parse("0x2");
    public static final SuiAddress CLOCK_ID = SuiAddress.parse("0x6");

    public static final TypeTag SUI = new TypeTag.Struct(new StructTag(PACKAGE, "sui", "SUI"));
    public static final MoveType<Coin> SUI_COIN = coin(SUI);
    public static final MoveType<Clock> CLOCK =
            MoveType.struct(type("clock", "Clock"), Clock::decode, Framework::write, Ability.KEY);
    public static final MoveType<UpgradeCap> UPGRADE_CAP = MoveType.struct(
            type("package", "UpgradeCap"), UpgradeCap::decode, Framework::write, Ability.KEY, Ability.STORE);
    /** No ability: an upgrade that was authorised has to happen. */
    public static final MoveType<UpgradeTicket> UPGRADE_TICKET =
            MoveType.struct(type("package", "UpgradeTicket"), UpgradeTicket::decode, Framework::write);
    /** No ability: an upgrade that happened has to be committed. */
    public static final MoveType<UpgradeReceipt> UPGRADE_RECEIPT =
            MoveType.struct(type("package", "UpgradeReceipt"), UpgradeReceipt::decode, Framework::write);

    private Framework() {}

    /** {@code 0x2::coin::Coin<T>}. */
    public static MoveType<Coin> coin(TypeTag currency) {
        return MoveType.struct(
                new StructTag(PACKAGE, "coin", "Coin", List.of(currency)),
                Coin::decode,
                Framework::write,
                Ability.KEY,
                Ability.STORE);
    }

    public static StructTag type(String module, String name) {
        return new StructTag(PACKAGE, module, name);
    }

    /** Whether {@code tag} is a coin of any currency. */
    public static boolean isCoin(TypeTag tag) {
        return tag instanceof TypeTag.Struct(StructTag struct) && struct.is(PACKAGE, "coin", "Coin");
    }

    /**
     * @param value in the coin's smallest unit, unsigned
     */
    public record Coin(SuiAddress id, long value) {
        static Coin decode(BcsReader in) {
            return new Coin(SuiAddress.decode(in), in.u64());
        }
    }

    public record Clock(SuiAddress id, long timestampMillis) {
        static Clock decode(BcsReader in) {
            return new Clock(SuiAddress.decode(in), in.u64());
        }
    }

    /**
     * The right to upgrade a package.
     *
     * @param packageId its newest version; zero while an upgrade is under way
     * @param version of that, counted from 1
     * @param policy 0 anything compatible
     */
    public record UpgradeCap(SuiAddress id, SuiAddress packageId, long version, int policy) {
        static UpgradeCap decode(BcsReader in) {
            return new UpgradeCap(SuiAddress.decode(in), SuiAddress.decode(in), in.u64(), in.u8());
        }
    }

    /** Permission for one upgrade to code of one digest. */
    public record UpgradeTicket(SuiAddress cap, SuiAddress packageId, int policy, Bytes digest) {
        static UpgradeTicket decode(BcsReader in) {
            return new UpgradeTicket(SuiAddress.decode(in), SuiAddress.decode(in), in.u8(), in.bytesView());
        }
    }

    /** What an upgrade gives: the new package, for {@code package::commit_upgrade}. */
    public record UpgradeReceipt(SuiAddress cap, SuiAddress packageId) {
        static UpgradeReceipt decode(BcsReader in) {
            return new UpgradeReceipt(SuiAddress.decode(in), SuiAddress.decode(in));
        }
    }

    private static void write(BcsWriter out, Coin coin) {
        coin.id.encode(out);
        out.u64(coin.value);
    }

    private static void write(BcsWriter out, Clock clock) {
        clock.id.encode(out);
        out.u64(clock.timestampMillis);
    }

    private static void write(BcsWriter out, UpgradeCap cap) {
        cap.id.encode(out);
        cap.packageId.encode(out);
        out.u64(cap.version).u8(cap.policy);
    }

    private static void write(BcsWriter out, UpgradeTicket ticket) {
        ticket.cap.encode(out);
        ticket.packageId.encode(out);
        out.u8(ticket.policy).bytes(ticket.digest);
    }

    private static void write(BcsWriter out, UpgradeReceipt receipt) {
        receipt.cap.encode(out);
        receipt.packageId.encode(out);
    }
}
