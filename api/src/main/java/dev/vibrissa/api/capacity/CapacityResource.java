package dev.vibrissa.api.capacity;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/capacity")
@Tag(name = "money")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CapacityResource {
    private final Answers answers;

    CapacityResource(Answers answers) {
        this.answers = answers;
    }

    /** The System at a moment. */
    @Schema(name = "Capacity")
    record CapacityView(
            AsOf asOf,

            @Schema(description = "Checkpoint of the transaction that left it so.", examples = "1143")
            long checkpoint,

            @Schema(description = "Null for what a snapshot reported.") @Nullable
            Digest tx,

            @Schema(examples = "7") long epoch,
            @Schema(examples = "1000") int nShards,

            @Schema(description = "Encoded bytes.", examples = "1000000000000")
            String totalCapacity,

            @Schema(description = "Encoded bytes reserved in this epoch.", examples = "70038000")
            String usedCapacity,

            @Schema(description = "FROST per MiB and epoch.", examples = "11000")
            String storagePrice,

            @Schema(description = "FROST per MiB, once.", examples = "20000")
            String writePrice,

            @Schema(description = "This epoch and those ahead that hold something; null where history begins too late.")
            @Nullable
            List<Account> epochs)
            implements Table {
        @Override
        public List<Account> rows() {
            return epochs == null ? List.of() : epochs;
        }
    }

    /** What is booked in an epoch. */
    @Schema(name = "EpochAccount")
    record Account(
            @Schema(examples = "7") long epoch,

            @Schema(description = "Encoded bytes reserved.", examples = "70038000")
            String usedCapacity,

            @Schema(description = "FROST to be paid out for it.", examples = "804000")
            String rewards) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(operationId = "capacity", summary = "Capacity there is, reserved and booked ahead, with the WAL for it")
    public RestResponse<CapacityView> capacity(@RestQuery @Nullable String at) {
        return answers.at(
                at,
                (db, moment) -> db.first(
                                """
                                select * from system_state where checkpoint <= ?
                                order by checkpoint desc, tx_index desc limit 1
                                """,
                                row -> new CapacityView(
                                        moment.asOf(),
                                        row.number("checkpoint"),
                                        row.digestOrNull("tx_digest"),
                                        row.number("epoch"),
                                        row.integer("n_shards"),
                                        row.amount("total_capacity"),
                                        row.amount("used_capacity"),
                                        row.amount("storage_price"),
                                        row.amount("write_price"),
                                        accounts(db, moment)),
                                moment.checkpoint())
                        .orElseThrow(() -> ProblemException.notFound(
                                "no transaction up to checkpoint %d shows the System".formatted(moment.checkpoint()))));
    }

    private record Begin(long checkpoint, int txIndex) {}

    /** The accounts as they are or, at a past moment, as they were where an epoch last turned, and what was added since. */
    private static @Nullable List<Account> accounts(Snapshot db, Moment moment) {
        var begin = db.first(
                "select checkpoint, tx_index from ring_snapshot where checkpoint <= ? order by 1 desc, 2 desc limit 1",
                row -> new Begin(row.number("checkpoint"), row.integer("tx_index")),
                moment.checkpoint());
        if (begin.isEmpty() && moment.isPartial()) {
            return null;
        }
        if (!moment.past()) {
            return db.list(
                    "select epoch, used_capacity as used, rewards from account order by epoch",
                    CapacityResource::account);
        }
        var from = begin.orElse(new Begin(-1, -1));
        return db.list(
                """
                select epoch, sum(used) as used, sum(rewards) as rewards from (
                  select epoch, used_capacity as used, rewards from ring_snapshot where (checkpoint, tx_index) = (?, ?)
                  union all
                  select ahead, used, rewards from (
                    select first_epoch, end_epoch, sum(used_delta) as used, sum(rewards_delta) as rewards
                    from ring_change
                    where (checkpoint, tx_index) > (?, ?) and checkpoint <= ?
                    group by first_epoch, end_epoch) changed
                  cross join generate_series(first_epoch, end_epoch - 1) ahead) booked
                group by epoch having sum(used) <> 0 or sum(rewards) <> 0
                order by epoch
                """,
                CapacityResource::account,
                from.checkpoint(),
                from.txIndex(),
                from.checkpoint(),
                from.txIndex(),
                moment.checkpoint());
    }

    private static Account account(Row row) throws SQLException {
        return new Account(row.number("epoch"), row.amount("used"), row.amount("rewards"));
    }
}
