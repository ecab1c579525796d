package dev.vibrissa.indexer.project.stake;

import static dev.vibrissa.indexer.project.stake.BuiltStake.ANNE;
import static dev.vibrissa.indexer.project.stake.BuiltStake.BILL;
import static dev.vibrissa.indexer.project.stake.BuiltStake.CAP;
import static dev.vibrissa.indexer.project.stake.BuiltStake.FIELD;
import static dev.vibrissa.indexer.project.stake.BuiltStake.METADATA;
import static dev.vibrissa.indexer.project.stake.BuiltStake.NODE;
import static dev.vibrissa.indexer.project.stake.BuiltStake.STAKE;
import static dev.vibrissa.indexer.project.stake.BuiltStake.VAULT;
import static dev.vibrissa.indexer.project.stake.BuiltStake.began;
import static dev.vibrissa.indexer.project.stake.BuiltStake.cap;
import static dev.vibrissa.indexer.project.stake.BuiltStake.ended;
import static dev.vibrissa.indexer.project.stake.BuiltStake.inside;
import static dev.vibrissa.indexer.project.stake.BuiltStake.leaving;
import static dev.vibrissa.indexer.project.stake.BuiltStake.metadata;
import static dev.vibrissa.indexer.project.stake.BuiltStake.of;
import static dev.vibrissa.indexer.project.stake.BuiltStake.pool;
import static dev.vibrissa.indexer.project.stake.BuiltStake.staked;
import static dev.vibrissa.indexer.project.stake.BuiltStake.stayed;
import static dev.vibrissa.indexer.project.stake.BuiltStake.unwrapped;
import static dev.vibrissa.indexer.project.stake.BuiltStake.wrapped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap.EventBlobAttestation;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the recorded chains do not show: liquid staking, new pools, pools that cannot pay, rights that change hands. */
class StakeHistoryTest {
    private static final String POOL = Pools.TYPE;
    private static final Authorized OPERATOR = new Authorized.ByAddress(ANNE);

    private final TestDatabase database = TestDatabase.migrated();
    private final BuiltStake chain = new BuiltStake(database);

    @AfterEach
    void close() {
        database.close();
    }

    private void assertOperations(String... kinds) throws Exception {
        assertThat(TableRows.of(
                        database.database(),
                        "select kind, amount from stake_operation order by checkpoint, tx_index, ordinal"))
                .containsExactly(kinds);
    }

    private void assertWithdrawn(String rewardsAndResidual) throws Exception {
        assertThat(TableRows.of(
                        database.database(), "select rewards, residual from stake_operation where kind = 'withdraw'"))
                .containsExactly(rewardsAndResidual);
    }

    /** Wrapped in the transaction that made it, it was never seen before. */
    @Test
    void whatComesOutOfAVaultIsNoNewStake() throws Exception {
        chain.happens(unwrapped(staked(5, 3), of(ANNE)));
        assertOperations("unwrap|5");
    }

    @Test
    void whatGoesIntoAVaultAndComesOutIsTheSameStake() throws Exception {
        chain.happens(began(STAKE, Positions.TYPE, staked(5, 3), of(ANNE)));
        chain.happens(wrapped(staked(5, 3), of(ANNE), VAULT));
        chain.happens(unwrapped(staked(5, 3), of(BILL)));
        assertOperations("stake|5", "wrap|5", "unwrap|5");
        assertThat(
                        TableRows.of(
                                database.database(),
                                "select holder, encode(held_inside, 'hex') is not null from stake_position order by checkpoint"))
                .containsExactly("address|f", "wrapped|t", "address|f");
    }

    /** A history that begins in the middle meets it as an input: what is done with it comes after. */
    @Test
    void stakeOlderThanOurHistoryIsObservedOnce() throws Exception {
        chain.happens(stayed(STAKE, Positions.TYPE, staked(5, 3), leaving(5, 3, 6), of(ANNE)));
        chain.happens(stayed(STAKE, Positions.TYPE, leaving(5, 3, 6), leaving(5, 3, 6), of(BILL)));
        assertOperations("observed|5", "request|5", "transfer|5");
        assertThat(TableRows.of(
                        database.database(),
                        "select kind from stake_operation where owner_before is null and owner_after is not null"))
                .containsExactly("observed");
    }

    @Test
    void stakeSeenOnlyWhenItEndsIsObservedAsItWas() throws Exception {
        chain.happens(ended(STAKE, Positions.TYPE, staked(5, 3), of(ANNE)));
        assertOperations("observed|5", "withdraw|5");
    }

    @Test
    void insideADynamicFieldAPositionCanStillBeRead() throws Exception {
        chain.happens(began(STAKE, Positions.TYPE, staked(5, 3), of(ANNE)));
        chain.happens(
                wrapped(staked(5, 3), of(ANNE), FIELD),
                began(FIELD, Positions.FIELD_TYPE, staked(5, 3), inside(VAULT)));
        chain.happens(stayed(FIELD, Positions.FIELD_TYPE, staked(5, 3), leaving(5, 3, 6), inside(VAULT)));
        chain.happens(
                ended(FIELD, Positions.FIELD_TYPE, leaving(5, 3, 6), inside(VAULT)),
                unwrapped(leaving(5, 3, 6), of(BILL)));
        assertOperations("stake|5", "wrap|5", "request|5", "unwrap|5");
        assertThat(TableRows.of(
                        database.database(), "select holder, withdraw_epoch from stake_position order by checkpoint"))
                .containsExactly("address|null", "object|null", "object|6", "address|6");
    }

    @Test
    void aPoolThatNeverHadARatePaysThePrincipal() throws Exception {
        chain.happens(began(NODE, POOL, pool(5, 0, OPERATOR), inside(VAULT)));
        chain.happens(began(STAKE, Positions.TYPE, staked(5, 3), of(ANNE)));
        chain.happens(ended(STAKE, Positions.TYPE, staked(5, 3), of(ANNE)));
        assertOperations("stake|5", "withdraw|5");
        assertWithdrawn("0|0");
    }

    @Test
    void stakeThatLeavesBeforeItCountsEarnsNothing() throws Exception {
        rate(3, 1, 1);
        rate(5, 2, 1);
        chain.happens(began(NODE, POOL, pool(5, 100, OPERATOR), inside(VAULT)));
        chain.happens(began(STAKE, Positions.TYPE, staked(5, 7), of(ANNE)));
        chain.happens(ended(STAKE, Positions.TYPE, staked(5, 7), of(ANNE)));
        assertWithdrawn("0|0");
    }

    @Test
    void stakeOfANodeThatLeftTheCommitteeLeavesAtTheRateOfNow() throws Exception {
        rate(3, 1, 1);
        rate(5, 2, 1);
        chain.happens(began(NODE, POOL, pool(9, 100, OPERATOR), inside(VAULT)));
        chain.happens(began(STAKE, Positions.TYPE, staked(10, 3), of(ANNE)));
        // Epoch 9 runs; the pool sat out since 5, whose rate still holds.
        chain.happens(
                ended(STAKE, Positions.TYPE, staked(10, 3), of(ANNE)),
                stayed(NODE, POOL, pool(9, 100, OPERATOR), pool(9, 90, OPERATOR), inside(VAULT)));
        assertWithdrawn("10|0");
    }

    @Test
    void nothingAccruesAfterTheWithdrawEpoch() throws Exception {
        rate(3, 1, 1);
        rate(5, 2, 1);
        rate(6, 3, 1);
        chain.happens(began(NODE, POOL, pool(6, 100, OPERATOR), inside(VAULT)));
        chain.happens(began(STAKE, Positions.TYPE, leaving(10, 3, 5), of(ANNE)));
        chain.happens(
                ended(STAKE, Positions.TYPE, leaving(10, 3, 5), of(ANNE)),
                stayed(NODE, POOL, pool(6, 100, OPERATOR), pool(6, 90, OPERATOR), inside(VAULT)));
        assertWithdrawn("10|0");
    }

    /** So says the contract's arithmetic: nothing is left unexplained. */
    @Test
    void aPoolPaysNoMoreRewardsThanItHas() throws Exception {
        rate(3, 1, 1);
        rate(5, 2, 1);
        chain.happens(began(NODE, POOL, pool(5, 7, OPERATOR), inside(VAULT)));
        chain.happens(began(STAKE, Positions.TYPE, leaving(10, 3, 5), of(ANNE)));
        chain.happens(
                ended(STAKE, Positions.TYPE, leaving(10, 3, 5), of(ANNE)),
                stayed(NODE, POOL, pool(5, 7, OPERATOR), pool(5, 0, OPERATOR), inside(VAULT)));
        assertWithdrawn("7|0");
    }

    @Test
    void whatWasLockedBeforeOurHistoryIsNotKnownUntilItIsCleared() throws Exception {
        var locking = pool(5, 0, OPERATOR, 1);
        chain.happens(stayed(NODE, POOL, locking, pool(5, 1, OPERATOR, 1), inside(VAULT)));
        chain.happens(stayed(NODE, POOL, locking, pool(5, 2, OPERATOR, 1), inside(VAULT)));
        chain.happens(stayed(NODE, POOL, locking, pool(5, 3, OPERATOR, 0), inside(VAULT)));
        assertThat(TableRows.of(
                        database.database(),
                        "select checkpoint, commission_locked from pool_state order by checkpoint"))
                .containsExactly("1|null", "2|null", "3|0");
    }

    /** What is left of rewards is carried on from one epoch's turn to the next. */
    @Test
    void rewardsThatWerePaidAreTakenOffOnce() throws Exception {
        rate(3, 1, 1);
        rate(5, 2, 1);
        chain.happens(began(NODE, POOL, pool(4, 0, OPERATOR), inside(VAULT)));
        chain.happens(began(STAKE, Positions.TYPE, leaving(10, 3, 5), of(ANNE)));
        chain.turns(5, stayed(NODE, POOL, pool(4, 0, OPERATOR), pool(5, 30, OPERATOR), inside(VAULT)));
        chain.happens(
                ended(STAKE, Positions.TYPE, leaving(10, 3, 5), of(ANNE)),
                stayed(NODE, POOL, pool(5, 30, OPERATOR), pool(5, 20, OPERATOR), inside(VAULT)));
        chain.turns(6, stayed(NODE, POOL, pool(5, 20, OPERATOR), pool(6, 25, OPERATOR), inside(VAULT)));
        chain.turns(7, stayed(NODE, POOL, pool(6, 25, OPERATOR), pool(7, 26, OPERATOR), inside(VAULT)));
        assertThat(TableRows.of(database.database(), """
                        select epoch, expected, derived from stake_reconciliation
                        where what = 'rewards_pool' order by epoch
                        """)).containsExactly("5|30|30", "6|25|25", "7|26|26");
    }

    @Test
    void rightsAndDescriptionsHaveTheirHistory() throws Exception {
        chain.happens(
                began(NODE, POOL, pool(1, 0, OPERATOR), inside(VAULT)),
                began(METADATA_FIELD, Pools.METADATA_TYPE, metadata(Map.of()), inside(METADATA)));
        chain.happens(
                stayed(NODE, POOL, pool(1, 0, OPERATOR), pool(1, 0, new Authorized.ByObject(CAP)), inside(VAULT)));
        chain.happens(stayed(
                METADATA_FIELD,
                Pools.METADATA_TYPE,
                metadata(Map.of()),
                metadata(Map.of("country", "NO\u0000")),
                inside(METADATA)));
        assertThat(
                        TableRows.of(
                                database.database(),
                                "select checkpoint, commission_receiver_kind, extra_fields from operator_profile order by checkpoint"))
                .containsExactly("1|address|{}", "2|object|{}", "3|object|{country,NO\uFFFD}");
    }

    private static final SuiAddress METADATA_FIELD = SuiAddress.parse("0x15");

    @Test
    void aCapabilityMayBePassedOnAndAttestsToEventBlobsMeanwhile() throws Exception {
        var first = Optional.of(new EventBlobAttestation(100, 1));
        var second = Optional.of(new EventBlobAttestation(200, 1));
        chain.happens(began(CAP, Caps.TYPE, cap(Optional.empty()), of(ANNE)));
        chain.happens(stayed(CAP, Caps.TYPE, cap(Optional.empty()), cap(first), of(ANNE)));
        chain.happens(stayed(CAP, Caps.TYPE, cap(first), cap(first), of(BILL)));
        chain.happens(stayed(CAP, Caps.TYPE, cap(first), cap(second), of(BILL)));
        assertThat(TableRows.of(
                        database.database(),
                        "select checkpoint, right(encode(owner, 'hex'), 1) from operator_cap order by checkpoint"))
                .containsExactly("1|a", "2|a", "3|b", "4|b");
        assertThat(
                        TableRows.of(
                                database.database(),
                                "select checkpoint, attested_checkpoint, epoch from event_blob_attestation order by checkpoint"))
                .containsExactly("2|100|1", "4|200|1");
    }

    /** A history that begins in the middle knows a capability first as somebody else's input. */
    @Test
    void whatWasAttestedToBeforeOurHistoryIsNotCounted() throws Exception {
        var before = Optional.of(new EventBlobAttestation(100, 1));
        chain.happens(stayed(CAP, Caps.TYPE, cap(before), cap(before), of(ANNE)));
        assertThat(TableRows.of(database.database(), "select * from event_blob_attestation"))
                .isEmpty();
    }

    private void rate(long epoch, long wal, long shares) throws Exception {
        try (var db = database.connect();
                var insert = db.prepareStatement("insert into exchange_rate values (?, ?, ?, ?, false, 0, null)")) {
            insert.setBytes(1, NODE.toByteArray());
            insert.setLong(2, epoch);
            insert.setLong(3, wal);
            insert.setLong(4, shares);
            insert.executeUpdate();
        }
    }
}
