package dev.vibrissa.indexer.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.DenyListEvent.DenyListUpdate;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.UpgradeProposal;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.math.BigInteger;
import java.sql.Connection;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What votes come to is told by objects, whichever contract made the calls; in committees of any size. */
class GovernanceFoldTest {
    private static final SuiAddress TREASURY = SuiAddress.parse("0x7");
    private static final SuiAddress CANDIDATE = SuiAddress.parse("0xbad");
    private static final SuiAddress PROPOSAL = SuiAddress.parse("0x100");
    private static final SuiAddress ONE = SuiAddress.parse("0x1");
    private static final SuiAddress TWO = SuiAddress.parse("0x2");
    private static final SuiAddress THREE = SuiAddress.parse("0x3");

    private final TestDatabase database = TestDatabase.migrated();
    private final Connection db;
    private long checkpoint;

    GovernanceFoldTest() throws Exception {
        db = database.connect();
    }

    @AfterEach
    void end() throws Exception {
        db.close();
        database.close();
    }

    @Test
    void aCommissionThatIsCollectedBesideACleanUpIsNotBurned() throws Exception {
        fold(List.of(), created(slashing(1, 3, ONE)));
        fold(List.of("slashing::cleanup_slashing_proposals"), deleted(slashing(1, 3, ONE)), commission(500, 0));
        assertThat(rows("select ended_how, burned from proposal")).containsExactly("cleaned-up|null");
    }

    @Test
    void aSlashingThatAnotherContractExecutesIsOne() throws Exception {
        fold(List.of(), created(slashing(1, 4, ONE, TWO)));
        fold(List.of(), deleted(slashing(1, 4, ONE, TWO)), commission(500, 0), supply(10_000, 9_500));
        assertThat(rows("select ended_how, burned, supply_after from proposal")).containsExactly("executed|500|9500");
    }

    @Test
    void whoHadNoCommissionIsSlashedOfNothing() throws Exception {
        fold(List.of(), created(slashing(1, 4, ONE, TWO)));
        fold(List.of("slashing::execute_slashing"), deleted(slashing(1, 4, ONE, TWO)));
        assertThat(rows("select ended_how from proposal")).containsExactly("executed");
    }

    @Test
    void votesOfAnotherEpochBeginAnewAndThoseWhoLeftKeepTheirs() throws Exception {
        fold(List.of(), created(slashing(1, 2, ONE, TWO)));
        fold(List.of(), changed(slashing(1, 2, ONE, TWO), slashing(2, 1, THREE)));
        fold(List.of(), changed(slashing(2, 1, THREE), slashing(2, 3, THREE, ONE)));
        assertThat(rows("select epoch, ended_how from proposal order by epoch"))
                .containsExactly("1|restarted", "2|null");
        assertThat(rows("""
                select round_checkpoint, position, total_weight, weight from proposal_vote
                order by round_checkpoint, position
                """)).containsExactly("1|0|2|null", "1|1|2|null", "2|0|1|1", "2|1|3|2");
    }

    @Test
    void anUpgradeForAnotherVersionInTheSameEpochIsAnotherRound() throws Exception {
        fold(List.of(), created(upgrade(1, 4, 7, ONE)));
        fold(List.of(), changed(upgrade(1, 4, 7, ONE), upgrade(1, 5, 3, TWO)));
        assertThat(rows("select target_version, ended_how from proposal order by target_version"))
                .containsExactly("4|restarted", "5|null");
    }

    @Test
    void aDenyListsSizeIsThatOfItsOwnCertificate() throws Exception {
        var first = new DenyListUpdate(1, BigInteger.ONE, 1, CANDIDATE);
        var second = new DenyListUpdate(1, BigInteger.TWO, 2, CANDIDATE);
        fold(facts(
                List.of(event(0, first), event(1, second)),
                List.of(),
                List.of(certificate(0, 1, 5_000), certificate(1, 2, 7_000)),
                List.of("system::update_deny_list")));
        assertThat(rows("select sequence, size from deny_list_update order by sequence"))
                .containsExactly("1|5000", "2|7000");
    }

    private static EventFact event(int ordinal, DenyListUpdate update) {
        return new EventFact(
                ordinal, ordinal, update.name(), SuiAddress.ZERO, "0x2::system", Optional.of(update), Bytes.EMPTY);
    }

    private static CertificateFact certificate(int command, long sequence, long size) {
        var message = new BcsWriter().u8(4).u8(0).u8(3).u32(1).raw(CANDIDATE.toByteArray());
        message.u64(sequence).u64(size).u256(BigInteger.valueOf(sequence));
        return new CertificateFact(command, 4, 1, Bytes.EMPTY, Bytes.of(message.toByteArray()), Bytes.of(new byte[96]));
    }

    private static SlashingProposal slashing(long epoch, int weight, SuiAddress... voters) {
        return new SlashingProposal(epoch, CANDIDATE, weight, List.of(voters));
    }

    private static UpgradeProposal upgrade(long epoch, long version, int weight, SuiAddress... voters) {
        return new UpgradeProposal(epoch, new Digest(new byte[32]), version, weight, List.of(voters));
    }

    private static ObjectFact created(WalrusObject proposal) {
        return object(PROPOSAL, type(proposal), Change.CREATED, null, proposal);
    }

    private static ObjectFact changed(WalrusObject before, WalrusObject after) {
        return object(PROPOSAL, type(before), Change.MUTATED, before, after);
    }

    private static ObjectFact deleted(WalrusObject proposal) {
        return object(PROPOSAL, type(proposal), Change.DELETED, proposal, null);
    }

    private static String type(WalrusObject proposal) {
        return proposal instanceof UpgradeProposal
                ? "Field<upgrade::UpgradeProposal>"
                : "Field<slashing::SlashingProposal>";
    }

    private static ObjectFact commission(long before, long after) {
        return object(
                CANDIDATE,
                "staking_pool::StakingPool",
                Change.MUTATED,
                EmptyPool.of(CANDIDATE, ONE, before),
                EmptyPool.of(CANDIDATE, ONE, after));
    }

    private static ObjectFact supply(long before, long after) {
        return object(
                TREASURY,
                "coin::TreasuryCap",
                Change.MUTATED,
                new TreasuryCap(TREASURY, before),
                new TreasuryCap(TREASURY, after));
    }

    private static ObjectFact object(
            SuiAddress id, String type, Change change, @Nullable WalrusObject before, @Nullable WalrusObject after) {
        return new ObjectFact(id, 1, change, type, state(before), state(after), Optional.empty());
    }

    private static Optional<ObjectState> state(@Nullable WalrusObject value) {
        return Optional.ofNullable(value)
                .map(each -> new ObjectState(1, new Owner.ObjectOwner(ONE), Optional.of(each), Bytes.EMPTY));
    }

    private void fold(List<String> calls, ObjectFact... objects) throws Exception {
        fold(facts(List.of(), Arrays.asList(objects), List.of(), calls));
    }

    private void fold(TransactionFacts transaction) throws Exception {
        var facts = new CheckpointFacts(
                ++checkpoint,
                Instant.EPOCH,
                PackageChain.none(),
                PackageChain.none(),
                1,
                0,
                List.of(transaction),
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of());
        GovernanceProjection.fold(db, List.of(facts));
    }

    private static TransactionFacts facts(
            List<EventFact> events, List<ObjectFact> objects, List<CertificateFact> certificates, List<String> calls) {
        return new TransactionFacts(
                0,
                new Digest(new byte[32]),
                ONE,
                ONE,
                Optional.empty(),
                calls,
                Bytes.EMPTY,
                Optional.empty(),
                events,
                objects,
                certificates,
                false,
                new Part.Undecoded<>(Bytes.EMPTY, "of no interest"),
                Optional.empty());
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(database.database(), sql);
    }
}
