package dev.vibrissa.api.status;

import dev.vibrissa.api.time.AsOf;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How far each part of the program has come, and what does not agree.
 *
 * @param state well: nothing below is wrong
 * @param findings what is wrong, in words; empty where state is well
 */
@Schema(name = "Status")
record StatusView(
        AsOf asOf,

        @Schema(
                description =
                        "well: nothing is wrong; behind: the chain is seen late; doubtful: something does not agree or was not read.",
                enumeration = {"well", "behind", "doubtful"})
        String state,

        @Schema(description = "What is wrong, in words.") List<String> findings,
        List<Pipeline> pipelines,
        List<SourceView> sources,

        @Schema(description = "Checks of the books that do not agree, of all there were.", examples = "0")
        long mismatches,

        @Schema(description = "Parts of transactions that no decoder understands.", examples = "0")
        long quarantined,

        @Schema(description = "Events of a name or layout that we do not know.", examples = "0")
        long unknownEvents,

        List<OutageView> outages,
        List<VantageView> vantages) {

    /**
     * A fold of the chain.
     *
     * @param behind checkpoints after its last that are stored
     */
    @Schema(name = "StatusPipeline")
    record Pipeline(
            @Schema(examples = "facts") String name,
            long firstCheckpoint,
            long lastCheckpoint,

            @Schema(description = "Checkpoints after its last that are stored.")
            long behind,

            Instant updatedAt) {}

    /** Where checkpoints were read. */
    @Schema(name = "StatusSource")
    record SourceView(
            @Schema(
                    enumeration = {"directory", "store", "grpc", "event-blob"},
                    examples = "grpc")
            String kind,

            @Schema(description = "Host of a server; empty for folders, whose names are nobody's business.")
            String host) {}

    /** A time in which our own network was out: nobody is blamed for it. */
    @Schema(name = "StatusOutage")
    record OutageView(Instant beganAt, Instant endedAt, long epoch, long round, String cause) {}

    /**
     * A place that asks storage nodes.
     *
     * @param unsigned entries of its log under no signed root yet
     */
    @Schema(name = "StatusVantage")
    record VantageView(
            String prover,
            String name,
            long entries,

            @Schema(description = "Under no signed root yet.")
            long unsigned,

            @Nullable Instant lastRootAt,
            boolean admitted) {}
}
