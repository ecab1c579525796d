package dev.vibrissa.migrations.testing;

import dev.vibrissa.migrations.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/**
 * One digest a table over all its rows, whatever their order; our own clock, batching and plans do not count, nor what was
 * told as news, nor what is made of the rows beside the index.
 */
public final class TableDigests {
    private static final String COLUMNS = """
            select relname, string_agg(format('%I', attname), ', ' order by attnum),
              relkind = 'r' and pg_relation_size(pg_class.oid) = 0
            from pg_class join pg_attribute on attrelid = pg_class.oid
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped
              and relname not in ('flyway_schema_history', 'source', 'backfill',
                'kafka_topic', 'kafka_offset', 'extraction_range', 'dead_letter', 'kafka_tally', 'change', 'change_keeping',
                'change_publisher', 'api_key', 'webhook', 'webhook_delivery', 'epoch_fingerprint')
              and (relname, attname) not in (('network', 'created_at'), ('checkpoint', 'source_id'),
                ('watermark', 'updated_at'))
            group by pg_class.oid, relname, relkind
            """;

    private TableDigests() {}

    /** Of what the chain said as news, one digest: ids and when it was told do not count. */
    public static String told(Database database) throws SQLException {
        try (var db = database.connect();
                Statement statement = db.createStatement();
                ResultSet digest = statement.executeQuery("""
                        select count(*) || ' changes ' || md5(coalesce(string_agg(c::text, e'\\n' order by c::text), ''))
                        from (select topic, kind, subject, checkpoint, ordinal, body from change
                          where checkpoint is not null) c
                        """)) {
            digest.next();
            return digest.getString(1);
        }
    }

    public static Map<String, String> of(Database database) throws SQLException {
        var digests = new TreeMap<String, String>();
        try (var db = database.connect();
                Statement statement = db.createStatement()) {
            var selects = new ArrayList<String>();
            try (ResultSet tables = statement.executeQuery(COLUMNS)) {
                while (tables.next()) {
                    if (tables.getBoolean(3)) {
                        digests.put(tables.getString(1), "0 rows"); // most tables are, and need not be asked
                        continue;
                    }
                    selects.add(
                            "select '%1$s', count(*) || ' rows' || coalesce(' ' || md5(string_agg(r::text, e'\\n' order by r::text)), '') from (select %2$s from %1$s) r"
                                    .formatted(tables.getString(1), tables.getString(2)));
                }
            }
            for (String select : selects) {
                try (ResultSet digest = statement.executeQuery(select)) {
                    digest.next();
                    digests.put(digest.getString(1), digest.getString(2));
                }
            }
        }
        return digests;
    }
}
