package dev.vibrissa.indexer.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.project.money.BuiltTransaction;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A vote and the execution that it makes possible, in one transaction: no version of the proposal shows the vote. */
class DecidingVoteTest {
    private static final SuiAddress CANDIDATE = SuiAddress.parse("0xbad");
    private static final SuiAddress SHARED = SuiAddress.parse("0x5a");
    private static final SuiAddress ONE = SuiAddress.parse("0x1");
    private static final SuiAddress TWO = SuiAddress.parse("0x2");
    private static final SuiAddress THREE = SuiAddress.parse("0x3");
    private static final Digest PACKAGE = new Digest(THREE.toByteArray());

    private final TestDatabase database = TestDatabase.migrated();
    private final Connection db;

    DecidingVoteTest() throws Exception {
        db = database.connect();
        for (long epoch = 1; epoch <= 2; epoch++) {
            Rows.update(db, "insert into epoch (epoch, running_since) values (?, ?)", epoch, 100 * epoch);
            int position = 0;
            for (SuiAddress node : List.of(ONE, TWO, THREE)) {
                Rows.update(
                        db,
                        "insert into committee_member (epoch, position, node_id, weight) values (?, ?, ?, ?)",
                        epoch,
                        position++,
                        node.toByteArray(),
                        10 * position);
            }
        }
    }

    @AfterEach
    void end() throws Exception {
        db.close();
        database.close();
    }

    @Test
    void whoDecidesIsCountedToo() throws Exception {
        fold(100, new BuiltTransaction().object(proposal(Change.CREATED, 1, 30, ONE, TWO)));
        fold(101, execution(voteOf(THREE)).object(proposal(Change.DELETED, 1, 30, ONE, TWO)));
        assertThat(rows("select epoch, ended_how from proposal")).containsExactly("1|executed");
        assertThat(rows(VOTES)).containsExactly("1|null|30", "2|null|30", "3|30|60");
    }

    @Test
    void oneNodeMayDecideAlone() throws Exception {
        fold(101, execution(voteOf(TWO)));
        assertThat(rows("select epoch, ended_how, observed from proposal")).containsExactly("1|executed|f");
        assertThat(rows(VOTES)).containsExactly("2|20|20");
    }

    @Test
    void votesOfAnEarlierEpochDecideNothing() throws Exception {
        fold(100, new BuiltTransaction().object(proposal(Change.CREATED, 1, 10, ONE)));
        fold(201, execution(voteOf(ONE), voteOf(THREE)).object(proposal(Change.DELETED, 1, 10, ONE)));
        assertThat(rows("select epoch, ended_how from proposal order by checkpoint"))
                .containsExactly("1|restarted", "2|executed");
        assertThat(rows(VOTES)).containsExactly("1|10|10", "1|10|10", "3|30|40");
    }

    @Test
    void aVoteOnAnotherMatterIsNotCounted() {
        var digest = new BcsWriter();
        PACKAGE.encodeWithLength(digest);
        var vote = new BuiltTransaction()
                .calls(
                        "upgrade",
                        "vote_for_upgrade",
                        List.of(SHARED, SHARED, SHARED, pure(ONE), new CallArg.Pure(Bytes.of(digest.toByteArray()))));
        var deed = new Deed(vote.checkpoint(1), vote.facts());
        assertThat(VoteCalls.voters(deed, Ballot.Kind.UPGRADE, PACKAGE)).containsExactly(ONE);
        assertThat(VoteCalls.voters(deed, Ballot.Kind.UPGRADE, new Digest(new byte[32])))
                .isEmpty();
        assertThat(VoteCalls.voters(deed, Ballot.Kind.SLASHING, CANDIDATE)).isEmpty();
    }

    private static final String VOTES =
            "select right(encode(node_id, 'hex'), 1), weight, total_weight from proposal_vote order by checkpoint, position";

    private static CallArg pure(SuiAddress id) {
        return new CallArg.Pure(Bytes.of(id.toByteArray()));
    }

    private static List<Object> voteOf(SuiAddress voter) {
        return List.of(SHARED, SHARED, SHARED, pure(voter), pure(CANDIDATE));
    }

    @SafeVarargs
    private static BuiltTransaction execution(List<Object>... votes) {
        var transaction = new BuiltTransaction();
        for (List<Object> vote : votes) {
            transaction.calls("slashing", "vote_for_slashing", vote);
        }
        return transaction.calls("slashing", "execute_slashing", List.of(SHARED, SHARED, SHARED, pure(CANDIDATE)));
    }

    private static ObjectFact proposal(Change change, long epoch, int weight, SuiAddress... voters) {
        var state = Optional.of(new ObjectState(
                1,
                new Owner.ObjectOwner(SHARED),
                Optional.of(new SlashingProposal(epoch, CANDIDATE, weight, List.of(voters))),
                Bytes.EMPTY));
        return new ObjectFact(
                SuiAddress.parse("0x100"),
                1,
                change,
                "Field<slashing::SlashingProposal>",
                change == Change.CREATED ? Optional.empty() : state,
                change == Change.CREATED ? state : Optional.empty(),
                Optional.empty());
    }

    private void fold(long checkpoint, BuiltTransaction transaction) throws Exception {
        GovernanceProjection.fold(db, List.of(transaction.checkpoint(checkpoint)));
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(database.database(), sql);
    }
}
