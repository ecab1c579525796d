package dev.vibrissa.api.certificate;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads certificates and names their signers. */
final class CertificateQueries {
    private final Snapshot db;
    private final Map<Long, List<Signer>> committees = new HashMap<>();

    CertificateQueries(Snapshot db) {
        this.db = db;
    }

    private record Signer(SuiAddress nodeId, int weight) {}

    record Filter(@Nullable Long epoch, @Nullable Integer messageType) {}

    List<CertificateView> list(Moment moment, Filter filter, PageRequest page) {
        return db.list(
                """
                select f.*, c.checkpoint_at
                from certificate f
                cross join lateral (select checkpoint_at from checkpoint where sequence_number = f.checkpoint limit 1) c
                where (?::bigint is null or f.walrus_epoch = ?)
                  and (?::integer is null or f.message_type = ?)
                  and f.checkpoint <= ?
                  and (f.checkpoint, f.tx_index, f.command_index) > (?, ?, ?)
                order by f.checkpoint, f.tx_index, f.command_index
                limit ?
                """,
                this::view,
                filter.epoch(),
                filter.epoch(),
                filter.messageType(),
                filter.messageType(),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterNumber(2, -1),
                page.fetch());
    }

    private CertificateView view(Row row) throws SQLException {
        long epoch = row.number("walrus_epoch");
        var positions = positions(row.bytes("signers_bitmap"));
        var committee = committees.computeIfAbsent(epoch, this::committee);
        boolean known = !positions.isEmpty() && positions.getLast() < committee.size();
        var signers = known ? positions.stream().map(committee::get).toList() : null;
        return new CertificateView(
                row.number("checkpoint"),
                row.instant("checkpoint_at"),
                row.digest("tx_digest"),
                row.integer("tx_index"),
                row.integer("command_index"),
                epoch,
                row.integer("message_type"),
                signers == null
                        ? null
                        : (Integer) signers.stream().mapToInt(Signer::weight).sum(),
                signers == null ? null : signers.stream().map(Signer::nodeId).toList(),
                positions,
                HexFormat.of().formatHex(row.bytes("message")),
                HexFormat.of().formatHex(row.bytes("signature")));
    }

    private List<Signer> committee(long epoch) {
        return db.list(
                "select node_id, weight from committee_member where epoch = ? order by position",
                row -> new Signer(row.address("node_id"), row.integer("weight")),
                epoch);
    }

    /** Bit i, lowest first within each byte, stands for member i. */
    static List<Integer> positions(byte[] bitmap) {
        var positions = new ArrayList<Integer>();
        for (int i = 0; i < bitmap.length * 8; i++) {
            if ((bitmap[i / 8] >> (i % 8) & 1) == 1) {
                positions.add(i);
            }
        }
        return List.copyOf(positions);
    }
}
