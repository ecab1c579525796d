package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import dev.vibrissa.protocol.walrus.object.UpgradeProposal;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The votes on one matter as they stand: what proposals of both kinds have in common.
 *
 * @param subject package digest, or node id of the candidate
 * @param targetVersion of the contract; empty for slashing
 */
record Ballot(
        Kind kind, Id32<?> subject, long epoch, Optional<Long> targetVersion, int weight, List<SuiAddress> voters) {
    enum Kind {
        UPGRADE("upgrade"),
        SLASHING("slashing");

        private final String column;

        Kind(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }
    }

    /** What a transaction did to the votes on one matter. Both are empty only where bytes could not be read. */
    record Step(Optional<Ballot> before, Optional<Ballot> after) {
        /** A vote for a stale proposal begins a new round in the same object. */
        boolean beginsRound() {
            return after.isPresent()
                    && before.map(ballot -> !after.get().continues(ballot)).orElse(true);
        }

        /** Voters that the round got by the transaction, in the order of their votes. */
        List<SuiAddress> newVoters() {
            return after.map(ballot -> ballot.voters()
                            .subList(
                                    had(Ballot::voters, List.of()).size(),
                                    ballot.voters().size()))
                    .orElse(List.of());
        }

        int newWeight() {
            return after.map(ballot -> ballot.weight() - had(Ballot::weight, 0)).orElse(0);
        }

        private <T> T had(Function<Ballot, T> what, T atBegin) {
            return beginsRound() ? atBegin : before.map(what).orElse(atBegin);
        }
    }

    /** Within a round voters are only ever added, at the end. */
    private boolean continues(Ballot earlier) {
        return epoch == earlier.epoch
                && targetVersion.equals(earlier.targetVersion)
                && voters.size() >= earlier.voters.size()
                && voters.subList(0, earlier.voters.size()).equals(earlier.voters);
    }

    /** The next round on the same matter, without votes. */
    Ballot restarted(long inEpoch, Optional<Long> version) {
        return new Ballot(kind, subject, inEpoch, version, 0, List.of());
    }

    Ballot with(SuiAddress voter, int shards) {
        var all = new ArrayList<>(voters);
        all.add(voter);
        return new Ballot(kind, subject, epoch, targetVersion, weight + shards, List.copyOf(all));
    }

    /** Empty for objects that are no proposals. */
    static Optional<Step> step(ObjectFact object) {
        return switch (object.type()) {
            case "Field<upgrade::UpgradeProposal>", "Field<slashing::SlashingProposal>" ->
                Optional.of(new Step(
                        Deed.before(object, WalrusObject.class).flatMap(Ballot::of),
                        Deed.after(object, WalrusObject.class).flatMap(Ballot::of)));
            default -> Optional.empty();
        };
    }

    private static Optional<Ballot> of(WalrusObject value) {
        return switch (value) {
            case UpgradeProposal p ->
                Optional.of(new Ballot(
                        Kind.UPGRADE, p.digest(), p.epoch(), Optional.of(p.version()), p.votingWeight(), p.voters()));
            case SlashingProposal p ->
                Optional.of(new Ballot(
                        Kind.SLASHING, p.nodeId(), p.epoch(), Optional.empty(), p.votingWeight(), p.voters()));
            default -> Optional.empty();
        };
    }
}
