package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ReportQueries.Checkpoints;
import dev.vibrissa.api.governance.UpgradeView.Ended;
import dev.vibrissa.api.governance.UpgradeView.Migration;
import dev.vibrissa.api.governance.UpgradeView.PackageUpgrade;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads rounds of votes on upgrades, and upgrades without votes. */
final class UpgradeQueries {
    /** Its question marks are the checkpoint, twice. */
    private static final String SELECT = """
            select r.*, bt.sender as begun_sender, et.sender as ended_sender, coalesce(e.n_shards, n.n_shards) as n_shards,
              u.version, u.package_id, u.package_version, u.package_digest, u.checkpoint as committed_checkpoint,
              u.tx_index as committed_tx_index, u.tx_digest as committed_tx, u.committed_at, ut.sender as committed_sender,
              m.checkpoint as migrated_checkpoint, m.tx_index as migrated_tx_index, m.tx_digest as migrated_tx,
              m.changed_at as migrated_at, mt.sender as migrated_sender, m.system_inner, m.staking_inner
            from (
              select subject, checkpoint as begun_checkpoint, tx_index as begun_tx_index, tx_digest as begun_tx, begun_at,
                true as voted, observed, epoch, target_version, ended_how, ended_checkpoint, ended_tx_index, ended_tx, ended_at
              from proposal
              where kind = 'upgrade'
              union all
              select coalesce(package_digest, package_id), checkpoint, tx_index, tx_digest, committed_at,
                false, false, null, version, 'authorized', checkpoint, tx_index, tx_digest, committed_at
              from contract_upgrade u
              where not exists (select from proposal p
                where p.kind = 'upgrade' and p.subject = u.package_digest and p.ended_tx = u.tx_digest)) r
            cross join network n
            left join epoch e on e.epoch = r.epoch
            left join contract_upgrade u on r.ended_how = 'authorized' and u.tx_digest = r.ended_tx and u.checkpoint <= ?
            left join contract_state m on m.migrated and m.package_id = u.package_id and m.checkpoint <= ?
            left join transaction bt on bt.digest = r.begun_tx
            left join transaction et on et.digest = r.ended_tx
            left join transaction ut on ut.digest = u.tx_digest
            left join transaction mt on mt.digest = m.tx_digest
            """;

    private UpgradeQueries() {}

    /** A view with the key of its place in the list. */
    record Listed(UpgradeView view, Votes.Round key) {}

    private record Found(Votes.Round key, Bare bare) {}

    /** What a row says before votes are known. */
    @FunctionalInterface
    private interface Bare {
        UpgradeView with(List<Votes.Vote> votes);
    }

    static List<Listed> list(Snapshot db, Moment moment, PageRequest page) {
        return read(
                db,
                moment,
                SELECT + """
                        where r.begun_checkpoint <= ? and (r.begun_checkpoint, r.begun_tx_index, r.subject) > (?, ?, ?)
                        order by r.begun_checkpoint, r.begun_tx_index, r.subject
                        limit ?
                        """,
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterBytes(2),
                page.fetch());
    }

    /** All of which something happened in a range of checkpoints. */
    static List<UpgradeView> within(Snapshot db, Moment moment, Checkpoints range) {
        return read(db, moment, SELECT + """
                                cross join (select ?::bigint as first, ?::bigint as last) w
                                where r.begun_checkpoint between w.first and w.last
                                  or r.ended_checkpoint between w.first and w.last
                                  or u.checkpoint between w.first and w.last or m.checkpoint between w.first and w.last
                                  or exists (select from proposal_vote v
                                    where v.kind = 'upgrade' and v.subject = r.subject
                                      and v.round_checkpoint = r.begun_checkpoint
                                      and v.round_tx_index = r.begun_tx_index and v.checkpoint between w.first and w.last)
                                order by r.begun_checkpoint, r.begun_tx_index, r.subject
                                """, moment.checkpoint(), moment.checkpoint(), range.first(), range.last())
                .stream()
                .map(Listed::view)
                .toList();
    }

    private static List<Listed> read(Snapshot db, Moment moment, String sql, Object... arguments) {
        var found = db.list(sql, row -> new Found(Votes.Round.of(row), view(row, moment)), arguments);
        var votes = Votes.of(db, "upgrade", found, each -> each.key().checkpoint(), moment.checkpoint());
        return found.stream()
                .map(each -> new Listed(each.bare().with(votes.of(each.key())), each.key()))
                .toList();
    }

    private static Bare view(Row row, Moment moment) throws SQLException {
        long until = moment.checkpoint();
        boolean voted = row.bool("voted");
        var begun = Objects.requireNonNull(Step.of(row, "begun", until));
        boolean observed = row.bool("observed");
        Long epoch = row.numberOrNull("epoch");
        String target = row.amountOrNull("target_version");
        int quorum = new ShardQuorum(row.integer("n_shards")).quorum();
        var endedStep = Step.of(row, "ended", until);
        var ended = endedStep == null ? null : new Ended(row.text("ended_how"), endedStep);
        var upgrade = upgrade(row, until);
        byte @Nullable [] authorized = row.bytesOrNull("package_digest");
        byte @Nullable [] digest = voted ? row.bytes("subject") : authorized;
        String hex = digest == null ? null : HexFormat.of().formatHex(digest);
        return votes -> new UpgradeView(
                hex,
                state(moment, epoch, ended, upgrade, Votes.weight(votes) >= quorum),
                !voted,
                voted ? begun : null,
                observed,
                epoch,
                target,
                voted ? (Integer) Votes.weight(votes) : null,
                voted ? (Integer) quorum : null,
                Votes.quorum(votes),
                votes,
                ended,
                upgrade);
    }

    private static @Nullable PackageUpgrade upgrade(Row row, long until) throws SQLException {
        var committed = Step.of(row, "committed", until);
        if (committed == null) {
            return null;
        }
        var migrated = Step.of(row, "migrated", until);
        return new PackageUpgrade(
                row.amount("version"),
                row.address("package_id"),
                row.amountOrNull("package_version"),
                committed,
                migrated == null
                        ? null
                        : new Migration(migrated, row.address("system_inner"), row.addressOrNull("staking_inner")));
    }

    private static String state(
            Moment moment,
            @Nullable Long epoch,
            @Nullable Ended ended,
            @Nullable PackageUpgrade upgrade,
            boolean quorum) {
        if (upgrade != null) {
            return upgrade.migration() == null ? "committed" : "migrated";
        }
        if (ended != null) {
            return ended.how();
        }
        return epoch != null && epoch < moment.epoch() ? "lapsed" : quorum ? "quorum" : "voting";
    }
}
