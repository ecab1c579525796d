package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.project.money.Slashing;
import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rounds of votes, {@code proposal} and {@code proposal_vote}: who voted is the difference of two versions of a proposal. */
final class Rounds {
    /** The column {@code tx_index} of a round that the first transaction we see found there: it may begin another. */
    private static final int FOUND = -1;

    private final Connection db;
    private final VotingWeights weights;

    /** Where a round began: with kind and subject, its key. */
    private record Begin(long checkpoint, int txIndex) {}

    Rounds(Connection db) {
        this.db = db;
        this.weights = new VotingWeights(db);
    }

    /** @param authorized the upgrade that the transaction made of a proposal, if any */
    void changed(Deed deed, ObjectFact object, Optional<ContractVersions.Upgrade> authorized) throws SQLException {
        var step = Ballot.step(object);
        if (step.isEmpty()) {
            return;
        }
        var before = step.get().before();
        if (before.isPresent() && open(before.get()).isEmpty()) {
            begin(deed, before.get(), true);
            votes(deed, before.get(), before.get().voters(), null, true);
        }
        var after = step.get().after();
        if (after.isEmpty()) {
            if (before.isPresent()) {
                dropped(deed, before.get(), authorized);
            }
            return;
        }
        if (step.get().beginsRound()) {
            if (before.isPresent()) {
                end(deed, before.get(), "restarted", null, null);
            }
            begin(deed, after.get(), false);
        }
        votes(deed, after.get(), step.get().newVoters(), step.get().newWeight(), false);
    }

    private void dropped(Deed deed, Ballot ballot, Optional<ContractVersions.Upgrade> authorized) throws SQLException {
        switch (ballot.kind()) {
            case UPGRADE -> {
                boolean became = authorized
                        .flatMap(ContractVersions.Upgrade::packageDigest)
                        .filter(ballot.subject()::equals)
                        .isPresent();
                if (became) {
                    decided(deed, ballot, authorized.map(ContractVersions.Upgrade::version));
                }
                end(deed, ballot, became ? "authorized" : "cleaned-up", null, null);
            }
            case SLASHING -> {
                var slashing = Slashing.of(deed.transaction(), deed.packages());
                var burned = Optional.ofNullable(slashing.burned().get(ballot.subject()));
                boolean executed = burned.isPresent() || isExecuted(deed, ballot, slashing);
                if (executed) {
                    decided(deed, ballot, Optional.empty());
                    executed(deed, ballot, burned);
                } else {
                    end(deed, ballot, "cleaned-up", null, null);
                }
            }
        }
    }

    /** Of a node without commission: nothing is burned, and its pool need not be written. */
    private static boolean isExecuted(Deed deed, Ballot ballot, Slashing slashing) {
        return slashing.executed().contains(ballot.subject())
                || slashing.executed().isEmpty()
                        && deed.transaction().calls("slashing::execute_slashing")
                        && !deed.transaction().calls("slashing::cleanup_slashing_proposals");
    }

    private void executed(Deed deed, Ballot ballot, Optional<Long> burned) throws SQLException {
        var supply = deed.after(TreasuryCap.class)
                .map(cap -> BlobObjectRow.unsigned(cap.totalSupply()))
                .findFirst();
        end(deed, ballot, "executed", burned.map(BlobObjectRow::unsigned).orElse(null), supply.orElse(null));
    }

    /**
     * The last votes of a matter that the same transaction decides: no version of the proposal shows them, only calls.
     *
     * @param version of the contract that was authorised
     */
    private void decided(Deed deed, Ballot ballot, Optional<Long> version) throws SQLException {
        var voters = VoteCalls.voters(deed, ballot.kind(), ballot.subject());
        if (voters.isEmpty()) {
            return;
        }
        long epoch = weights.epoch(deed).orElse(ballot.epoch());
        boolean restarted = epoch != ballot.epoch() || !version.equals(ballot.targetVersion());
        if (restarted) {
            end(deed, ballot, "restarted", null, null);
            begin(deed, ballot.restarted(epoch, version), false);
        }
        cast(deed, restarted ? ballot.restarted(epoch, version) : ballot, voters);
    }

    /** Rounds that begin and end within one transaction leave no proposal at all. */
    void fleeting(Deed deed, Optional<ContractVersions.Upgrade> authorized) throws SQLException {
        var upgraded = authorized.filter(upgrade -> !upgrade.emergency());
        if (upgraded.flatMap(ContractVersions.Upgrade::packageDigest).isPresent()) {
            var digest = upgraded.get().packageDigest().get();
            var ballot = begun(
                    deed,
                    Ballot.Kind.UPGRADE,
                    digest,
                    Optional.of(upgraded.get().version()));
            if (ballot.isPresent()) {
                end(deed, ballot.get(), "authorized", null, null);
            }
        }
        var slashing = Slashing.of(deed.transaction(), deed.packages());
        for (SuiAddress candidate : new TreeSet<>(slashing.executed())) {
            var ballot = begun(deed, Ballot.Kind.SLASHING, candidate, Optional.empty());
            if (ballot.isPresent()) {
                executed(
                        deed,
                        ballot.get(),
                        Optional.ofNullable(slashing.burned().get(candidate)));
            }
        }
    }

    /** A round that no object tells of, with its votes. */
    private Optional<Ballot> begun(Deed deed, Ballot.Kind kind, Id32<?> subject, Optional<Long> version)
            throws SQLException {
        boolean shown = deed.transaction().objects().stream()
                .flatMap(object -> Ballot.step(object).stream())
                .flatMap(step -> Stream.concat(step.before().stream(), step.after().stream()))
                .anyMatch(ballot -> ballot.kind() == kind && ballot.subject().equals(subject));
        var voters = VoteCalls.voters(deed, kind, subject);
        var epoch = weights.epoch(deed);
        if (shown || voters.isEmpty() || epoch.isEmpty()) {
            return Optional.empty();
        }
        var ballot = new Ballot(kind, subject, epoch.get(), version, 0, List.of());
        begin(deed, ballot, false);
        cast(deed, ballot, voters);
        return Optional.of(ballot);
    }

    private void cast(Deed deed, Ballot found, List<SuiAddress> voters) throws SQLException {
        var ballot = found;
        for (SuiAddress voter : voters) {
            if (!ballot.voters().contains(voter)) {
                var weight = weights.of(ballot.epoch(), voter);
                ballot = ballot.with(voter, weight.orElse(0));
                votes(deed, ballot, List.of(voter), weight.orElse(null), false);
            }
        }
    }

    private Optional<Begin> open(Ballot ballot) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(
                "select checkpoint, tx_index from proposal where kind = ? and subject = ? and ended_how is null")) {
            select.setString(1, ballot.kind().column());
            select.setBytes(2, ballot.subject().toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Begin(row.getLong(1), row.getInt(2))) : Optional.empty();
            }
        }
    }

    private void begin(Deed deed, Ballot ballot, boolean observed) throws SQLException {
        Rows.update(
                db,
                """
                insert into proposal (kind, subject, checkpoint, tx_index, tx_digest, begun_at, observed, epoch, target_version)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                ballot.kind().column(),
                ballot.subject().toByteArray(),
                deed.checkpoint(),
                observed ? FOUND : deed.index(),
                deed.digest(),
                deed.at(),
                observed,
                ballot.epoch(),
                ballot.targetVersion().map(BlobObjectRow::unsigned).orElse(null));
    }

    private void end(
            Deed deed, Ballot ballot, String how, @Nullable BigDecimal burned, @Nullable BigDecimal supplyAfter)
            throws SQLException {
        Rows.update(
                db,
                """
                update proposal set ended_how = ?, ended_checkpoint = ?, ended_tx_index = ?, ended_tx = ?, ended_at = ?,
                  burned = ?, supply_after = ?
                where kind = ? and subject = ? and ended_how is null
                """,
                how,
                deed.checkpoint(),
                deed.index(),
                deed.digest(),
                deed.at(),
                burned,
                supplyAfter,
                ballot.kind().column(),
                ballot.subject().toByteArray());
    }

    /** @param weight of all these voters together; what each of several has, the object does not tell */
    private void votes(Deed deed, Ballot ballot, List<SuiAddress> voters, @Nullable Integer weight, boolean observed)
            throws SQLException {
        var round = open(ballot).orElseThrow();
        int position = ballot.voters().size() - voters.size();
        for (SuiAddress voter : voters) {
            Rows.update(
                    db,
                    """
                    insert into proposal_vote (kind, subject, round_checkpoint, round_tx_index, position, node_id, checkpoint,
                      tx_index, tx_digest, sender, voted_at, weight, total_weight)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    ballot.kind().column(),
                    ballot.subject().toByteArray(),
                    round.checkpoint(),
                    round.txIndex(),
                    position++,
                    voter.toByteArray(),
                    deed.checkpoint(),
                    deed.index(),
                    deed.digest(),
                    observed ? null : deed.transaction().sender().toByteArray(),
                    deed.at(),
                    voters.size() == 1 ? weight : null,
                    ballot.weight());
        }
    }
}
