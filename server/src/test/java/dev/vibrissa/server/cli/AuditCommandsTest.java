package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.node.NodeIdentity;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code maintenance} and {@code prover}, by command line. */
class AuditCommandsTest {
    private static final String KEY = "0a".repeat(32);

    @TempDir
    Path folder = Path.of("");

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final NodeIdentity identity = NodeIdentity.of("maintenance by command", "127.0.0.1");
    private final SuiAddress node = SuiAddress.parse("0x" + "4".repeat(64));
    private final Instant soon = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);

    @Test
    void aProverIsAdmittedListedAndRevoked() throws Exception {
        assertThat(run("prover", "list")).isZero();
        assertThat(out.toString()).isEmpty();
        // As a verifier registers itself when it first starts.
        sql("""
                insert into prover (prover, name) values ('\\x%1$s', 'there');
                insert into log_head values ('\\x%1$s', 3, '\\x%1$s', 0, now())
                """.formatted(KEY));
        assertThat(listed()).contains(KEY, "not admitted", "3 entries", "there");
        assertThat(run("prover", "admit", KEY, "Lisbon")).isZero();
        assertThat(listed()).contains(KEY + "  admitted 2", "Lisbon");
        assertThat(run("prover", "revoke", KEY)).isZero();
        assertThat(listed()).contains(KEY + "  revoked 2");
        assertThat(run("prover", "revoke", KEY)).isEqualTo(ExitCode.UNAVAILABLE.number());
        assertThat(err.toString()).contains(KEY + " is not admitted");
        assertThat(run("prover", "admit", "0a0a", "Lisbon")).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString()).contains("'0a0a' is no Ed25519 key: 64 hex digits");
        assertThat(run("prover")).isEqualTo(ExitCode.USAGE.number());
    }

    /** A key that is admitted ahead counts from its first entry on. */
    @Test
    void aKeyIsAdmittedBeforeItsVerifierStarts() {
        assertThat(run("prover", "admit", KEY, "Lisbon")).isZero();
        assertThat(out.toString()).contains("admitted: " + KEY + ", Lisbon");
        assertThat(listed()).contains(KEY + "  admitted 2", "0 entries");
    }

    @Test
    void maintenanceIsDeclaredByWhoHasTheDatabase() throws Exception {
        aNode();
        assertThat(run("maintenance", notice(soon, "").toString())).isZero();
        assertThat(out.toString()).contains("declared by admin: node " + node);
        assertThat(run("maintenance", notice(soon, "").toString())).isEqualTo(ExitCode.CHECK_FAILED.number());
        assertThat(err.toString()).contains("part of that time is declared already");
        Instant later = soon.plus(Duration.ofHours(2));
        assertThat(run("maintenance", notice(later, signature(later)).toString()))
                .isZero();
        assertThat(out.toString()).contains("declared by operator: node " + node);
        assertThat(run(
                        "maintenance",
                        notice(later.plusSeconds(7_200), signature(later)).toString()))
                .isEqualTo(ExitCode.CHECK_FAILED.number());
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        assertThat(run("maintenance", other.toString())).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString()).contains(other + " is no notice");
    }

    private String listed() {
        out.getBuffer().setLength(0);
        assertThat(run("prover", "list")).isZero();
        return out.toString();
    }

    private void aNode() throws SQLException {
        sql("""
                insert into storage_node (node_id, name, network_address, network_public_key, public_key, changed_at)
                values ('\\x%s', 'n', '127.0.0.1:1', '\\x%s', '\\x%s', 1)
                """.formatted(node.toString().substring(2), identity.networkPublicKey(), identity.publicKey()));
    }

    private Path notice(Instant from, String signature) throws IOException {
        return Files.writeString(
                folder.resolve("notice.json"), """
                {"nodeId":"%s","from":"%s","to":"%s","reason":"new disks"%s}""".formatted(node, from, from.plus(Duration.ofHours(1)), signature));
    }

    private String signature(Instant from) {
        var notice = new MaintenanceNotice(node, from, from.plus(Duration.ofHours(1)), "new disks", Optional.empty());
        return ",\"signature\":{\"key\":\"bls\",\"value\":\"%s\"}"
                .formatted(Base64.getEncoder()
                        .encodeToString(identity.sign(notice.message()).toByteArray()));
    }

    private void sql(String text) throws SQLException {
        try (var db = database.connect();
                var statement = db.createStatement()) {
            statement.execute(text);
        }
    }

    private int run(String... arguments) {
        var environment = Map.of(
                "HOME", folder.toString(),
                "VIBRISSA_DB_URL", database.database().jdbcUrl(),
                "VIBRISSA_DB_USER", database.database().user(),
                "VIBRISSA_DB_PASSWORD", database.database().password());
        return new CommandLineProgram(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
    }
}
