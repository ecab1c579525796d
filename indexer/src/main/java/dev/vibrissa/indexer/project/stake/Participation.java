package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.bcs.Bytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** How many certificates of blobs each member of a committee signed: counted as they come, by its place in the committee. */
final class Participation {
    private static final int BLOB_CERTIFICATE = 1;

    private long certificates;
    private long lastCheckpoint;
    /** By position, as long as the longest bitmap. */
    private long[] signed = new long[0];

    private Participation() {}

    static void count(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var byEpoch = new TreeMap<Long, Participation>();
        for (CheckpointFacts each : batch) {
            for (TransactionFacts transaction : each.transactions()) {
                for (CertificateFact certificate : transaction.certificates()) {
                    if (certificate.messageType() == BLOB_CERTIFICATE) {
                        byEpoch.computeIfAbsent(certificate.walrusEpoch(), _ -> new Participation())
                                .add(each.sequenceNumber(), certificate.signersBitmap());
                    }
                }
            }
        }
        for (var each : byEpoch.entrySet()) {
            each.getValue().write(db, each.getKey());
        }
    }

    private void add(long checkpoint, Bytes bitmap) {
        certificates++;
        lastCheckpoint = checkpoint;
        int positions = bitmap.length() * Byte.SIZE;
        if (positions > signed.length) {
            signed = Arrays.copyOf(signed, positions);
        }
        for (int i = 0; i < positions; i++) {
            signed[i] += bitmap.at(i / Byte.SIZE) >> (i % Byte.SIZE) & 1;
        }
    }

    private void write(Connection db, long epoch) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into participation as p (epoch, certificates, signed, last_checkpoint) values (?, ?, ?, ?)
                on conflict (epoch) do update set
                  certificates = p.certificates + excluded.certificates,
                  signed = (select array_agg(coalesce(a, 0) + coalesce(b, 0) order by i)
                    from unnest(p.signed, excluded.signed) with ordinality as sum (a, b, i)),
                  last_checkpoint = excluded.last_checkpoint
                """)) {
            upsert.setLong(1, epoch);
            upsert.setLong(2, certificates);
            upsert.setArray(
                    3, db.createArrayOf("bigint", LongStream.of(signed).boxed().toArray()));
            upsert.setLong(4, lastCheckpoint);
            upsert.executeUpdate();
        }
    }
}
