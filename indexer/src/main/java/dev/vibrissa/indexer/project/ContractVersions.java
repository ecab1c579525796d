package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.walrus.PackageEvent.ContractUpgraded;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.UpgradeManager;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Package versions and the one in force: {@code contract_upgrade} and {@code contract_state}. */
final class ContractVersions {
    private static final int BEFORE_TRANSACTIONS = -1;

    private final Connection db;
    private @Nullable State last;

    /**
     * A version of the package that was authorised, published and committed.
     *
     * @param packageDigest that was authorised; empty if neither a proposal nor a call tells
     */
    record Upgrade(long version, SuiAddress packageId, Optional<Digest> packageDigest, boolean emergency) {}

    private record State(
            long version,
            SuiAddress packageId,
            Optional<SuiAddress> newPackageId,
            SuiAddress systemInner,
            Optional<SuiAddress> stakingInner) {}

    ContractVersions(Connection db) throws SQLException {
        this.db = db;
        try (PreparedStatement select = db.prepareStatement(
                        "select * from contract_state order by checkpoint desc, tx_index desc limit 1");
                ResultSet row = select.executeQuery()) {
            if (row.next()) {
                last = new State(
                        row.getBigDecimal("version").longValue(),
                        new SuiAddress(row.getBytes("package_id")),
                        Rows.address(row, "new_package_id"),
                        new SuiAddress(row.getBytes("system_inner")),
                        Rows.address(row, "staking_inner"));
            }
        }
    }

    void reported(CheckpointFacts facts) throws SQLException {
        state(
                Deed.states(facts.reported()),
                facts.sequenceNumber(),
                BEFORE_TRANSACTIONS,
                null,
                Timestamp.from(facts.timestamp()),
                false);
    }

    /** Takes in the versions of a transaction, and gives the upgrade that it committed. */
    Optional<Upgrade> changed(Deed deed) throws SQLException {
        state(
                Deed.states(deed.transaction().objects()),
                deed.checkpoint(),
                deed.index(),
                deed.digest(),
                deed.at(),
                deed.emitted(ContractUpgraded.class));
        for (ObjectFact object : deed.transaction().objects()) {
            var before = Deed.before(object, UpgradeManager.class);
            var after = Deed.after(object, UpgradeManager.class);
            if (before.isPresent()
                    && after.isPresent()
                    && after.get().cap().version() != before.get().cap().version()) {
                var upgrade = upgrade(deed, after.get().cap());
                insert(deed, upgrade);
                return Optional.of(upgrade);
            }
        }
        return Optional.empty();
    }

    /**
     * A quorum's upgrade takes its proposal out, an emergency's has none. Calls tell the digest, but not where another
     * contract makes them.
     */
    private static Upgrade upgrade(Deed deed, UpgradeManager.UpgradeCap cap) {
        // Others of the same version may be cleaned up beside it.
        Optional<Digest> voted = deed.transaction().objects().stream()
                .flatMap(object -> Ballot.step(object).stream())
                .filter(step -> step.after().isEmpty())
                .flatMap(step -> step.before().stream())
                .filter(ballot -> ballot.kind() == Ballot.Kind.UPGRADE)
                .filter(ballot -> ballot.targetVersion().equals(Optional.of(cap.version())))
                .max(Comparator.comparing(Ballot::epoch).thenComparing(Ballot::weight))
                .map(ballot -> (Digest) ballot.subject());
        boolean emergency = deed.transaction().calls("upgrade::authorize_emergency_upgrade")
                || (voted.isEmpty() && !deed.transaction().calls("upgrade::authorize_upgrade"));
        var calls = deed.calls();
        Optional<Digest> asked =
                calls.to("upgrade", emergency ? "authorize_emergency_upgrade" : "authorize_upgrade").stream()
                        .findFirst()
                        .flatMap(call -> calls.value(call, 2, Digest::decode));
        return new Upgrade(cap.version(), cap.packageId(), asked.isPresent() || emergency ? asked : voted, emergency);
    }

    private void insert(Deed deed, Upgrade upgrade) throws SQLException {
        Rows.update(
                db,
                """
                insert into contract_upgrade (version, package_id, package_version, package_digest, emergency, checkpoint,
                  tx_index, tx_digest, committed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                BlobObjectRow.unsigned(upgrade.version()),
                upgrade.packageId().toByteArray(),
                published(deed, upgrade.packageId())
                        .map(BlobObjectRow::unsigned)
                        .orElse(null),
                Rows.bytes(upgrade.packageDigest().orElse(null)),
                upgrade.emergency(),
                deed.checkpoint(),
                deed.index(),
                deed.digest(),
                deed.at());
    }

    private static Optional<Long> published(Deed deed, SuiAddress packageId) {
        return TransactionEffects.decode(deed.transaction().effectsBcs().reader()).changedObjects().stream()
                .filter(changed -> changed.id().equals(packageId))
                .map(ChangedObject::out)
                .filter(OutputState.PackageWritten.class::isInstance)
                .map(out -> ((OutputState.PackageWritten) out).version())
                .findFirst();
    }

    private void state(
            List<WalrusObject> objects,
            long checkpoint,
            int txIndex,
            byte @Nullable [] tx,
            Timestamp at,
            boolean migrated)
            throws SQLException {
        var system = last(objects, WalrusSystem.class);
        var stakingInner = last(objects, Staking.class)
                .map(staking -> FieldKey.u64(staking.version()).under(staking.id()))
                .or(() -> Optional.ofNullable(last).flatMap(State::stakingInner));
        State next = system.map(each -> new State(
                        each.version(),
                        each.packageId(),
                        each.newPackageId(),
                        FieldKey.u64(each.version()).under(each.id()),
                        stakingInner))
                .orElse(
                        last == null
                                ? null
                                : new State(
                                        last.version,
                                        last.packageId,
                                        last.newPackageId,
                                        last.systemInner,
                                        stakingInner));
        if (next == null || next.equals(last)) {
            return;
        }
        last = next;
        Rows.update(
                db,
                """
                insert into contract_state (checkpoint, tx_index, tx_digest, changed_at, version, package_id, new_package_id,
                  system_inner, staking_inner, migrated)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                checkpoint,
                txIndex,
                tx,
                at,
                BlobObjectRow.unsigned(next.version),
                next.packageId.toByteArray(),
                Rows.bytes(next.newPackageId.orElse(null)),
                next.systemInner.toByteArray(),
                Rows.bytes(next.stakingInner.orElse(null)),
                migrated);
    }

    private static <T extends WalrusObject> Optional<T> last(List<WalrusObject> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).reduce((_, later) -> later);
    }
}
