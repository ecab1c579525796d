package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rounds of votes, {@code proposal} and {@code proposal_vote}: who voted is the difference of two versions of a proposal. */
final class Rounds {
    /** The column {@code tx_index} of a round that the first transaction we see found there: it may begin another. */
    private static final int FOUND = -1;

    private final Connection db;

    /** Where a round began: with kind and subject, its key. */
    private record Begin(long checkpoint, int txIndex) {}

    Rounds(Connection db) {
        this.db = db;
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
                end(deed, ballot, became ? "authorized" : "cleaned-up", null, null);
            }
            case SLASHING -> {
                var burned = commissionTaken(deed, ballot);
                boolean executed = burned.map(amount -> isBurned(deed, amount))
                        .orElseGet(() -> deed.transaction().calls("slashing::execute_slashing")
                                && !deed.transaction().calls("slashing::cleanup_slashing_proposals"));
                var supply = deed.after(TreasuryCap.class)
                        .map(cap -> BlobObjectRow.unsigned(cap.totalSupply()))
                        .findFirst();
                end(
                        deed,
                        ballot,
                        executed ? "executed" : "cleaned-up",
                        executed ? burned.orElse(null) : null,
                        executed ? supply.orElse(null) : null);
            }
        }
    }

    /** The whole commission of the node, if the transaction took it. A pool that had none need not be written. */
    private static Optional<BigDecimal> commissionTaken(Deed deed, Ballot ballot) {
        for (ObjectFact object : deed.transaction().objects()) {
            var before = Deed.before(object, StakingPool.class);
            var after = Deed.after(object, StakingPool.class);
            if (object.id().equals(ballot.subject())
                    && before.isPresent()
                    && after.isPresent()
                    && before.get().commission() != 0
                    && after.get().commission() == 0) {
                return Optional.of(BlobObjectRow.unsigned(before.get().commission()));
            }
        }
        return Optional.empty();
    }

    /** The supply fell by it: else the operator collected it beside a clean-up. */
    private static boolean isBurned(Deed deed, BigDecimal commission) {
        for (ObjectFact object : deed.transaction().objects()) {
            var before = Deed.before(object, TreasuryCap.class);
            var after = Deed.after(object, TreasuryCap.class);
            if (before.isPresent() && after.isPresent()) {
                var fallen = BlobObjectRow.unsigned(before.get().totalSupply())
                        .subtract(BlobObjectRow.unsigned(after.get().totalSupply()));
                return fallen.compareTo(commission) >= 0;
            }
        }
        return false;
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
