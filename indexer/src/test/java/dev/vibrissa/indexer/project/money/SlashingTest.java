package dev.vibrissa.indexer.project.money;

import static dev.vibrissa.indexer.project.money.BuiltTransaction.PACKAGES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.project.EmptyPool;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A slashing takes the proposal and burns the commission; a clean-up and a collection take them too. */
class SlashingTest {
    private static final SuiAddress SEAL = SuiAddress.parse("0x5ea1");
    private static final SuiAddress OTTER = SuiAddress.parse("0x077e");
    private static final SuiAddress SHARED = SuiAddress.parse("0x5a");

    private static Map<SuiAddress, Long> burned(BuiltTransaction transaction) {
        return Slashing.of(transaction.facts(), PACKAGES).burned();
    }

    @Test
    void whatAnotherContractExecutesIsToldByTheSupply() {
        assertThat(burned(new BuiltTransaction()
                        .object(proposal(SEAL))
                        .object(commission(SEAL, 500, 0))
                        .object(supply(10_000, 9_500))))
                .containsExactly(Map.entry(SEAL, 500L));
    }

    @Test
    void whatIsCollectedBesideACleanUpIsNotBurned() {
        assertThat(burned(new BuiltTransaction().object(proposal(SEAL)).object(commission(SEAL, 500, 0))))
                .isEmpty();
        // Not even if the operator burns as much.
        assertThat(burned(new BuiltTransaction()
                        .calls("slashing", "cleanup_slashing_proposals", List.of())
                        .object(proposal(SEAL))
                        .object(commission(SEAL, 500, 0))
                        .object(supply(10_000, 9_500))))
                .isEmpty();
    }

    @Test
    void ofTwoTheOneThatIsCalledIsSlashed() {
        assertThat(burned(new BuiltTransaction()
                        .calls(
                                "slashing",
                                "execute_slashing",
                                List.of(SHARED, SHARED, SHARED, new CallArg.Pure(Bytes.of(SEAL.toByteArray()))))
                        .object(proposal(OTTER))
                        .object(commission(OTTER, 300, 0))
                        .object(proposal(SEAL))
                        .object(commission(SEAL, 500, 0))
                        .object(supply(10_000, 9_500))))
                .containsExactly(Map.entry(SEAL, 500L));
    }

    private static ObjectFact proposal(SuiAddress candidate) {
        return object(
                SuiAddress.parse("0x100"),
                Change.DELETED,
                "Field<slashing::SlashingProposal>",
                new SlashingProposal(1, candidate, 7, List.of()),
                null);
    }

    private static ObjectFact supply(long before, long after) {
        return object(
                SHARED,
                Change.MUTATED,
                "coin::TreasuryCap",
                new TreasuryCap(SHARED, before),
                new TreasuryCap(SHARED, after));
    }

    private static ObjectFact commission(SuiAddress node, long before, long after) {
        return object(
                node,
                Change.MUTATED,
                "staking_pool::StakingPool",
                EmptyPool.of(node, SHARED, before),
                EmptyPool.of(node, SHARED, after));
    }

    private static ObjectFact object(
            SuiAddress id, Change change, String type, WalrusObject before, @Nullable WalrusObject after) {
        return new ObjectFact(id, 1, change, type, state(before), state(after), Optional.empty());
    }

    private static Optional<ObjectState> state(@Nullable WalrusObject value) {
        return Optional.ofNullable(value)
                .map(each -> new ObjectState(1, new Owner.ObjectOwner(SHARED), Optional.of(each), Bytes.EMPTY));
    }
}
