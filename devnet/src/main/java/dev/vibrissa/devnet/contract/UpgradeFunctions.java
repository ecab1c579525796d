package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeReceipt;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeTicket;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.devnet.ledger.move.Reference;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.PackageEvent.ContractUpgradeProposed;
import dev.vibrissa.protocol.walrus.PackageEvent.ContractUpgradeQuorumReached;
import dev.vibrissa.protocol.walrus.PackageEvent.ContractUpgraded;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.UpgradeManager;
import dev.vibrissa.protocol.walrus.object.UpgradeManager.UpgradeCap;
import dev.vibrissa.protocol.walrus.object.UpgradeProposal;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.util.List;
import java.util.Optional;

/**
 * Votes on a new version of the contracts, and the way to it. All versions run the same Java; what version 4 adds is
 * {@code system::record_audit} with an event that is invented, so that indexers can be tried with one they do not know.
 */
final class UpgradeFunctions {
    private static final String MODULE = "upgrade";

    private UpgradeFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, MODULE)
                .does("vote_for_upgrade", UpgradeFunctions::vote)
                .gives("authorize_upgrade", UpgradeFunctions::authorize)
                .gives("authorize_emergency_upgrade", UpgradeFunctions::authorizeInEmergency)
                .does("commit_upgrade", UpgradeFunctions::commit)
                .does("cleanup_upgrade_proposals", UpgradeFunctions::cleanUp);
        MoveModule.walrus(modules, types, "init")
                .does("migrate", call -> {
                    throw call.move().abort(2);
                })
                .does("migrate_v2", UpgradeFunctions::migrate);
        MoveModule.walrus(modules, types, "system").does("record_audit", UpgradeFunctions::recordAudit);
    }

    private static void vote(WalrusCall call) {
        var manager = call.move().borrow(0, call.types().upgradeManager);
        var staking = call.staking(1).state();
        SuiAddress node = call.id(3);
        var authorized = staking.pool(node).governanceAuthorized();
        Abort.unless(call.authenticated(2).equals(authorized), MODULE, "vote_for_upgrade", 1);
        int weight = staking.weight(node);
        Digest digest = digest(call.bytes(4), "vote_for_upgrade");
        long version = manager.get().cap().version() + 1;

        var proposals = proposals(call, manager.get());
        var fresh = new UpgradeProposal(staking.epoch(), digest, version, 0, List.of());
        boolean known = proposals.contains(digest);
        UpgradeProposal proposal = known ? proposals.get(digest) : fresh;
        if (!known || proposal.epoch() != staking.epoch() || proposal.version() != version) {
            proposal = fresh;
            call.emit(new ContractUpgradeProposed(staking.epoch(), digest));
        }
        Abort.unless(!proposal.voters().contains(node), MODULE, "add_vote", 2);
        proposal = new UpgradeProposal(
                proposal.epoch(),
                digest,
                version,
                proposal.votingWeight() + weight,
                Votes.with(proposal.voters(), node));
        if (known) {
            proposals.set(digest, proposal);
        } else {
            proposals.add(digest, proposal);
            countProposals(manager, 1);
        }
        if (staking.isQuorum(proposal.votingWeight())) {
            call.emit(new ContractUpgradeQuorumReached(staking.epoch(), digest));
        }
    }

    private static MoveValue authorize(WalrusCall call) {
        String function = "authorize_upgrade";
        var manager = call.move().borrow(0, call.types().upgradeManager);
        var staking = call.staking(1).state();
        Digest digest = digest(call.bytes(2), function);
        var proposals = proposals(call, manager.get());
        Abort.unless(proposals.contains(digest), MODULE, function, 4);
        UpgradeProposal proposal = proposals.remove(digest);
        countProposals(manager, -1);
        Abort.unless(proposal.epoch() == staking.epoch(), MODULE, function, 5);
        Abort.unless(staking.isQuorum(proposal.votingWeight()), MODULE, function, 6);
        Abort.unless(manager.get().cap().version() + 1 == proposal.version(), MODULE, function, 7);
        return ticket(manager, Bytes.of(digest.toByteArray()));
    }

    private static MoveValue authorizeInEmergency(WalrusCall call) {
        var manager = call.move().borrow(0, call.types().upgradeManager);
        var cap = call.move().read(1, call.types().emergencyUpgradeCap);
        boolean ours = cap.upgradeManagerId().equals(manager.get().id());
        Abort.unless(ours, MODULE, "authorize_emergency_upgrade", 0);
        return ticket(manager, Bytes.of(call.bytes(2)));
    }

    /** Until the upgrade is committed the cap names no package. */
    private static MoveValue ticket(Reference<UpgradeManager> manager, Bytes digest) {
        UpgradeCap cap = manager.get().cap();
        Abort.unlessInFramework(!cap.packageId().isZero(), "package", "authorize_upgrade", 2);
        cap(manager, new UpgradeCap(cap.id(), SuiAddress.ZERO, cap.version(), cap.policy()));
        return Framework.UPGRADE_TICKET.of(new UpgradeTicket(cap.id(), cap.packageId(), cap.policy(), digest));
    }

    private static void commit(WalrusCall call) {
        var manager = call.move().borrow(0, call.types().upgradeManager);
        var staking = call.move().borrow(1, call.types().staking);
        var system = call.move().borrow(2, call.types().system);
        UpgradeReceipt receipt = call.move().take(3, Framework.UPGRADE_RECEIPT);
        UpgradeCap cap = manager.get().cap();
        Abort.unlessInFramework(cap.id().equals(receipt.cap()), "package", "commit_upgrade", 4);
        Abort.unlessInFramework(cap.packageId().isZero(), "package", "commit_upgrade", 3);
        cap(manager, new UpgradeCap(cap.id(), receipt.packageId(), cap.version() + 1, cap.policy()));
        var next = Optional.of(receipt.packageId());
        staking.update(before -> new Staking(before.id(), before.version(), before.packageId(), next));
        system.update(before -> new WalrusSystem(before.id(), before.version(), before.packageId(), next));
    }

    private static void cleanUp(WalrusCall call) {
        var manager = call.move().borrow(0, call.types().upgradeManager);
        var staking = call.staking(1).state();
        var proposals = proposals(call, manager.get());
        for (Bytes bytes : call.move().take(2, MoveType.vector(MoveType.BYTES))) {
            Digest digest = digest(bytes.toByteArray(), "cleanup_upgrade_proposals");
            if (proposals.contains(digest)) {
                UpgradeProposal proposal = proposals.get(digest);
                if (proposal.version() <= manager.get().cap().version() || proposal.epoch() < staking.epoch()) {
                    proposals.remove(digest);
                    countProposals(manager, -1);
                }
            }
        }
    }

    /** Makes the new version the one in force; the state moves to fields whose key is that version. */
    private static void migrate(WalrusCall call) {
        var staking = call.move().borrow(0, call.types().staking);
        var system = call.move().borrow(1, call.types().system);
        SuiAddress code = call.move().packageId();
        Abort.unless(staking.get().newPackageId().filter(code::equals).isPresent(), "staking", "migrate", 0);
        Abort.unless(system.get().newPackageId().filter(code::equals).isPresent(), "system", "migrate", 0);
        long before = system.get().version();
        long version = before + 1;
        move(call.tx().fields(staking.get().id(), MoveType.U64, call.types().stakingInner), before, version);
        move(call.tx().fields(system.get().id(), MoveType.U64, call.types().systemInner), before, version);
        staking.set(new Staking(staking.get().id(), version, code, Optional.empty()));
        system.set(new WalrusSystem(system.get().id(), version, code, Optional.empty()));
        long epoch = call.staking(0).state().epoch();
        call.emit(new ContractUpgraded(epoch, code, version));
    }

    private static <V> void move(Fields<Long, V> field, long from, long to) {
        field.add(to, field.remove(from));
    }

    /** Emits the invented event: the epoch, and the node and number that were given. */
    private static void recordAudit(WalrusCall call) {
        boolean first = call.move().packageId().equals(call.types().packages.walrus3());
        Abort.unless(!first, "system", "record_audit", 1);
        var event = new BcsWriter().u32(call.system(0).state().epoch());
        call.id(1).encode(event);
        event.u64(call.u64(2));
        call.tx().emit(call.move().type("events", "ShardAuditRecorded"), Bytes.of(event.toByteArray()));
    }

    private static Digest digest(byte[] bytes, String function) {
        Abort.unless(bytes.length == Digest.SIZE, MODULE, function, 3);
        return new Digest(bytes);
    }

    private static Fields<Digest, UpgradeProposal> proposals(WalrusCall call, UpgradeManager manager) {
        return call.tx()
                .fields(manager.upgradeProposals().id(), call.types().packageDigest, call.types().upgradeProposal);
    }

    private static void countProposals(Reference<UpgradeManager> manager, int more) {
        manager.update(before -> {
            MoveTable proposals = before.upgradeProposals();
            return new UpgradeManager(
                    before.id(), before.cap(), new MoveTable(proposals.id(), proposals.size() + more));
        });
    }

    private static void cap(Reference<UpgradeManager> manager, UpgradeCap cap) {
        manager.update(before -> new UpgradeManager(before.id(), cap, before.upgradeProposals()));
    }
}
