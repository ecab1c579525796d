package dev.vibrissa.server.backup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the schema is made of, as PostgreSQL itself tells. */
final class Tables {
    private Tables() {}

    /** A table and its columns, but for those that PostgreSQL computes. */
    record Table(String name, List<String> columns) {
        String copy() {
            return "copy public.%s (%s)"
                    .formatted(
                            quoted(name), columns.stream().map(Tables::quoted).collect(Collectors.joining(", ")));
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** All tables that hold rows of ours, each after those that it references. */
    static List<Table> inOrder(Connection db) throws SQLException {
        var columns = new TreeMap<String, List<String>>();
        var references = new TreeMap<String, Set<String>>();
        try (var statement = db.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select c.relname, array_agg(a.attname::text order by a.attnum), coalesce((
                            select array_agg(distinct r.relname::text) from pg_constraint f
                            join pg_class r on r.oid = f.confrelid
                            where f.conrelid = c.oid and f.contype = 'f' and r.oid <> c.oid), '{}')
                        from pg_class c join pg_attribute a on a.attrelid = c.oid
                        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                          and c.relname <> 'flyway_schema_history'
                          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                        group by c.oid, c.relname
                        """)) {
            while (rows.next()) {
                columns.put(rows.getString(1), texts(rows, 2));
                references.put(rows.getString(1), new TreeSet<>(texts(rows, 3)));
            }
        }
        var ordered = new LinkedHashSet<String>();
        while (ordered.size() < columns.size()) {
            int before = ordered.size();
            references.forEach((name, needed) -> {
                if (ordered.containsAll(needed)) {
                    ordered.add(name);
                }
            });
            if (ordered.size() == before) {
                throw new IllegalStateException("tables reference each other in a circle: " + references.keySet());
            }
        }
        var tables = new ArrayList<Table>();
        ordered.forEach(name -> tables.add(new Table(name, columns.getOrDefault(name, List.of()))));
        return tables;
    }

    /**
     * A constraint that PostgreSQL keeps by an index, or a foreign key.
     *
     * @param definition as PostgreSQL writes it: {@code PRIMARY KEY (…)}, {@code FOREIGN KEY (…) REFERENCES …}
     */
    record Constraint(String table, String name, String definition) {
        String drop() {
            return "alter table public.%s drop constraint %s".formatted(quoted(table), quoted(name));
        }

        String add() {
            return "alter table public.%s add constraint %s %s".formatted(quoted(table), quoted(name), definition);
        }
    }

    /**
     * An index that no constraint stands for.
     *
     * @param definition as PostgreSQL writes it, {@code CREATE INDEX …}, which makes it again
     */
    record Index(String table, String name, String definition) {
        String drop() {
            return "drop index public." + quoted(name);
        }
    }

    static List<Constraint> references(Connection db) throws SQLException {
        return constraints(db, "'f'");
    }

    /** Primary keys, and what else is unique or excludes. */
    static List<Constraint> keys(Connection db) throws SQLException {
        return constraints(db, "'p', 'u', 'x'");
    }

    private static List<Constraint> constraints(Connection db, String types) throws SQLException {
        var constraints = new ArrayList<Constraint>();
        try (var statement = db.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select c.relname, f.conname, pg_get_constraintdef(f.oid)
                        from pg_constraint f join pg_class c on c.oid = f.conrelid
                        where f.contype in (%s) and f.conparentid = 0 and c.relnamespace = 'public'::regnamespace
                          and c.relkind = 'r' and c.relname <> 'flyway_schema_history'
                        order by c.relname, f.conname
                        """.formatted(types))) {
            while (rows.next()) {
                constraints.add(new Constraint(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return constraints;
    }

    static List<Index> indexes(Connection db) throws SQLException {
        var indexes = new ArrayList<Index>();
        try (var statement = db.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select c.relname, i.relname, pg_get_indexdef(i.oid)
                        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
                        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                          and c.relname <> 'flyway_schema_history'
                          and not exists (select from pg_constraint f
                            where f.conindid = i.oid and f.contype in ('p', 'u', 'x'))
                        order by c.relname, i.relname
                        """)) {
            while (rows.next()) {
                indexes.add(new Index(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return indexes;
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        return Arrays.stream((Object[]) row.getArray(column).getArray())
                .map(String::valueOf)
                .toList();
    }

    /** The last value that each sequence gave out; those that gave out none are left out. */
    static Map<String, Long> sequences(Connection db) throws SQLException {
        var values = new TreeMap<String, Long>();
        try (var statement = db.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select sequencename, last_value from pg_sequences
                        where schemaname = 'public' and last_value is not null
                        """)) {
            while (rows.next()) {
                values.put(rows.getString(1), rows.getLong(2));
            }
        }
        return values;
    }

    /** What was applied, oldest first; empty where there is no schema of ours. */
    static List<Manifest.Migration> migrations(Connection db) throws SQLException {
        var applied = new ArrayList<Manifest.Migration>();
        try (var statement = db.createStatement()) {
            try (ResultSet known = statement.executeQuery("select to_regclass('public.flyway_schema_history')")) {
                known.next();
                if (known.getString(1) == null) {
                    return applied;
                }
            }
            try (ResultSet rows = statement.executeQuery("""
                    select version, checksum from public.flyway_schema_history
                    where success and version is not null order by installed_rank
                    """)) {
                while (rows.next()) {
                    applied.add(new Manifest.Migration(rows.getString(1), rows.getInt(2)));
                }
            }
        }
        return applied;
    }
}
