package dev.vibrissa.api.governance;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads deny lists and versions of the contracts. */
final class GovernanceQueries {
    private GovernanceQueries() {}

    static List<DenyListView> denyLists(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                """
                select d.*, d.checkpoint as update_checkpoint, d.tx_index as update_tx_index, d.tx_digest as update_tx,
                  d.updated_at as update_at, t.sender as update_sender, sn.name
                from deny_list_update d
                left join transaction t on t.digest = d.tx_digest
                """ + NodeName.of("d.node_id") + """
                where d.checkpoint <= ? and (d.checkpoint, d.tx_index, d.walrus_ordinal) > (?, ?, ?)
                order by d.checkpoint, d.tx_index, d.walrus_ordinal
                limit ?
                """,
                row -> new DenyListView(
                        Objects.requireNonNull(Step.of(row, "update", moment.checkpoint())),
                        row.integer("walrus_ordinal"),
                        row.address("node_id"),
                        row.textOrNull("name"),
                        row.number("epoch"),
                        row.bool("announced"),
                        row.amount("sequence"),
                        row.amountOrNull("size"),
                        HexFormat.of().formatHex(row.bytes("root"))),
                moment.checkpoint(),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterNumber(2, -1),
                page.fetch());
    }

    private static final String CONTRACTS = """
            select s.*, s.checkpoint as change_checkpoint, s.tx_index as change_tx_index, s.tx_digest as change_tx,
              s.changed_at as change_at, t.sender as change_sender
            from contract_state s
            left join transaction t on t.digest = s.tx_digest
            """;

    static Optional<ContractView> contract(Snapshot db, Moment moment) {
        return db.first(
                CONTRACTS + "where s.checkpoint <= ? order by s.checkpoint desc, s.tx_index desc limit 1",
                row -> contract(row, moment),
                moment.checkpoint());
    }

    static List<ContractView> contracts(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                CONTRACTS + """
                where s.checkpoint <= ? and (s.checkpoint, s.tx_index) > (?, ?)
                order by s.checkpoint, s.tx_index
                limit ?
                """,
                row -> contract(row, moment),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -2),
                page.fetch());
    }

    private static ContractView contract(Row row, Moment moment) throws SQLException {
        return new ContractView(
                row.number("checkpoint"),
                row.integer("tx_index"),
                row.digestOrNull("change_tx") == null ? null : Step.of(row, "change", moment.checkpoint()),
                row.instant("changed_at"),
                row.amount("version"),
                row.address("package_id"),
                row.addressOrNull("new_package_id"),
                row.address("system_inner"),
                row.addressOrNull("staking_inner"),
                row.bool("migrated"));
    }
}
