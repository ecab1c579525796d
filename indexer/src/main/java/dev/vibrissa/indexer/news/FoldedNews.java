package dev.vibrissa.indexer.news;

import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.changes.v1.OperatorVoted;
import dev.vibrissa.changes.v1.ProposalEnded;
import dev.vibrissa.changes.v1.ProposalKind;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What operators and votes came to, from the rows that were just folded. A projection that is not folded at the tip tells
 * nothing: it is newer than the database, and is about to be folded from the start.
 *
 * <p>Rows with a {@code tx_index} of -1 are of a snapshot, and no news.
 */
final class FoldedNews {
    private FoldedNews() {}

    @FunctionalInterface
    interface Teller {
        void tell(long checkpoint, int transactionIndex, Change.Builder change);
    }

    @FunctionalInterface
    private interface Reading {
        void into(ResultSet row, Change.Builder change) throws SQLException;
    }

    /** @param sql of two checkpoints; its first columns are checkpoint and index of the transaction */
    private record Source(String sql, Reading reading) {}

    /** In this order within a transaction. */
    private static final List<Source> SOURCES = List.of(
            new Source("""
                    select o.checkpoint, o.tx_index, o.node_id, p.name, p.network_address, s.commission_rate
                    from operator o
                    join operator_profile p using (node_id, checkpoint, tx_index)
                    join pool_state s using (node_id, checkpoint, tx_index)
                    where o.checkpoint between ? and ? and o.tx_index >= 0 and o.registered_tx is not null
                    order by o.checkpoint, o.tx_index, o.node_id
                    """, FoldedNews::registered),
            new Source("""
                    select p.checkpoint, p.tx_index, p.node_id, p.name, p.network_address, b.name as name_before,
                      b.network_address as network_address_before,
                      array_remove(array[
                        case when p.name <> b.name then 'name' end,
                        case when p.network_address <> b.network_address then 'networkAddress' end,
                        case when p.network_public_key <> b.network_public_key then 'networkPublicKey' end,
                        case when p.public_key <> b.public_key then 'publicKey' end,
                        case when p.next_public_key is distinct from b.next_public_key then 'nextPublicKey' end,
                        case when (p.commission_receiver_kind, p.commission_receiver)
                          <> (b.commission_receiver_kind, b.commission_receiver) then 'commissionReceiver' end,
                        case when (p.governance_kind, p.governance) <> (b.governance_kind, b.governance)
                          then 'governanceAuthorized' end,
                        case when p.image_url <> b.image_url then 'imageUrl' end,
                        case when p.project_url <> b.project_url then 'projectUrl' end,
                        case when p.description <> b.description then 'description' end,
                        case when p.extra_fields <> b.extra_fields then 'extraFields' end], null) as changed
                    from operator_profile p
                    join lateral (
                      select * from operator_profile e
                      where e.node_id = p.node_id and (e.checkpoint, e.tx_index) < (p.checkpoint, p.tx_index)
                      order by e.checkpoint desc, e.tx_index desc limit 1) b on true
                    where p.checkpoint between ? and ? and p.tx_index >= 0
                    order by p.checkpoint, p.tx_index, p.node_id
                    """, FoldedNews::profile),
            new Source(
                    """
                    select checkpoint, tx_index, node_id, effective_epoch, rate, rate_before
                    from commission_change where checkpoint between ? and ?
                    order by checkpoint, tx_index, node_id, effective_epoch
                    """,
                    (row, change) -> change.getCommissionAnnouncedBuilder()
                            .setNodeId(node(row, "node_id"))
                            .setEffectiveEpoch(row.getInt("effective_epoch"))
                            .setRate(row.getInt("rate"))
                            .setRateBefore(row.getInt("rate_before"))),
            new Source(
                    """
                    select checkpoint, tx_index, node_id, what, value
                    from operator_vote where checkpoint between ? and ?
                    order by checkpoint, tx_index, node_id, what
                    """,
                    (row, change) -> change.getOperatorVotedBuilder()
                            .setNodeId(node(row, "node_id"))
                            .setOn(on(row.getString("what")))
                            .setValue(row.getBigDecimal("value").longValue())),
            new Source(
                    """
                    select checkpoint, tx_index, kind, subject, epoch
                    from proposal where checkpoint between ? and ? and tx_index >= 0 and not observed
                    order by checkpoint, tx_index, kind, subject
                    """,
                    (row, change) -> change.getProposalBegunBuilder()
                            .setKind(kind(row))
                            .setSubject(subject(row))
                            .setEpoch(row.getInt("epoch"))),
            new Source("""
                    select checkpoint, tx_index, kind, subject, node_id, weight, total_weight
                    from proposal_vote where checkpoint between ? and ? and tx_index >= 0 and sender is not null
                    order by checkpoint, tx_index, kind, subject, position
                    """, FoldedNews::voted),
            new Source("""
                    select ended_checkpoint, ended_tx_index, kind, subject, ended_how, burned
                    from proposal where ended_checkpoint between ? and ? and ended_tx_index >= 0
                    order by ended_checkpoint, ended_tx_index, kind, subject
                    """, FoldedNews::ended),
            new Source(
                    """
                    select checkpoint, tx_index, version, package_id, emergency
                    from contract_upgrade where checkpoint between ? and ? order by version
                    """,
                    (row, change) -> change.getContractUpgradedBuilder()
                            .setVersion(row.getBigDecimal("version").longValue())
                            .setPackageId(node(row, "package_id"))
                            .setEmergency(row.getBoolean("emergency"))),
            new Source("""
                    select checkpoint, tx_index, node_id, epoch, announced, sequence, size
                    from deny_list_update where checkpoint between ? and ?
                    order by checkpoint, tx_index, walrus_ordinal
                    """, FoldedNews::denyList),
            new Source(
                    """
                    select checkpoint, tx_index, version, start_epoch
                    from protocol_version where checkpoint between ? and ?
                    order by checkpoint, tx_index, walrus_ordinal
                    """,
                    (row, change) -> change.getProtocolVersionAnnouncedBuilder()
                            .setVersion(row.getBigDecimal("version").longValue())
                            .setStartEpoch(row.getInt("start_epoch"))));

    static void between(Connection db, long first, long last, Teller teller) throws SQLException {
        for (Source source : SOURCES) {
            try (PreparedStatement select = db.prepareStatement(source.sql())) {
                select.setLong(1, first);
                select.setLong(2, last);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        var change = Change.newBuilder();
                        source.reading().into(row, change);
                        if (change.getWhatCase() != Change.WhatCase.WHAT_NOT_SET) {
                            teller.tell(row.getLong(1), row.getInt(2), change);
                        }
                    }
                }
            }
        }
    }

    private static void registered(ResultSet row, Change.Builder change) throws SQLException {
        change.getOperatorRegisteredBuilder()
                .setNodeId(node(row, "node_id"))
                .setName(row.getString("name"))
                .setNetworkAddress(row.getString("network_address"))
                .setCommissionRate(row.getInt("commission_rate"));
    }

    /** A row may only be there because metadata are seen for the first time. */
    private static void profile(ResultSet row, Change.Builder change) throws SQLException {
        Array changed = row.getArray("changed");
        List<String> names = Arrays.asList((String[]) changed.getArray());
        if (!names.isEmpty()) {
            change.getOperatorProfileChangedBuilder()
                    .setNodeId(node(row, "node_id"))
                    .setName(row.getString("name"))
                    .setNetworkAddress(row.getString("network_address"))
                    .setNameBefore(row.getString("name_before"))
                    .setNetworkAddressBefore(row.getString("network_address_before"))
                    .addAllChanged(names);
        }
    }

    private static void voted(ResultSet row, Change.Builder change) throws SQLException {
        var vote = change.getProposalVotedBuilder()
                .setKind(kind(row))
                .setSubject(subject(row))
                .setNodeId(node(row, "node_id"))
                .setTotalWeight(row.getInt("total_weight"));
        int weight = row.getInt("weight");
        if (!row.wasNull()) {
            vote.setWeight(weight);
        }
    }

    private static void ended(ResultSet row, Change.Builder change) throws SQLException {
        var ended = change.getProposalEndedBuilder()
                .setKind(kind(row))
                .setSubject(subject(row))
                .setHow(
                        switch (row.getString("ended_how")) {
                            case "authorized" -> ProposalEnded.How.AUTHORIZED;
                            case "executed" -> ProposalEnded.How.EXECUTED;
                            case "cleaned-up" -> ProposalEnded.How.CLEANED_UP;
                            case "restarted" -> ProposalEnded.How.RESTARTED;
                            default -> throw new SQLException("no way to end: " + row.getString("ended_how"));
                        });
        var burned = row.getBigDecimal("burned");
        if (burned != null) {
            ended.setBurned(burned.longValue());
        }
    }

    private static void denyList(ResultSet row, Change.Builder change) throws SQLException {
        var update = change.getDenyListUpdatedBuilder()
                .setNodeId(node(row, "node_id"))
                .setEpoch(row.getInt("epoch"))
                .setAnnounced(row.getBoolean("announced"))
                .setSequence(row.getBigDecimal("sequence").longValue());
        var size = row.getBigDecimal("size");
        if (size != null) {
            update.setSize(size.longValue());
        }
    }

    private static String node(ResultSet row, String column) throws SQLException {
        return new SuiAddress(row.getBytes(column)).toString();
    }

    private static ProposalKind kind(ResultSet row) throws SQLException {
        return row.getString("kind").equals("slashing") ? ProposalKind.SLASHING : ProposalKind.UPGRADE;
    }

    private static String subject(ResultSet row) throws SQLException {
        return row.getString("kind").equals("slashing")
                ? node(row, "subject")
                : HexFormat.of().formatHex(row.getBytes("subject"));
    }

    private static OperatorVoted.On on(String what) throws SQLException {
        return switch (what) {
            case "storagePrice" -> OperatorVoted.On.STORAGE_PRICE;
            case "writePrice" -> OperatorVoted.On.WRITE_PRICE;
            case "nodeCapacity" -> OperatorVoted.On.NODE_CAPACITY;
            default -> throw new SQLException("no vote: " + what);
        };
    }
}
