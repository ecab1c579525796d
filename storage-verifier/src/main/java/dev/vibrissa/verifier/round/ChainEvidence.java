package dev.vibrissa.verifier.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Evidence;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.sample.Frame;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What the chain itself says of a case, for whoever trusts none of us: objects with the signed checkpoints that wrote them,
 * in the format of {@link EvidenceJson}. What we do not have is empty; anybody can look it up.
 *
 * @param committee the state of the system as the epoch began: members with their signing keys
 * @param shards the state of staking as the epoch began: members with their shards
 * @param node the node's pool as it was last before the frame: its network key
 * @param seeds checkpoints of the rounds
 * @param handOvers last checkpoints of Sui epochs, each naming the committee of the next
 */
public record ChainEvidence(
        Optional<JsonNode> committee,
        Optional<JsonNode> shards,
        Optional<JsonNode> node,
        List<Seeding> seeds,
        List<Certified> handOvers) {
    private static final String EVIDENCE = """
            select c.summary_bcs, c.signature_epoch, c.signature, c.signers_bitmap, c.contents_zstd,
              t.digest, t.effects_bcs, o.object_bcs
            from object_change o
              join transaction t on t.checkpoint = o.checkpoint and t.tx_index = o.tx_index
              join checkpoint_evidence c on c.checkpoint = o.checkpoint
            where o.object_bcs is not null and
            """;

    /** A summary with its certificate, bytes in Base64 as in evidence. */
    public record Certified(long checkpoint, String summary, Signature signature) {}

    /** As in evidence. */
    public record Signature(long epoch, String signature, String bitmap) {}

    /**
     * The checkpoint that a round was drawn from.
     *
     * @param certified empty where it was not kept: its digest can be looked up at any full node
     */
    public record Seeding(long round, long checkpoint, Digest digest, Optional<Certified> certified) {}

    public ChainEvidence {
        // A null that was read is a node of its own.
        committee = committee.filter(each -> !each.isNull());
        shards = shards.filter(each -> !each.isNull());
        node = node.filter(each -> !each.isNull());
        seeds = List.copyOf(seeds);
        handOvers = List.copyOf(handOvers);
    }

    static ChainEvidence of(Connection db, Frame frame, SuiAddress node, List<RoundRecord> rounds) throws SQLException {
        var seeds = new ArrayList<Seeding>();
        for (RoundRecord round : rounds) {
            seeds.add(new Seeding(
                    round.round(),
                    round.seedHeight(),
                    round.seedDigest(),
                    certified(db, "checkpoint = ?", round.seedHeight()).stream().findFirst()));
        }
        return new ChainEvidence(
                asTheEpochBegan(db, "Field<system_state_inner::SystemStateInnerV1>", frame.walrusEpoch()),
                asTheEpochBegan(db, "Field<staking_inner::StakingInnerV1>", frame.walrusEpoch()),
                object(
                        db,
                        "o.object_id = ? and o.checkpoint <= ? order by o.version desc limit 1",
                        node.toByteArray(),
                        frame.observedCheckpoint()),
                seeds,
                certified(
                        db,
                        """
                        checkpoint in (select s.checkpoint from sui_committee s where s.sui_epoch <=
                          (select max(sui_epoch) from checkpoint where sequence_number <= ?))
                        """,
                        rounds.stream().mapToLong(RoundRecord::seedHeight).max().orElse(frame.observedCheckpoint())));
    }

    private static Optional<JsonNode> asTheEpochBegan(Connection db, String type, long epoch) throws SQLException {
        return object(db, """
                o.type = ? and (o.checkpoint, o.tx_index) =
                  (select start_checkpoint, start_tx_index from epoch where epoch = ?)
                order by o.version desc limit 1
                """, type, epoch);
    }

    private static Optional<JsonNode> object(Connection db, String condition, Object... values) throws SQLException {
        try (var select = db.prepareStatement(EVIDENCE + condition)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                byte[] contents = row.getBytes("contents_zstd");
                var evidence = new Evidence.ObjectEvidence(
                        new Evidence.Anchor(
                                Bytes.of(row.getBytes("summary_bcs")),
                                new AuthoritySignature(
                                        row.getLong("signature_epoch"),
                                        Bytes.of(row.getBytes("signature")),
                                        Bytes.of(row.getBytes("signers_bitmap"))),
                                // We compressed it ourselves, in one frame that names its size.
                                Bytes.of(Zstd.decompress(contents, (int) Zstd.getFrameContentSize(contents))),
                                new Digest(row.getBytes("digest")),
                                Bytes.of(row.getBytes("effects_bcs"))),
                        Bytes.of(row.getBytes("object_bcs")));
                return Optional.of(AuditJson.read(EvidenceJson.write(evidence), JsonNode.class));
            }
        }
    }

    private static List<Certified> certified(Connection db, String condition, long checkpoint) throws SQLException {
        try (var select = db.prepareStatement("""
                select * from (
                  select checkpoint, summary_bcs, signature_epoch, signature, signers_bitmap from checkpoint_evidence
                  union
                  select checkpoint, summary_bcs, signature_epoch, signature, signers_bitmap from hand_over_evidence) e
                where %s order by checkpoint
                """.formatted(condition))) {
            select.setLong(1, checkpoint);
            var found = new ArrayList<Certified>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Certified(
                            row.getLong(1),
                            base64(row.getBytes(2)),
                            new Signature(row.getLong(3), base64(row.getBytes(4)), base64(row.getBytes(5)))));
                }
            }
            return found;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
