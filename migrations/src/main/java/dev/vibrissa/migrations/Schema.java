package dev.vibrissa.migrations;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The state of a database's schema after {@link #migrate}.
 *
 * @param version of the newest migration, such as {@code 003}
 * @param applied migrations applied by this call; 0 if the schema was up to date
 * @param postgres version of the server, such as {@code 18.6}
 */
public record Schema(String version, int applied, String postgres) {
    /** Major version of the oldest PostgreSQL that serves. */
    public static final int OLDEST_POSTGRES = 15;

    private static final Logger LOG = Logger.getLogger(Schema.class);
    private static final String MIGRATIONS = "classpath:db/migration";

    /**
     * Brings the database to the schema of this program. Several processes may call this at once: one migrates, the
     * others wait for it.
     *
     * @throws SchemaException if the server is older than PostgreSQL 15, the database was migrated by a newer program or
     *     by other migrations than ours, a migration fails, or the database cannot be reached
     */
    public static Schema migrate(Database database) {
        refuseHalfRestored(database);
        return migrate(database, MIGRATIONS);
    }

    /**
     * Leaves a schema of this program as it is, and makes one where there is none. One of another version is refused: old
     * processes may be at work on it.
     *
     * @throws SchemaException if it is of another version, and whenever {@link #migrate} throws it
     */
    public static void require(Database database) {
        refuseHalfRestored(database);
        MigrationInfo current;
        int pending;
        try {
            Flyway flyway = flyway(database, MIGRATIONS, MigrationVersion.LATEST);
            refuseNewer(flyway, database);
            var info = flyway.info();
            current = info.current();
            pending = info.pending().length;
        } catch (FlywayException e) {
            throw new SchemaException(
                    "The schema of the database %s cannot be read: %s".formatted(database, e.getMessage()), e);
        }
        if (current == null) {
            migrate(database);
        } else if (pending > 0) {
            throw new SchemaException(
                    "The database %s has schema version %s, %d behind this program: start a role of this version first"
                            .formatted(database, current.getVersion(), pending));
        }
    }

    /** The migrations of this program, oldest first: the version, and the checksum that a database keeps of it. */
    public static Map<String, Integer> known(Database database) {
        var known = new LinkedHashMap<String, Integer>();
        for (MigrationInfo each :
                flyway(database, MIGRATIONS, MigrationVersion.LATEST).info().all()) {
            Integer checksum = each.getChecksum();
            if (each.getVersion() != null && checksum != null) {
                known.put(each.getVersion().getVersion(), checksum);
            }
        }
        return known;
    }

    /**
     * Brings an empty database to an older schema, the one that the rows of a backup fit.
     *
     * @throws IllegalArgumentException if this program has no such version
     */
    public static void migrateForRestore(Database database, String version) {
        var target = MigrationVersion.fromVersion(version);
        boolean known = Arrays.stream(flyway(database, MIGRATIONS, MigrationVersion.LATEST)
                        .info()
                        .all())
                .anyMatch(each -> target.equals(each.getVersion()));
        if (!known) {
            throw new IllegalArgumentException("there is no schema version " + version);
        }
        migrate(database, MIGRATIONS, target);
    }

    static Schema migrate(Database database, String location) {
        return migrate(database, location, MigrationVersion.LATEST);
    }

    private static Flyway flyway(Database database, String location, MigrationVersion target) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database.jdbcUrl(), unlessEmpty(database.user()), unlessEmpty(database.password()))
                .locations(location)
                .target(target)
                .failOnMissingLocations(true)
                .cleanDisabled(true)
                .load();
    }

    private static Schema migrate(Database database, String location, MigrationVersion target) {
        String postgres = requirePostgres(database);
        try {
            Flyway flyway = flyway(database, location, target);
            refuseNewer(flyway, database);
            int applied = flyway.migrate().migrationsExecuted;
            MigrationInfo current = flyway.info().current();
            if (current == null) {
                throw new SchemaException("There are no migrations in " + location);
            }
            var schema = new Schema(current.getVersion().getVersion(), applied, postgres);
            LOG.infof("schema version=%s applied=%d postgres=%s", schema.version, applied, postgres);
            return schema;
        } catch (FlywayException e) {
            throw new SchemaException(
                    "The schema of the database %s cannot be brought up to date: %s"
                            .formatted(database, e.getMessage()),
                    e);
        }
    }

    /** Flyway by itself ignores migrations it does not know yet and would let an old program write into a new schema. */
    private static void refuseNewer(Flyway flyway, Database database) {
        MigrationInfo[] all = flyway.info().all();
        Arrays.stream(all)
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder())
                .ifPresent(newest -> {
                    throw new SchemaException(
                            "The database %s has schema version %s, newer than this program knows; run the newer program"
                                    .formatted(database, newest));
                });
    }

    private static void refuseHalfRestored(Database database) {
        try (var connection = database.connect()) {
            HalfRestored.from(connection).ifPresent(backup -> {
                throw new SchemaException(
                        "The database %s is half restored from the backup with the manifest %s; restore it again, or make a new database"
                                .formatted(database, backup));
            });
        } catch (SQLException e) {
            throw new SchemaException("The database %s cannot be reached: %s".formatted(database, e.getMessage()), e);
        }
    }

    /** The server's version as people write it. */
    private static String requirePostgres(Database database) {
        try (var connection = database.connect()) {
            var product = connection.getMetaData();
            requireNotOlder(product.getDatabaseMajorVersion(), product.getDatabaseProductVersion());
            return product.getDatabaseProductVersion().split(" ", 2)[0]; // Debian appends its package's name
        } catch (SQLException e) {
            throw new SchemaException("The database %s cannot be reached: %s".formatted(database, e.getMessage()), e);
        }
    }

    static void requireNotOlder(int major, String version) {
        if (major < OLDEST_POSTGRES) {
            throw new SchemaException(
                    "This is PostgreSQL %s, but Vibrissa needs %d or newer".formatted(version, OLDEST_POSTGRES));
        }
    }

    private static @Nullable String unlessEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
