package dev.vibrissa.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.api.maintenance.Declarations;
import dev.vibrissa.api.maintenance.Declarations.Outcome;
import dev.vibrissa.devnet.node.NodeIdentity;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice.Key;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice.Signed;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNoticeJson;
import dev.vibrissa.verifier.round.Method;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may declare maintenance, when, and how much of it. */
class DeclarationsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant SOON = NOW.plusSeconds(3_600);

    @AutoClose
    private final TestDatabase database = TestDatabase.migrated();

    private final NodeIdentity identity = NodeIdentity.of("maintenance", "127.0.0.1");
    private final SuiAddress node = SuiAddress.parse("0x" + "7".repeat(64));
    private final KeyPair network = pair();

    @BeforeEach
    void aNode() throws SQLException {
        try (Connection db = database.connect();
                var insert = db.prepareStatement("insert into storage_node (node_id, name, network_address,"
                        + " network_public_key, public_key, changed_at) values (?, 'n', '127.0.0.1:1', ?, ?, 1)")) {
            insert.setBytes(1, node.toByteArray());
            insert.setBytes(2, compressed((ECPublicKey) network.getPublic()));
            insert.setBytes(3, identity.publicKey().toByteArray());
            insert.executeUpdate();
        }
    }

    @Test
    void theNodesKeysMayDeclareAndNoOthers() throws Exception {
        assertThat(accept(bls(notice(SOON, 1)), false)).isEqualTo(new Outcome.Accepted("operator"));
        assertThat(accept(network(notice(SOON.plusSeconds(7_200), 1), network), false))
                .isEqualTo(new Outcome.Accepted("operator"));
        var later = notice(SOON.plusSeconds(20_000), 1);
        assertThat(accept(network(later, pair()), false)).isInstanceOf(Outcome.NotSigned.class);
        assertThat(accept(later, false)).isInstanceOf(Outcome.NotSigned.class);
        var other = new MaintenanceNotice(
                node, later.from(), later.to(), "another reason", bls(later).signed());
        assertThat(accept(other, true))
                .as("a false signature is not helped by an administrator")
                .isInstanceOf(Outcome.NotSigned.class);
        assertThat(accept(later, true)).isEqualTo(new Outcome.Accepted("admin"));
    }

    @Test
    void whatIsPastIsNotAnnounced() throws Exception {
        assertThat(accept(notice(NOW.minusSeconds(301), 1), true)).isInstanceOf(Outcome.Refused.class);
        assertThat(accept(notice(NOW.minusSeconds(299), 1), true)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void anEpochHasADayOfItAtMost() throws Exception {
        assertThat(accept(notice(SOON, 20), true)).isInstanceOf(Outcome.Accepted.class);
        assertThat(accept(notice(SOON.plus(Duration.ofHours(19)), 1), true))
                .as("overlaps")
                .isInstanceOf(Outcome.Refused.class);
        assertThat(accept(notice(SOON.plus(Duration.ofHours(20)), 4), true)).isInstanceOf(Outcome.Accepted.class);
        assertThat(accept(notice(SOON.plus(Duration.ofHours(40)), 1), true)).isInstanceOf(Outcome.Refused.class);
        assertThat(Declarations.MOST_PER_EPOCH).isEqualTo(Method.V1.maintenancePerEpoch());
    }

    @Test
    void aNoticeIsReadStrictly() {
        String signed = """
                {"nodeId":"%s","from":"%s","to":"%s","reason":"disks","signature":{"key":"bls","value":"%s"}}""".formatted(
                node,
                SOON,
                SOON.plusSeconds(3_600),
                Base64.getEncoder()
                        .encodeToString(identity.sign(notice(SOON, 1).message()).toByteArray()));
        MaintenanceNotice read = MaintenanceNoticeJson.read(signed);
        assertThat(read.faultOf(identity.publicKey(), identity.networkPublicKey()))
                .isEmpty();
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> MaintenanceNoticeJson.read(signed.replace("reason", "excuse")))
                .withMessage("unknown field 'excuse'");
    }

    private Outcome accept(MaintenanceNotice notice, boolean admin) throws SQLException {
        try (Connection db = database.connect()) {
            db.setAutoCommit(false);
            var outcome = Declarations.accept(db, notice, "as it came", admin, NOW);
            db.commit();
            return outcome;
        }
    }

    private MaintenanceNotice notice(Instant from, long hours) {
        return new MaintenanceNotice(node, from, from.plus(Duration.ofHours(hours)), "disks", Optional.empty());
    }

    private MaintenanceNotice bls(MaintenanceNotice notice) {
        return signed(notice, Key.BLS, identity.sign(notice.message()));
    }

    private static MaintenanceNotice network(MaintenanceNotice notice, KeyPair key) throws Exception {
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(notice.message());
        return signed(notice, Key.NETWORK, Bytes.of(signature.sign()));
    }

    private static MaintenanceNotice signed(MaintenanceNotice notice, Key key, Bytes signature) {
        return new MaintenanceNotice(
                notice.nodeId(), notice.from(), notice.to(), notice.reason(), Optional.of(new Signed(key, signature)));
    }

    private static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] compressed(ECPublicKey key) {
        byte[] point = new byte[33];
        point[0] = (byte) (key.getW().getAffineY().testBit(0) ? 3 : 2);
        BigInteger x = key.getW().getAffineX();
        byte[] wide = x.toByteArray();
        for (int i = 0; i < 32 && i < wide.length; i++) {
            point[32 - i] = wide[wide.length - 1 - i];
        }
        return point;
    }
}
