package dev.vibrissa.api.operator;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.governance.EpochClock;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/delegation")
@Tag(name = "stake")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class DelegationResource {
    private static final int MOST_NODES = 8;
    private static final int USUAL_NODES = 4;
    private static final int USUAL_EPOCHS = 12;
    private static final int MOST_EPOCHS = 100;
    private static final BigInteger FROST = BigInteger.TEN.pow(9);
    private static final BigInteger USUAL_STAKE = FROST.multiply(BigInteger.valueOf(25_000));
    private static final BigInteger LEAST_STAKE = FROST;

    private final Answers answers;

    DelegationResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * What a stake of now would lead to.
     *
     * @param stake FROST
     * @param dates null where Staking was not seen
     */
    @Schema(name = "WhatIf")
    record WhatIfAnswer(
            AsOf asOf,

            @Schema(description = "FROST.", examples = "25000000000000")
            String stake,

            @Schema(examples = "12") int epochs,

            @Schema(description = "Null where the state of Staking was not seen.") @Nullable
            Dates dates,

            WhatIf operator) {}

    /** The same stake with several operators. */
    @Schema(name = "DelegationComparison")
    record Comparison(
            AsOf asOf,

            @Schema(description = "FROST.", examples = "25000000000000")
            String stake,

            @Schema(examples = "12") int epochs,

            @Schema(description = "Null where the state of Staking was not seen.") @Nullable
            Dates dates,

            List<WhatIf> operators)
            implements Table {
        @Override
        public List<WhatIf> rows() {
            return operators;
        }
    }

    /**
     * When a stake of now begins to earn and can be back. What lies ahead are the earliest times.
     *
     * @param stakeBefore a stake after this waits an epoch longer; null: voting is over, it does already
     * @param askToLeaveIn the last epoch that counts, in which to ask for it before voting ends
     */
    @Schema(
            name = "DelegationDates",
            description = "When a stake of now begins to earn and can be back. What lies ahead are the earliest times.")
    record Dates(
            @Schema(description = "A stake after this waits an epoch longer; null: voting is over, it does already.")
            @Nullable
            Instant stakeBefore,

            @Schema(examples = "8") long earnsFromEpoch,
            @Nullable Instant earnsFrom,

            @Schema(description = "The last epoch that counts, in which to ask for it before voting ends.")
            long askToLeaveIn,

            @Schema(examples = "20") long backInEpoch,
            @Nullable Instant backAt) {}

    @GET
    @Path("what-if")
    @Operation(
            operationId = "whatIf",
            summary = "What a stake with an operator would have come to, and what it might",
            description = "Of the operator with the most shards, without a node id.")
    public RestResponse<WhatIfAnswer> whatIf(
            @RestQuery @Nullable String nodeId,
            @Parameter(description = "FROST, from 1 WAL on; 25 000 WAL without it.", example = "25000000000000")
                    @RestQuery
                    @Nullable
                    String stake,
            @Parameter(description = "How far back and ahead, 1 to 100; 12 without it.", example = "4")
                    @RestQuery
                    @Nullable
                    String epochs,
            @RestQuery @Nullable String at) {
        var node = Input.optional(nodeId, text -> Input.address("nodeId", text));
        var amount = stake(stake);
        int count = epochs(epochs);
        return answers.at(at, (db, moment) -> {
            var asked = node.or(() -> largest(db, moment, 1).stream().findFirst());
            var dates = dates(db, moment, count);
            return new WhatIfAnswer(
                    moment.asOf(),
                    amount.toString(),
                    count,
                    dates.orElse(null),
                    whatIf(
                            db,
                            moment,
                            asked.orElseThrow(() -> ProblemException.notFound(
                                    "no operator is known at checkpoint %d".formatted(moment.checkpoint()))),
                            amount,
                            count,
                            dates));
        });
    }

    @GET
    @Path("compare")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "compareDelegations",
            summary = "The same stake with several operators",
            description = "With the four that have the most shards, without node ids.")
    public RestResponse<Comparison> compare(
            @Parameter(description = "Up to 8 node ids, with commas between.") @RestQuery @Nullable String nodes,
            @Parameter(description = "FROST, from 1 WAL on; 25 000 WAL without it.", example = "25000000000000")
                    @RestQuery
                    @Nullable
                    String stake,
            @Parameter(description = "How far back and ahead, 1 to 100; 12 without it.", example = "4")
                    @RestQuery
                    @Nullable
                    String epochs,
            @RestQuery @Nullable String at) {
        var asked = Input.optional(nodes, DelegationResource::nodes);
        var amount = stake(stake);
        int count = epochs(epochs);
        return answers.at(at, (db, moment) -> {
            var dates = dates(db, moment, count);
            return new Comparison(
                    moment.asOf(),
                    amount.toString(),
                    count,
                    dates.orElse(null),
                    asked.orElseGet(() -> largest(db, moment, USUAL_NODES)).stream()
                            .map(node -> whatIf(db, moment, node, amount, count, dates))
                            .toList());
        });
    }

    private static List<SuiAddress> nodes(String text) {
        var nodes = Arrays.stream(text.split(",", -1))
                .map(each -> Input.address("nodes", each.strip()))
                .distinct()
                .toList();
        if (nodes.size() > MOST_NODES) {
            throw ProblemException.badInput(
                    "nodes", "nodes are at most %d, not %d".formatted(MOST_NODES, nodes.size()));
        }
        return nodes;
    }

    private static BigInteger stake(@Nullable String text) {
        if (text == null) {
            return USUAL_STAKE;
        }
        var amount = Input.amount("stake", text).toBigInteger();
        if (amount.compareTo(LEAST_STAKE) < 0) {
            throw ProblemException.badInput("stake", "stake is 1 WAL, %s FROST, or more".formatted(LEAST_STAKE));
        }
        return amount;
    }

    private static int epochs(@Nullable String text) {
        return text == null ? USUAL_EPOCHS : (int) Input.whole("epochs", text, 1, MOST_EPOCHS);
    }

    private static WhatIf whatIf(
            Snapshot db, Moment moment, SuiAddress node, BigInteger stake, int epochs, Optional<Dates> dates) {
        var operator = Operators.find(db, moment, node)
                .orElseThrow(() -> ProblemException.notFound(
                        "no operator %s is known at checkpoint %d".formatted(node, moment.checkpoint())));
        return WhatIf.of(
                db,
                moment,
                operator,
                stake,
                epochs,
                dates.map(Dates::earnsFromEpoch).orElse(moment.epoch() + 1));
    }

    private static List<SuiAddress> largest(Snapshot db, Moment moment, int count) {
        return db.list("""
                select o.node_id from operator o
                left join committee_member m on m.node_id = o.node_id and m.epoch = ?
                where o.checkpoint <= ?
                order by coalesce(m.weight, 0) desc, o.node_id
                limit ?
                """, row -> row.address("node_id"), moment.epoch(), moment.checkpoint(), count);
    }

    /** By the rules of the contract: before voting ends, from the next epoch on; after it, from the one after. */
    private static Optional<Dates> dates(Snapshot db, Moment moment, int epochs) {
        return EpochClock.read(db, moment).map(clock -> {
            boolean chosen = clock.state().equals("chosen");
            long earnsFrom = clock.epoch() + (chosen ? 2 : 1);
            Instant ends = clock.epochEnds();
            long back = earnsFrom + epochs;
            return new Dates(
                    chosen ? null : clock.votingEnds(),
                    earnsFrom,
                    begins(ends, clock, earnsFrom),
                    back - 1,
                    back,
                    begins(ends, clock, back));
        });
    }

    private static @Nullable Instant begins(@Nullable Instant nextEpoch, EpochClock clock, long epoch) {
        return nextEpoch == null ? null : nextEpoch.plusMillis(clock.durationMillis() * (epoch - clock.epoch() - 1));
    }
}
