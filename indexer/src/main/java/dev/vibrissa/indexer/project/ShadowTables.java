package dev.vibrissa.indexer.project;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables like those of some projections, empty and in a schema of their own, to fold them again beside the live ones.
 *
 * <p>They are the same in everything, the names of indexes and constraints included, so that taking their place is a
 * change of schema and nothing else.
 */
public final class ShadowTables {
    private static final String SCHEMA = "rebuild";
    private static final String LIVE = "public";

    private final Connection db;
    private final Collection<Projection> projections;

    private ShadowTables(Connection db, Collection<Projection> projections) {
        this.db = db;
        this.projections = projections;
    }

    /** Makes them in the caller's transaction, and has {@code db} find them before the live ones. */
    public static ShadowTables create(Connection db, Collection<Projection> projections) throws SQLException {
        var shadow = new ShadowTables(db, projections);
        drop(db);
        execute(db, "create schema " + SCHEMA);
        for (String table : shadow.tables()) {
            execute(db, "create table %1$s.%3$s (like %2$s.%3$s including all)".formatted(SCHEMA, LIVE, table));
            shadow.nameIndexes(table);
        }
        execute(db, "set search_path = %s, %s".formatted(SCHEMA, LIVE));
        for (Projection projection : projections) {
            projection.begin(db);
        }
        return shadow;
    }

    /** Drops what a rebuild left that did not come to its end. */
    public static void drop(Connection db) throws SQLException {
        execute(db, "drop schema if exists %s cascade".formatted(SCHEMA));
    }

    /** Puts them in the place of the live ones, in the caller's transaction. */
    public void swap() throws SQLException {
        for (String table : tables()) {
            execute(db, "drop table %s.%s".formatted(LIVE, table));
            execute(db, "alter table %1$s.%3$s set schema %2$s".formatted(SCHEMA, LIVE, table));
        }
        execute(db, "drop schema " + SCHEMA);
    }

    /** Lets the planner know them before anybody asks. */
    public void analyze() throws SQLException {
        for (String table : tables()) {
            execute(db, "analyze %s.%s".formatted(SCHEMA, table));
        }
        db.commit();
    }

    private List<String> tables() {
        return projections.stream().flatMap(each -> each.tables().stream()).toList();
    }

    /** PostgreSQL makes names up for the copies of indexes; constraints follow the name of theirs. */
    private void nameIndexes(String table) throws SQLException {
        Map<String, String> live = indexes(LIVE, table);
        for (var shadow : indexes(SCHEMA, table).entrySet()) {
            String name = live.get(shadow.getKey());
            if (name == null) {
                throw new IllegalStateException("no index of %s is defined as '%s'".formatted(table, shadow.getKey()));
            }
            if (!name.equals(shadow.getValue())) {
                execute(db, "alter index %s.%s rename to %s".formatted(SCHEMA, shadow.getValue(), name));
            }
        }
    }

    /** The names of a table's indexes by what they are: uniqueness, method, columns, condition. */
    private Map<String, String> indexes(String schema, String table) throws SQLException {
        var indexes = new LinkedHashMap<String, String>();
        try (PreparedStatement select = db.prepareStatement("""
                select regexp_replace(indexdef, ' INDEX .* USING ', ' INDEX '), quote_ident(indexname)
                from pg_indexes where schemaname = ? and tablename = ?
                """)) {
            select.setString(1, schema);
            select.setString(2, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    indexes.put(row.getString(1), row.getString(2));
                }
            }
        }
        return indexes;
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (Statement statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
