package dev.vibrissa.indexer.project.stake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.stake.StakeOperation.Change;
import dev.vibrissa.indexer.project.stake.StakeOperation.Join;
import dev.vibrissa.indexer.project.stake.StakeOperation.Move;
import dev.vibrissa.indexer.project.stake.StakeOperation.Part;
import dev.vibrissa.indexer.project.stake.StakeOperation.Request;
import dev.vibrissa.indexer.project.stake.StakeOperation.Split;
import dev.vibrissa.indexer.project.stake.StakeOperation.Stake;
import dev.vibrissa.indexer.project.stake.StakeOperation.Told;
import dev.vibrissa.indexer.project.stake.StakeOperation.Withdraw;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a transaction did with stake is told by the positions that it touched. */
class StakeOperationTest {
    private static final SuiAddress NODE = SuiAddress.parse("0x1");
    private static final SuiAddress OTHER_NODE = SuiAddress.parse("0x2");
    private static final SuiAddress ANNE = SuiAddress.parse("0xa");
    private static final SuiAddress BILL = SuiAddress.parse("0xb");
    private static final SuiAddress ONE = SuiAddress.parse("0x11");
    private static final SuiAddress TWO = SuiAddress.parse("0x12");
    private static final SuiAddress THREE = SuiAddress.parse("0x13");

    /** Seen to be called, with arguments that other calls made. */
    private static final Told CALLS_JOIN = new Told(Set.of(), Map.of(), List.of(), false, true, false, Set.of());

    private static final Told CALLS_SPLIT = new Told(Set.of(), Map.of(), List.of(), true, false, false, Set.of());

    @Test
    void whatBeginsIsNewStake() {
        assertThat(read(began(ONE, position(5)))).containsExactly(new Stake(ONE, position(5), 5));
    }

    @Test
    void whatEndsIsPaidOut() {
        assertThat(read(ended(ONE, position(5)))).containsExactly(new Withdraw(ONE, position(5), 5));
    }

    @Test
    void whatShrinksWhileAnotherBeginsWasSplit() {
        assertThat(read(stayed(ONE, position(5), position(3)), began(TWO, position(2))))
                .containsExactly(new Split(ONE, TWO, position(2)));
    }

    @Test
    void whatEndsWhileAnotherGrowsWasJoined() {
        assertThat(read(stayed(ONE, position(5), position(7)), ended(TWO, position(2))))
                .containsExactly(new Join(ONE, TWO, position(2)));
    }

    @Test
    void stakeOfAnotherNodeIsNeitherSplitNorJoined() {
        var elsewhere = new Position("address", ANNE, null, OTHER_NODE, 2, 3, null);
        assertThat(read(stayed(ONE, position(5), position(3)), began(TWO, elsewhere)))
                .containsExactly(new Stake(TWO, elsewhere, 2), new Withdraw(ONE, position(5), 2));
        assertThat(read(stayed(ONE, position(5), position(7)), ended(TWO, elsewhere)))
                .containsExactly(new Stake(ONE, position(7), 2), new Withdraw(TWO, elsewhere, 2));
    }

    @Test
    void paidOutAndStakedAnewIsNoJoin() {
        assertThat(read(ended(ONE, position(5)), began(TWO, position(6))))
                .containsExactly(new Stake(TWO, position(6), 6), new Withdraw(ONE, position(5), 5));
    }

    @Test
    void joinedWithNewStakeIsTold() {
        assertThat(StakeOperation.of(List.of(ended(ONE, position(5)), began(TWO, position(11))), CALLS_JOIN))
                .containsExactly(new Join(TWO, ONE, position(5)), new Stake(TWO, position(11), 6));
    }

    @Test
    void splitOffAndTheRestPaidOutIsTold() {
        assertThat(StakeOperation.of(List.of(ended(ONE, position(5)), began(TWO, position(2))), CALLS_SPLIT))
                .containsExactly(new Split(ONE, TWO, position(2)), new Withdraw(ONE, position(5), 3));
    }

    @Test
    void aPositionMayBeSplitAndJoinedAtOnce() {
        assertThat(StakeOperation.of(
                        List.of(
                                stayed(ONE, position(5), position(6)),
                                ended(TWO, position(4)),
                                began(THREE, position(3))),
                        new Told(Set.of(), Map.of(), List.of(), true, true, false, Set.of())))
                .containsExactly(new Join(ONE, TWO, position(4)), new Split(ONE, THREE, position(3)));
    }

    @Test
    void aRequestAndAHandOverAreTold() {
        var leaving = new Position("address", ANNE, null, NODE, 5, 3, 7L);
        var bills = position(5).held("address", BILL, null);
        assertThat(read(stayed(ONE, position(5), leaving))).containsExactly(new Request(ONE, leaving));
        assertThat(read(stayed(ONE, position(5), bills))).containsExactly(new Move(ONE, position(5), bills));
    }

    /** One of two equal positions was joined, the other paid out: only the calls tell which. */
    @Test
    void whatCallsTellDecidesBetweenEqualPositions() {
        var changes =
                List.of(stayed(ONE, position(5), position(7)), ended(TWO, position(2)), ended(THREE, position(2)));
        assertThat(StakeOperation.of(changes, told(Map.of(THREE, ONE), TWO)))
                .containsExactly(new Join(ONE, THREE, position(2)), new Withdraw(TWO, position(2), 2));
        assertThat(StakeOperation.of(changes, told(Map.of(TWO, ONE), THREE)))
                .containsExactly(new Join(ONE, TWO, position(2)), new Withdraw(THREE, position(2), 2));
    }

    @Test
    void whatWasJoinedAndThenPaidOutIsPaidOutAsAWhole() {
        assertThat(StakeOperation.of(
                        List.of(ended(ONE, position(5)), ended(TWO, position(2))), told(Map.of(TWO, ONE), ONE)))
                .containsExactly(new Join(ONE, TWO, position(2)), new Withdraw(ONE, position(5), 7));
    }

    @Test
    void twoPartsHaveTheirOwnSources() {
        var told = new Told(Set.of(), Map.of(), List.of(new Part(TWO, 2)), true, false, false, Set.of());
        assertThat(StakeOperation.of(
                        List.of(
                                stayed(ONE, position(5), position(3)),
                                stayed(TWO, position(5), position(3)),
                                began(THREE, position(2))),
                        told))
                .containsExactly(new Split(TWO, THREE, position(2)), new Withdraw(ONE, position(5), 2));
    }

    @Test
    void whatIsAskedBackAndSplitAtOnceIsBoth() {
        var whole = position(5);
        var rest = leaving(3);
        assertThat(read(stayed(ONE, whole, rest), began(TWO, leaving(2))))
                .containsExactly(new Split(ONE, TWO, leaving(2)), new Request(ONE, rest));
    }

    @Test
    void whatLeavesIsNotJoinedWithWhatStays() {
        assertThat(read(stayed(ONE, position(5), position(7)), ended(TWO, leaving(2))))
                .containsExactly(new Stake(ONE, position(7), 2), new Withdraw(TWO, leaving(2), 2));
    }

    @Test
    void whatGoesIntoAnotherObjectIsHandedOver() {
        var wrapped = position(5).held("wrapped", null, OTHER_NODE);
        var field = position(5).held("object", null, OTHER_NODE);
        assertThat(read(stayed(ONE, position(5), wrapped))).containsExactly(new Move(ONE, position(5), wrapped));
        assertThat(read(stayed(ONE, field, position(5)))).containsExactly(new Move(ONE, field, position(5)));
    }

    @Test
    void whatIsStakedAndHandedOnIsStakedByWhoGotIt() {
        var bills = position(5).held("address", BILL, null);
        assertThat(read(began(ONE, bills))).containsExactly(new Stake(ONE, bills, 5));
    }

    /** {@code split}, then {@code withdraw_stake} with the result. */
    @Test
    void aPartMayBePaidOut() {
        assertThat(read(stayed(ONE, leaving(5), leaving(3)))).containsExactly(new Withdraw(ONE, leaving(5), 2));
    }

    /** {@code stake_with_pool}, then {@code join} with the result. */
    @Test
    void newStakeMayBeJoinedAtOnce() {
        assertThat(read(stayed(ONE, position(5), position(7)))).containsExactly(new Stake(ONE, position(7), 2));
    }

    /** {@code split}, then {@code join} with the result; another part is paid out. */
    @Test
    void aPartMayPassFromOnePositionToAnother() {
        assertThat(read(stayed(ONE, leaving(9), leaving(3)), stayed(TWO, leaving(1), leaving(5))))
                .containsExactly(
                        new Split(ONE, TWO, leaving(4)),
                        new Join(TWO, ONE, leaving(4)),
                        new Withdraw(ONE, leaving(9), 2));
        assertThat(read(stayed(ONE, leaving(5), leaving(3)), stayed(TWO, position(1), position(3))))
                .containsExactly(new Withdraw(ONE, leaving(5), 2), new Stake(TWO, position(3), 2));
    }

    /** {@code split}, then another contract's call that takes the result in. */
    @Test
    void aPartThatGoesIntoAnotherObjectIsNotPaidOut() {
        var told = new Told(Set.of(), Map.of(), List.of(), true, false, false, Set.of(THREE));
        assertThat(StakeOperation.of(List.of(stayed(ONE, position(5), position(3))), told))
                .containsExactly(new Split(ONE, THREE, position(2).held("wrapped", null, null)));
    }

    @Test
    void whatAVaultDidWithItsPartsIsNotToldByWhatComesOut() {
        var wrapped = position(5).held("wrapped", null, OTHER_NODE);
        assertThat(read(stayed(ONE, wrapped, position(3)))).containsExactly(new Move(ONE, wrapped, position(3)));
    }

    @Test
    void anEmptyOneThatEndsIsNothing() {
        assertThat(read(ended(ONE, position(0)))).isEmpty();
    }

    @Test
    void aNewVersionOfTheSameIsNothing() {
        assertThat(read(stayed(ONE, position(5), position(5)))).isEmpty();
    }

    private static List<StakeOperation> read(Change... changes) {
        return StakeOperation.of(List.of(changes), Told.NOTHING);
    }

    private static Told told(Map<SuiAddress, SuiAddress> joined, SuiAddress... withdrawn) {
        return new Told(Set.of(withdrawn), joined, List.of(), false, !joined.isEmpty(), withdrawn.length > 0, Set.of());
    }

    private static Position leaving(long principal) {
        return new Position("address", ANNE, null, NODE, principal, 3, 7L);
    }

    private static Change began(SuiAddress id, Position position) {
        return change(id, null, position);
    }

    private static Change ended(SuiAddress id, Position position) {
        return change(id, position, null);
    }

    private static Change stayed(SuiAddress id, Position before, Position after) {
        return change(id, before, after);
    }

    private static Change change(SuiAddress id, @Nullable Position before, @Nullable Position after) {
        return new Change(id, before, after);
    }

    private static Position position(long principal) {
        return new Position("address", ANNE, null, NODE, principal, 3, null);
    }
}
