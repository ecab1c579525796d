package dev.vibrissa.api.audit;

import dev.vibrissa.api.operator.Punctuality;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Answers about audits. */
final class AuditViews {
    private AuditViews() {}

    @Schema(name = "Prover", description = "A vantage that audits, and how far its log goes.")
    record ProverView(
            @Schema(description = "Ed25519 key in hex: what ./vibrissa verify-log --key takes.")
            String prover,

            @Schema(examples = "here") String name,

            @Schema(description = "Null: heard, but its word does not count.") @Nullable
            Instant admittedAt,

            @Schema(description = "From then on its word no longer counts; null: not revoked.") @Nullable
            Instant revokedAt,

            @Schema(description = "Entries in its log.", examples = "412")
            long entries,

            @Schema(description = "Entries under a signed root.", examples = "400")
            long signed,

            Instant lastRootAt) {}

    @Schema(name = "LogLine", description = "An entry of a log.")
    record LogLine(
            @Schema(examples = "17") long sequence,
            Instant at,

            @Schema(
                    enumeration = {
                        "BEGIN",
                        "FRAME",
                        "ROUND",
                        "PROBE",
                        "OUTAGE",
                        "QUORUM",
                        "CONTRADICTION",
                        "MAINTENANCE",
                        "ROOT"
                    })
            String kind,

            @Schema(description = "SHA-256 of the line in UTF-8, in hex.")
            String hash,

            @Schema(description = "Exactly as it was hashed.")
            String line) {}

    @Schema(name = "LogEvidence", description = "Where something stands in a log.")
    record LogEvidence(
            @Schema(description = "Ed25519 key of the log, in hex.")
            String prover,

            LogLine entry,

            @Schema(description = "The entry with the signed root above it; null while there is none.") @Nullable
            LogLine root) {}

    @Schema(name = "LogRoot", description = "A signed root of a run of entries.")
    record RootView(
            @Schema(examples = "401") long sequence,
            Instant at,

            @Schema(description = "First entry below it.", examples = "201")
            long first,

            @Schema(description = "Last entry below it.", examples = "400")
            long last,

            @Schema(description = "Of the hash tree over the lines, in hex.")
            String root,

            @Schema(description = "Ed25519, in hex.") String signature,
            @Schema(description = "The entry itself.") String line) {}

    @Schema(name = "Frame", description = "All that may be asked in an epoch, published before any seed.")
    record FrameView(
            @Schema(examples = "2") long epoch,
            @Schema(examples = "v1") String methodology,

            @Schema(description = "Of the hash tree over the blobs, in hex.")
            String root,

            @Schema(examples = "41") long blobs,
            @Schema(examples = "5") int members,

            @Schema(description = "The state of the chain that it was read from.", examples = "1054")
            long observedCheckpoint,

            @Schema(description = "Checkpoint that seeds round 0.", examples = "1062")
            long firstSeedHeight,

            @Schema(description = "Checkpoints from one seed to the next.", examples = "25")
            long seedInterval,

            Instant publishedAt,
            @Schema(description = "Whose log it stands in.") String prover,
            @Schema(examples = "1") long logSequence) {}

    @Schema(name = "FrameEvent", description = "A frame as it is published: signed, before any seed exists.")
    record FrameEvent(
            @Schema(examples = "2") long epoch,

            @Schema(description = "Of the hash tree over the blobs, in hex.")
            String root,

            @Schema(examples = "41") long blobs,
            @Schema(examples = "1054") long observedCheckpoint,

            @Schema(description = "Checkpoint that seeds round 0.", examples = "1062")
            long firstSeedHeight,

            @Schema(examples = "25") long seedInterval,

            @Schema(description = "Ed25519, in hex, of the root entry above it.")
            String signature,

            LogEvidence evidence) {}

    @Schema(name = "FrameAnswer")
    record FrameAnswer(
            AsOf asOf,
            FrameView frame,

            @Schema(
                    implementation = Object.class,
                    description = "The record as it stands in the log: strata, members with keys and shards.")
            Object record,

            LogEvidence evidence) {}

    @Schema(name = "Round", description = "What was drawn by one seed, and how far it was asked.")
    record RoundView(
            @Schema(description = "Epoch, number and prover.")
            String id,

            @Schema(examples = "2") long epoch,
            @Schema(examples = "0") long round,
            String prover,
            @Schema(examples = "1062") long seedHeight,

            @Schema(description = "Digest of the checkpoint that seeds it; null: missed.") @Nullable
            Digest seedDigest,

            @Schema(
                    description = "Missed: we were not there, and it is never made up for.",
                    enumeration = {"running", "done", "missed"})
            String state,

            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Schema(examples = "80") int draws,

            @Schema(description = "Draws that the budgets allowed.", examples = "80")
            int asked) {}

    @Schema(name = "RoundAnswer")
    record RoundAnswer(
            AsOf asOf,
            RoundView round,

            @Schema(description = "What the probes came to, by the vantage's own word and after the quorum.")
            List<Count> counts,

            @Schema(description = "Waves in which we could not tell.")
            List<OutageView> outages,

            @Schema(
                    implementation = Object.class,
                    description = "The record as it stands in the log: seed, plan, budgets; null: missed.")
            @Nullable
            Object record,

            @Nullable LogEvidence evidence) {}

    @Schema(name = "ProbeCount")
    record Count(
            @Schema(enumeration = {"CLAIM", "SYMBOL", "SLIVER"})
            String depth,

            @Schema(examples = "served") String verdict,

            @Schema(
                    description = "Whom this vantage blames by its own word; null: all is well.",
                    enumeration = {"NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT"})
            @Nullable
            String ownBlame,

            @Schema(
                    description = "Whom it comes to after a quorum of vantages was heard: the same, where none found"
                            + " anything. Null: all is well.",
                    enumeration = {"NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT"})
            @Nullable
            String blame,

            @Schema(description = "In the score by this vantage's word alone; claims never are.")
            boolean countsAlone,

            @Schema(description = "In the score, by that or by what a quorum found.")
            boolean counts,

            @Schema(examples = "16") long probes) {}

    @Schema(name = "Outage")
    record OutageView(
            Instant beganAt,
            Instant endedAt,

            @Schema(enumeration = {"CONTROLS_UNREACHABLE", "MASS_FAILURE"})
            String cause) {}

    @Schema(name = "Probe", description = "A draw that was asked, as judged.")
    record ProbeView(
            @Schema(description = "16 bytes in hex.") String probeId,
            @Schema(examples = "2") long epoch,
            @Schema(description = "Id of its round.") String round,

            @Schema(description = "Which vantage asked, by its key.")
            String prover,

            SuiAddress nodeId,
            BlobId blobId,
            @Schema(examples = "17") int shard,

            @Schema(
                    description = "A signed claim, a symbol with its path, or a whole sliver.",
                    enumeration = {"CLAIM", "SYMBOL", "SLIVER"})
            String depth,

            Instant askedAt,

            @Schema(description = "What it was asked and judged together with.", examples = "3")
            int wave,

            @Schema(
                    enumeration = {
                        "served",
                        "slow",
                        "missing",
                        "corrupt",
                        "wrong-identity",
                        "unreachable",
                        "refused-by-policy",
                        "epoch-skew",
                        "inconclusive"
                    })
            String verdict,

            @Schema(
                    description = "Whose doing it is; null: all is well.",
                    enumeration = {"NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT"})
            @Nullable
            String blame,

            @Schema(description = "In the score, by this vantage's word alone.")
            boolean counts,

            @Schema(
                    description =
                            "What several vantages together make of it; then that is in the score. Null: nothing, or not yet.")
            @Nullable
            QuorumView quorum,

            @Schema(description = "The node had signed that it has the blob.")
            boolean contradicted,

            @Schema(description = "What the last attempt came to, in the words of the log.", examples = "PROVEN")
            String said,

            @Schema(examples = "1") int attempts,

            @Schema(description = "Milliseconds of the last attempt.", examples = "118")
            int millis,

            @Schema(description = "Of all attempts.", examples = "1376")
            long bodyBytes,

            @Schema(description = "Chance of this blob and shard in one draw.", examples = "0.0009")
            double inclusion,

            @Schema(examples = "5") long logSequence) {}

    @Schema(name = "QuorumFinding", description = "What several vantages made of a draw that one got no answer to.")
    record QuorumView(
            @Schema(enumeration = {"NODE", "NETWORK"}) String blame,

            @Schema(description = "Whose words it rests on.", examples = "3")
            int vantages,

            Instant foundAt) {}

    @Schema(name = "ProbeAnswer")
    record ProbeAnswer(
            AsOf asOf,
            ProbeView probe,

            @Schema(
                    implementation = Object.class,
                    description = "The record as it stands in the log: draw, every attempt, circumstances, verdict.")
            Object record,

            LogEvidence evidence) {}

    @Schema(name = "FailedProbe", description = "A probe that was not served, with the raw reasons.")
    record FailureView(ProbeView probe, List<Attempt> attempts) {}

    @Schema(name = "ProbeAttempt")
    record Attempt(
            Instant askedAt,

            @Schema(description = "Whom we asked: around an epoch change also the shard's next owner.")
            String nodeId,

            @Schema(description = "Host and port as on the chain.", examples = "node.example.com:9185")
            String address,

            @Schema(description = "Where we connected to; null: nowhere.") @Nullable
            String peer,

            @Schema(description = "Said under the node's key of the chain.")
            boolean pinned,

            @Schema(description = "Of HTTP; null: no answer.", examples = "404") @Nullable
            Integer status,

            @Schema(examples = "NOT_FOUND") String said,

            @Schema(description = "What was seen, with its numbers.")
            String detail,

            @Schema(description = "SHA-256 of the body that was judged, in hex.") @Nullable
            String bodyDigest,

            @Schema(description = "ISO 8601 duration.", examples = "PT0.118S")
            String total) {}

    @Schema(
            name = "ShardAvailability",
            description =
                    "What one shard's slivers of a blob came to for one vantage: all ask the same. Claims do not count.")
    record ShardView(
            @Schema(examples = "17") int shard,
            @Schema(description = "Who was asked last.") SuiAddress nodeId,

            @Schema(description = "Null: never.") @Nullable Instant firstProvenAt,

            @Schema(description = "Null: never.") @Nullable Instant lastProvenAt,

            @Schema(description = "Probes that were served.", examples = "2")
            long proven,

            @Schema(description = "Probes that were not, whoever is to blame.", examples = "0")
            long notProven,

            Instant lastAskedAt,
            String lastProbeId,
            @Schema(examples = "served") String lastVerdict,
            @Nullable String lastBlame) {}

    @Schema(name = "Score", description = "What is known of an operator, window by window: never one number alone.")
    record ScoreAnswer(
            AsOf asOf,
            SuiAddress nodeId,
            List<ScoreWindow> windows,

            @Schema(description = "How soon it reported its shards ready, by the chain: no probe tells that.")
            Punctuality punctuality,

            @Schema(description = "Announced by the operator; failures in it are listed and counted all the same.")
            List<MaintenanceView> maintenance) {}

    @Schema(name = "ScoreWindow")
    record ScoreWindow(
            @Schema(enumeration = {"epoch", "30d", "all"}) String window,

            @Schema(description = "The last one in the window.", examples = "2")
            long epoch,

            Instant computedAt,
            @Schema(examples = "v1") String methodology,

            @Schema(description = "Scored probes: served and failed.", examples = "118")
            long probes,

            @Schema(
                    description =
                            "Said instead of a rank while there are fewer than the method asks for; null: enough.",
                    examples = "too few probes (118)")
            @Nullable
            String tooFew,

            @Nullable RankRange ranks,

            @Schema(
                    implementation = Object.class,
                    description = "The score as stored: counts by verdict, lower bound, interval, effective n, hours,"
                            + " trend, latencies.")
            Object score) {}

    @Schema(name = "PastScore", description = "A score as it was after a round.")
    record PastScore(
            Instant computedAt,

            @Schema(description = "The last one in the window.", examples = "2")
            long epoch,

            @Schema(examples = "v1") String methodology,

            @Schema(description = "Scored probes that were served.", examples = "118")
            long served,

            @Schema(examples = "2") long failed,

            @Schema(description = "Whether there are as many as the method asks for.")
            boolean enough,

            @Schema(description = "The bound that ranks: the 5 % quantile of Beta.", examples = "0.9485")
            double lowerBound,

            @Schema(description = "Wilson's 95 % interval.", examples = "0.9413")
            double low,

            @Schema(examples = "0.9954") double high,

            @Schema(
                    description =
                            "What it was made of, and what was seen beside: between two scores this is what moved.")
            List<VerdictCount> verdicts) {}

    @Schema(name = "VerdictCount", description = "Probes of one kind in the window of a score.")
    record VerdictCount(
            @Schema(enumeration = {"CLAIM", "SYMBOL", "SLIVER"})
            String depth,

            @Schema(
                    description = "As of a probe; followed by -by-quorum where several vantages found it.",
                    examples = "missing")
            String verdict,

            @Schema(
                    description = "Null: all is well.",
                    enumeration = {"NODE", "NODE_OR_NETWORK", "NETWORK", "PROBER", "CHAIN", "POLICY", "CLIENT"})
            @Nullable
            String blame,

            @Schema(description = "In the score; claims never are.")
            boolean scored,

            @Schema(examples = "31") long probes) {}

    @Schema(name = "RankedScore", description = "A member of a committee in the order of the bound that ranks.")
    record RankedScore(
            SuiAddress nodeId,
            @Nullable String name,

            @Schema(description = "Shards.", examples = "10")
            long weight,

            @Schema(enumeration = {"epoch", "30d", "all"}) String window,
            @Schema(examples = "2") long epoch,
            Instant computedAt,
            @Schema(examples = "v1") String methodology,

            @Schema(description = "Scored probes that were served.", examples = "118")
            long served,

            @Schema(examples = "2") long failed,

            @Schema(description = "Whether there are as many as the method asks for; else nobody is ranked.")
            boolean enough,

            @Schema(description = "The bound that ranks: the 5 % quantile of Beta.", examples = "0.9485")
            double lowerBound,

            @Schema(description = "Wilson's 95 % interval.", examples = "0.9413")
            double low,

            @Schema(examples = "0.9954") double high,

            @Schema(
                    description =
                            "Share of all its slivers that this stands for: each probe weighs one over its chance."
                                    + " Null: no scored probe.",
                    examples = "0.9871")
            @Nullable
            Double weighted,

            @Nullable RankRange ranks) {}

    @Schema(
            name = "NetworkAvailability",
            description = "How much of what a committee must keep it would serve, as audits estimate it.")
    record NetworkAvailability(
            AsOf asOf,
            @Schema(enumeration = {"epoch", "30d", "all"}) String window,
            @Schema(examples = "2") long epoch,

            @Schema(description = "Of its committee.", examples = "5")
            long members,

            @Schema(description = "Those with a scored probe.", examples = "5")
            long measured,

            @Schema(description = "Scored probes that were served.", examples = "1508")
            long served,

            @Schema(examples = "31") long failed,

            @Schema(description = "Plain share of the probes; null: none.", examples = "0.9799") @Nullable
            Double estimate,

            @Schema(
                    description = "Within a member each probe weighs one over its chance (Horvitz–Thompson), between"
                            + " members their shards do; null: nobody was measured.",
                    examples = "0.9982")
            @Nullable
            Double weighted,

            @Schema(
                    description =
                            "Of the weighted share, the 95 % interval that the method's networkEstimate describes;"
                                    + " null: nobody was measured.",
                    examples = "0.9951")
            @Nullable
            Double low,

            @Schema(examples = "0.9994") @Nullable Double high,

            @Schema(description = "What is not in it.") String note) {}

    @Schema(
            name = "RankRange",
            description =
                    "Among operators with enough probes in the same window: one more than those whose interval lies"
                            + " wholly above, to all but those whose interval lies wholly below.")
    record RankRange(
            @Schema(examples = "1") long best,
            @Schema(examples = "4") long worst,
            @Schema(examples = "5") long of) {}

    @Schema(name = "Maintenance")
    record MaintenanceView(
            Instant beganAt,
            Instant endedAt,
            String reason,
            @Schema(enumeration = {"operator", "admin"}) String declaredBy) {}

    @Schema(name = "HourLatency", description = "How long it took until probes of one hour were proven.")
    record HourLatency(
            Instant hour,
            @Schema(examples = "2") long epoch,

            @Schema(enumeration = {"CLAIM", "SYMBOL", "SLIVER"})
            String depth,

            @Schema(description = "Probes that were served.", examples = "8")
            long served,

            List<Bucket> millis,

            @Schema(description = "Milliseconds by MiB, of bodies of at least 4 KiB.")
            List<Bucket> millisPerMib) {}

    @Schema(name = "LatencyBucket")
    record Bucket(
            @Schema(description = "More than four fifths of it, and at most this.", examples = "108.4202")
            double atMost,

            @Schema(examples = "3") long probes) {}

    @Schema(name = "Methodologies")
    record MethodologyAnswer(
            AsOf asOf,

            @Schema(description = "The version of the newest frame; before there is one, the newest version.")
            String current,

            List<VersionView> versions) {}

    @Schema(name = "MethodologyVersion")
    record VersionView(
            @Schema(examples = "v1") String version,

            @Schema(description = "Of /v1/methodology/{version}, byte by byte, in hex.")
            String sha256,

            @Schema(description = "First epoch that was audited by it; null: none.", examples = "2") @Nullable
            Long since,

            @Schema(implementation = Object.class, description = "The method itself.")
            Object document) {}
}
