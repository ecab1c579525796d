package dev.vibrissa.api.evidence;

import com.github.luben.zstd.Zstd;
import dev.vibrissa.api.evidence.EvidenceViews.HandOver;
import dev.vibrissa.api.evidence.EvidenceViews.Signature;
import dev.vibrissa.api.evidence.EvidenceViews.SuiCommittee;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.proof.Evidence;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Puts evidence together from what was kept of its checkpoint and transaction. */
final class EvidenceQueries {
    private EvidenceQueries() {}

    /** Empty if there is no such event, or it came without its checkpoint. */
    static Optional<Evidence> ofEvent(Snapshot db, Digest transaction, int walrusOrdinal, long untilCheckpoint) {
        return db.first("""
                select c.*, t.digest, t.effects_bcs, t.events_bcs, e.sui_event_index
                from event e
                join transaction t on t.digest = e.tx_digest
                join checkpoint_evidence c on c.checkpoint = e.checkpoint
                where e.tx_digest = ? and e.walrus_ordinal = ? and e.checkpoint <= ?
                  and e.sui_event_index is not null and t.events_bcs is not null
                """, EvidenceQueries::read, transaction, walrusOrdinal, untilCheckpoint);
    }

    private static Evidence read(Row row) throws SQLException {
        byte[] contents = row.bytes("contents_zstd");
        return new Evidence.EventEvidence(
                new Evidence.Anchor(
                        Bytes.of(row.bytes("summary_bcs")),
                        new AuthoritySignature(
                                row.number("signature_epoch"),
                                Bytes.of(row.bytes("signature")),
                                Bytes.of(row.bytes("signers_bitmap"))),
                        // We compressed it ourselves, in one frame that names its size.
                        Bytes.of(Zstd.decompress(contents, (int) Zstd.getFrameContentSize(contents))),
                        row.digest("digest"),
                        Bytes.of(row.bytes("effects_bcs"))),
                Bytes.of(row.bytes("events_bcs")),
                row.integer("sui_event_index"));
    }

    /** How trust comes from the oldest committee we know to the one that signed this checkpoint. */
    static List<HandOver> handOvers(Snapshot db, long untilCheckpoint) {
        return db.list(
                """
                select e.* from sui_committee s
                join (
                  select checkpoint, summary_bcs, signature_epoch, signature, signers_bitmap from checkpoint_evidence
                  union
                  select * from hand_over_evidence) e on e.checkpoint = s.checkpoint
                where s.sui_epoch <= (select sui_epoch from checkpoint where sequence_number = ?)
                order by s.sui_epoch
                """,
                row -> new HandOver(
                        row.number("checkpoint"),
                        base64(row, "summary_bcs"),
                        new Signature(
                                row.number("signature_epoch"),
                                base64(row, "signature"),
                                base64(row, "signers_bitmap"))),
                untilCheckpoint);
    }

    private static String base64(Row row, String column) throws SQLException {
        return Base64.getEncoder().encodeToString(row.bytes(column));
    }

    /** The committees of the Sui epochs that signed these checkpoints, as far as they are known. */
    static List<SuiCommittee> committees(Snapshot db, long firstCheckpoint, long lastCheckpoint) {
        return db.list(
                """
                select * from sui_committee
                where sui_epoch between
                  (select sui_epoch from checkpoint where sequence_number = ?) and
                  (select sui_epoch from checkpoint where sequence_number = ?)
                order by sui_epoch
                """,
                row -> new SuiCommittee(
                        row.number("sui_epoch"),
                        row.text("trust"),
                        Base64.getEncoder().encodeToString(row.bytes("committee_bcs"))),
                firstCheckpoint,
                lastCheckpoint);
    }
}
