package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeCap;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeReceipt;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeTicket;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.devnet.ledger.move.MoveCall;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.devnet.ledger.move.Reference;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/** The functions of the Sui framework that transactions here call. */
final class FrameworkModules {
    private static final long WRONG_POLICY = 1;
    private static final long ALREADY_AUTHORIZED = 2;
    private static final long NOT_AUTHORIZED = 3;
    private static final long WRONG_CAP = 4;

    private FrameworkModules() {}

    /** Adds them unless they are there. */
    static void addTo(MoveModules modules) {
        if (modules.find(Framework.PACKAGE, "coin", "zero").isPresent()) {
            return;
        }
        modules.add(Framework.PACKAGE, "coin", "zero", FrameworkModules::zero)
                .add(Framework.PACKAGE, "transfer", "public_transfer", FrameworkModules::transfer)
                .add(Framework.PACKAGE, "transfer", "public_share_object", FrameworkModules::share)
                .add(Framework.PACKAGE, "transfer", "public_freeze_object", FrameworkModules::freeze)
                .add(
                        Framework.PACKAGE,
                        "package",
                        "authorize_upgrade",
                        call -> List.of(Framework.UPGRADE_TICKET.of(authorizeUpgrade(
                                call.borrow(0, Framework.UPGRADE_CAP), call.u8(1), Bytes.of(call.bytes(2))))))
                .add(Framework.PACKAGE, "package", "commit_upgrade", call -> {
                    commitUpgrade(call.borrow(0, Framework.UPGRADE_CAP), call.take(1, Framework.UPGRADE_RECEIPT));
                    return List.of();
                });
    }

    private static List<MoveValue> zero(MoveCall call) {
        var type = Framework.coin(call.typeArguments().getFirst());
        return List.of(type.of(new Coin(call.tx().newId(), 0)));
    }

    private static List<MoveValue> transfer(MoveCall call) {
        MoveValue object = call.takeAny(0);
        call.tx().transfer(MoveType.opaque(object.type(), object.abilities()), object.bcs(), call.address(1));
        return List.of();
    }

    private static List<MoveValue> share(MoveCall call) {
        MoveValue object = call.takeAny(0);
        call.tx().share(MoveType.opaque(object.type(), object.abilities()), object.bcs());
        return List.of();
    }

    private static List<MoveValue> freeze(MoveCall call) {
        MoveValue object = call.takeAny(0);
        call.tx().freeze(MoveType.opaque(object.type(), object.abilities()), object.bcs());
        return List.of();
    }

    private static UpgradeTicket authorizeUpgrade(Reference<UpgradeCap> reference, int policy, Bytes digest) {
        UpgradeCap cap = reference.get();
        if (cap.packageId().isZero()) {
            throw new MoveAbort("package", "authorize_upgrade", ALREADY_AUTHORIZED);
        }
        if (policy < cap.policy()) {
            throw new MoveAbort("package", "authorize_upgrade", WRONG_POLICY);
        }
        reference.set(new UpgradeCap(cap.id(), SuiAddress.ZERO, cap.version(), cap.policy()));
        return new UpgradeTicket(cap.id(), cap.packageId(), policy, digest);
    }

    private static void commitUpgrade(Reference<UpgradeCap> reference, UpgradeReceipt receipt) {
        UpgradeCap cap = reference.get();
        if (!receipt.cap().equals(cap.id())) {
            throw new MoveAbort("package", "commit_upgrade", WRONG_CAP);
        }
        if (!cap.packageId().isZero()) {
            throw new MoveAbort("package", "commit_upgrade", NOT_AUTHORIZED);
        }
        reference.set(new UpgradeCap(cap.id(), receipt.packageId(), cap.version() + 1, cap.policy()));
    }
}
