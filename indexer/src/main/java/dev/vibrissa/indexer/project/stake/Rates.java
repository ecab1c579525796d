package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.stake.ExchangeRates;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Exchange rates of pools: new entries, and those of a pool where they are asked for. */
final class Rates {
    private final Connection db;
    private final Map<SuiAddress, NavigableMap<Long, PoolExchangeRate>> gathered = new HashMap<>();
    private final TableRows rows = new TableRows(
            "exchange_rate", "node_id", "epoch", "wal_amount", "share_amount", "flat", "checkpoint", "tx_digest");

    Rates(Connection db) {
        this.db = db;
    }

    /** An entry is written once and never changed. */
    void follow(Place at, SuiAddress node, ObjectFact fact) {
        if (fact.after().isEmpty()
                || !(SuiObject.decode(fact.after().get().bcs().reader()).data() instanceof SuiObject.Move move)) {
            return;
        }
        var entry = Field.decode(move.contents().reader(), BcsReader::u32, PoolExchangeRate::decode);
        gathered.computeIfAbsent(node, _ -> new TreeMap<>()).put(entry.name(), entry.value());
        rows.add(
                node,
                entry.name(),
                new BigDecimal(entry.value().walAmount()),
                new BigDecimal(entry.value().shareAmount()),
                entry.value() instanceof PoolExchangeRate.Flat,
                at.checkpoint(),
                at.transaction());
    }

    ExchangeRates of(SuiAddress node) throws SQLException {
        var rates = new TreeMap<Long, PoolExchangeRate>();
        try (PreparedStatement select = db.prepareStatement("select * from exchange_rate where node_id = ?")) {
            select.setBytes(1, node.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rates.put(row.getLong("epoch"), rate(row));
                }
            }
        }
        rates.putAll(gathered.getOrDefault(node, new TreeMap<>()));
        return new ExchangeRates(rates);
    }

    private static PoolExchangeRate rate(ResultSet row) throws SQLException {
        return row.getBoolean("flat")
                ? new PoolExchangeRate.Flat()
                : new PoolExchangeRate.Variable(
                        row.getBigDecimal("wal_amount").toBigInteger(),
                        row.getBigDecimal("share_amount").toBigInteger());
    }

    void write() throws SQLException {
        rows.write(db);
    }
}
