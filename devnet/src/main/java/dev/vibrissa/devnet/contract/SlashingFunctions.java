package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.Reference;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.SlashingManager;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import java.util.List;

/** Votes that take a node's commission away. */
final class SlashingFunctions {
    private static final String MODULE = "slashing";

    private SlashingFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, MODULE)
                .does("vote_for_slashing", SlashingFunctions::vote)
                .does("execute_slashing", SlashingFunctions::execute)
                .does("cleanup_slashing_proposals", SlashingFunctions::cleanUp);
    }

    private static void vote(WalrusCall call) {
        var manager = call.move().borrow(0, call.types().slashingManager);
        var staking = call.staking(1).state();
        SuiAddress voter = call.id(3);
        SuiAddress candidate = call.id(4);
        var authorized = staking.pool(voter).governanceAuthorized();
        Abort.unless(call.authenticated(2).equals(authorized), MODULE, "vote_for_slashing", 0);
        int weight = staking.weight(voter);

        var proposals = proposals(call, manager.get());
        var fresh = new SlashingProposal(staking.epoch(), candidate, 0, List.of());
        boolean known = proposals.contains(candidate);
        SlashingProposal proposal = known ? proposals.get(candidate) : fresh;
        if (proposal.epoch() != staking.epoch()) {
            proposal = fresh;
        }
        Abort.unless(!proposal.voters().contains(voter), MODULE, "add_vote", 1);
        proposal = new SlashingProposal(
                proposal.epoch(), candidate, proposal.votingWeight() + weight, Votes.with(proposal.voters(), voter));
        if (known) {
            proposals.set(candidate, proposal);
        } else {
            proposals.add(candidate, proposal);
            count(manager, 1);
        }
    }

    private static void execute(WalrusCall call) {
        String function = "execute_slashing";
        var manager = call.move().borrow(0, call.types().slashingManager);
        var staking = call.staking(1);
        SuiAddress candidate = call.id(3);
        var proposals = proposals(call, manager.get());
        Abort.unless(proposals.contains(candidate), MODULE, function, 2);
        SlashingProposal proposal = proposals.remove(candidate);
        count(manager, -1);
        Abort.unless(proposal.epoch() == staking.state().epoch(), MODULE, function, 3);
        Abort.unless(staking.state().isQuorum(proposal.votingWeight()), MODULE, function, 4);
        call.burn(2, staking.state().pool(candidate).seizeCommission());
        staking.save();
    }

    private static void cleanUp(WalrusCall call) {
        var manager = call.move().borrow(0, call.types().slashingManager);
        long epoch = call.staking(1).state().epoch();
        var proposals = proposals(call, manager.get());
        for (SuiAddress candidate : call.move().take(2, MoveType.vector(MoveType.ID))) {
            if (proposals.contains(candidate) && proposals.get(candidate).epoch() < epoch) {
                proposals.remove(candidate);
                count(manager, -1);
            }
        }
    }

    private static Fields<SuiAddress, SlashingProposal> proposals(WalrusCall call, SlashingManager manager) {
        return call.tx().fields(manager.slashingCandidates().id(), MoveType.ID, call.types().slashingProposal);
    }

    private static void count(Reference<SlashingManager> manager, int more) {
        manager.update(before -> {
            MoveTable candidates = before.slashingCandidates();
            return new SlashingManager(before.id(), new MoveTable(candidates.id(), candidates.size() + more));
        });
    }
}
