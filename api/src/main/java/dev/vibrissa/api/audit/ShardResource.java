package dev.vibrissa.api.audit;

import dev.vibrissa.api.answer.Answers;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.Page;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/shards")
@Tag(name = "operators")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ShardResource {
    private final Answers answers;

    ShardResource(Answers answers) {
        this.answers = answers;
    }

    /**
     * A shard, who must hold it, and what came of its probes in the day before the answer's checkpoint.
     *
     * @param movedFrom who held it in the epoch before; null: the same node, or nobody
     */
    @Schema(name = "ShardOfEpoch")
    public record HeldShard(
            @Schema(examples = "213") int shard,
            SuiAddress nodeId,
            @Nullable String name,

            @Schema(description = "Who held it in the epoch before; null: the same node, or nobody.") @Nullable
            SuiAddress movedFrom,

            @Schema(description = "Proven in the last 24 hours.", examples = "4")
            long served,

            @Schema(description = "Failed, and the node is to blame.", examples = "0")
            long failedByNode,

            @Schema(description = "Failed, and the node or the network is to blame.", examples = "0")
            long failedByEither,

            @Schema(description = "Failed for what no node is to blame for.", examples = "0")
            long excused,

            @Schema(description = "Of those that were proven, to the whole answer.", examples = "41") @Nullable
            Double medianMillis) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Operation(
            operationId = "shards",
            summary = "Who must hold which shard in an epoch, and how it was served in the last 24 hours",
            description = "The epoch that runs, without one. Probes are counted by shard, whoever held it then.")
    public RestResponse<Page<HeldShard>> shards(
            UriInfo uri,
            @RestQuery @Nullable String epoch,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var of = Input.optional(epoch, text -> Input.epoch("epoch", text));
        var page = PageRequest.of(uri, limit, cursor, 1);
        return answers.at(
                at,
                AuditLogs::heads,
                (db, moment) -> page.page(
                        moment,
                        list(db, moment, of.orElse(moment.epoch()), page),
                        each -> List.of(Integer.toString(each.shard()))));
    }

    /** A day of probes is counted at each question: some thousands, whatever the length of the chain. */
    private static List<HeldShard> list(Snapshot db, Moment moment, long epoch, PageRequest page) {
        return db.list(
                """
                with p as (
                  select shard, count(*) filter (where blame is null) as served,
                    count(*) filter (where blame = 'NODE') as by_node,
                    count(*) filter (where blame = 'NODE_OR_NETWORK') as by_either,
                    count(*) filter (where blame not in ('NODE', 'NODE_OR_NETWORK')) as excused,
                    percentile_cont(0.5) within group (order by millis) filter (where blame is null) as median
                  from probe
                  where prover = ? and asked_at > ?::timestamptz - interval '1 day' and asked_at <= ?
                  group by shard)
                select s.shard, s.node_id, sn.name, nullif(before.node_id, s.node_id) as moved_from, p.*
                from shard_assignment s
                """ + NodeName.of("s.node_id") + """
                left join shard_assignment before on before.epoch = s.epoch - 1 and before.shard = s.shard
                left join p on p.shard = s.shard
                where s.epoch = ? and s.shard > ?
                order by s.shard
                limit ?
                """,
                ShardResource::held,
                AuditLogs.askedOrLead(db, null),
                moment.asOf().timestamp(),
                moment.asOf().timestamp(),
                moment.checkpoint(),
                epoch,
                page.afterNumber(0, -1),
                page.fetch());
    }

    private static HeldShard held(Row row) throws SQLException {
        return new HeldShard(
                row.integer("shard"),
                row.address("node_id"),
                row.textOrNull("name"),
                row.addressOrNull("moved_from"),
                row.number("served"),
                row.number("by_node"),
                row.number("by_either"),
                row.number("excused"),
                row.fractionOrNull("median"));
    }
}
