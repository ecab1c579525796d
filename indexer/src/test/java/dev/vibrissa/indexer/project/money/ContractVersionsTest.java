package dev.vibrissa.indexer.project.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules of each contract version: where they differ, the transaction tells.
 *
 * <p>What carries the tag {@code unverified} is tested against the text of walrus-chain.md alone: no history of those
 * versions is at hand.
 */
class ContractVersionsTest {
    private static final SuiAddress TREASURY = SuiAddress.parse("0x7ea5");
    private static final Prices BEFORE = new Prices(11_000, 20_000);
    private static final Prices AFTER = new Prices(12_000, 21_000);
    private static final RingChange POT = new RingChange(4, 5, -4_770, -1_000_000_000);

    @Test
    @Tag("unverified")
    void version1BurnsNothingAndChangesPricesSilentlyWithTheEpoch() throws Exception {
        var found = fold(new BuiltTransaction()
                .calls("staking", "initiate_epoch_change", List.of(TREASURY), new EpochChangeStart(5))
                .leaves(BEFORE, 5, AFTER, POT));
        assertThat(found)
                .containsExactly(
                        "change to 5: pot 4770 burn 0 leftover 0",
                        "price -1 of epoch 5: 12000 21000",
                        "check burn: 0 and 0");
    }

    @Test
    @Tag("unverified")
    void version2BurnsNothingSellsStorageOfTheFutureAndTakesSubsidiesByEpoch() throws Exception {
        var found = fold(
                new BuiltTransaction()
                        .calls("system", "reserve_space_for_epochs", List.of(TREASURY, 1L << 20, 6, 8, TREASURY))
                        .calls("system", "add_per_epoch_subsidies", List.of(TREASURY))
                        .leaves(BEFORE, 4, BEFORE, new RingChange(4, 6, 100, 0), new RingChange(6, 8, 11_000, 1 << 20)),
                new BuiltTransaction()
                        .calls("staking", "initiate_epoch_change", List.of(TREASURY), new EpochChangeStart(5))
                        .leaves(BEFORE, 5, AFTER, POT));
        assertThat(found)
                .containsExactly(
                        "change to 5: pot 4770 burn 0 leftover 0",
                        "price -1 of epoch 5: 12000 21000",
                        "payment reserve_space_for_epochs 6 to 8: 11000",
                        "payment add_subsidy 4 to 6: 100",
                        "check burn: 0 and 0");
    }

    @Test
    void version3BurnsAndTellsPrices() throws Exception {
        var found = fold(new BuiltTransaction()
                .event(new EpochChangeStart(5))
                .event(new PricesUpdated(5, 12_000, 21_000))
                .object(supply(5_000_000, 4_999_857))
                .leaves(BEFORE, 5, AFTER, POT, new RingChange(5, 6, 2, 0)));
        assertThat(found)
                .containsExactly(
                        "change to 5: pot 4770 burn 143 leftover 2",
                        "price 1 of epoch 5: 12000 21000",
                        "supply initial 0 to 5000000",
                        "supply epoch_change 143 to 4999857",
                        "check burn: 143 and 143");
    }

    /** Only who may be a candidate, and when a scheduled commission counts, is different. */
    @Test
    @Tag("unverified")
    void version4KeepsTheMoneyOfVersion3() throws Exception {
        var found = fold(new BuiltTransaction()
                .calls(
                        "staking",
                        "initiate_epoch_change_v2",
                        List.of(TREASURY),
                        new EpochChangeStart(5),
                        new PricesUpdated(5, 12_000, 21_000))
                .object(supply(5_000_000, 4_999_857))
                .leaves(BEFORE, 5, AFTER, POT, new RingChange(5, 6, 2, 0)));
        assertThat(found)
                .contains(
                        "change to 5: pot 4770 burn 143 leftover 2",
                        "price 1 of epoch 5: 12000 21000",
                        "check burn: 143 and 143");
    }

    @Test
    void whatSomebodyBurnsBesideTheChangeOfAnEpochIsTheirs() throws Exception {
        var found = fold(new BuiltTransaction()
                .event(new EpochChangeStart(5))
                .event(new PricesUpdated(5, 12_000, 21_000))
                .object(supply(5_000_000, 4_999_757))
                .leaves(BEFORE, 5, AFTER, POT, new RingChange(5, 6, 2, 0)));
        assertThat(found).contains("supply epoch_change 143 to 4999857", "supply wal::burn 100 to 4999757");
    }

    @Test
    void version3BurnsNothingOfNothingAndSaysSo() throws Exception {
        var first = new BuiltTransaction().object(supply(5_000_000, 4_999_990));
        var change = new BuiltTransaction()
                .event(new EpochChangeStart(1))
                .event(new PricesUpdated(1, 12_000, 21_000))
                .leaves(BEFORE, 1, AFTER);
        assertThat(fold(first, change)).contains("supply wal::burn 10 to 4999990", "supply epoch_change 0 to 4999990");
    }

    private static ObjectFact supply(long before, long after) {
        return new ObjectFact(
                TREASURY,
                2,
                Change.MUTATED,
                "coin::TreasuryCap",
                Optional.of(state(1, before)),
                Optional.of(state(2, after)),
                Optional.empty());
    }

    private static ObjectState state(long version, long supply) {
        return new ObjectState(
                version, new Owner.ObjectOwner(TREASURY), Optional.of(new TreasuryCap(TREASURY, supply)), Bytes.EMPTY);
    }

    private static List<String> fold(BuiltTransaction... transactions) throws Exception {
        try (var database = TestDatabase.migrated();
                var db = database.connect();
                var statement = db.createStatement()) {
            for (int i = 0; i < transactions.length; i++) {
                MoneyProjection.fold(db, List.of(transactions[i].checkpoint(100 + i)));
            }
            var found = new ArrayList<String>();
            try (var row = statement.executeQuery("""
                    select format('change to %s: pot %s burn %s leftover %s', to_epoch, pot, burn, leftover)
                    from epoch_change
                    union all
                    select format('price %s of epoch %s: %s %s', walrus_ordinal, epoch, storage_price, write_price)
                    from price
                    union all
                    (select format('supply %s %s to %s', why, burnt, supply_after)
                     from supply_change order by checkpoint, ordinal)
                    union all
                    (select format('payment %s %s to %s: %s', what, first_epoch, end_epoch, per_epoch)
                     from payment order by checkpoint, ordinal)
                    union all
                    select format('check %s: %s and %s', what, expected, derived) from reconciliation where what = 'burn'
                    """)) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        }
    }
}
