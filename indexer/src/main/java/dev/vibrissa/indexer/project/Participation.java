package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** How many certificates each member signed, epoch by epoch: the table {@code participation}. */
final class Participation {
    private final Map<Long, Counts> added = new TreeMap<>();

    /** @param signed by position in the committee; members beyond its end signed none */
    private record Counts(long certificates, long[] signed) {
        Counts plus(Counts other) {
            long[] longer = signed.length < other.signed.length ? other.signed : signed;
            long[] shorter = longer == signed ? other.signed : signed;
            return new Counts(
                    certificates + other.certificates,
                    IntStream.range(0, longer.length)
                            .mapToLong(i -> longer[i] + (i < shorter.length ? shorter[i] : 0))
                            .toArray());
        }
    }

    void add(CertificateFact certificate) {
        var bitmap = certificate.signersBitmap();
        long[] signed = IntStream.range(0, bitmap.length() * Byte.SIZE)
                .mapToLong(i -> bitmap.at(i / Byte.SIZE) >> (i % Byte.SIZE) & 1)
                .toArray();
        added.merge(certificate.walrusEpoch(), new Counts(1, signed), Counts::plus);
    }

    void store(Connection db) throws SQLException {
        for (var each : added.entrySet()) {
            var counts = stored(db, each.getKey()).map(each.getValue()::plus).orElse(each.getValue());
            try (PreparedStatement upsert = db.prepareStatement("""
                    insert into participation (epoch, certificates, signed) values (?, ?, ?)
                    on conflict (epoch) do update set certificates = excluded.certificates, signed = excluded.signed
                    """)) {
                upsert.setLong(1, each.getKey());
                upsert.setLong(2, counts.certificates());
                upsert.setArray(
                        3,
                        db.createArrayOf(
                                "bigint", Arrays.stream(counts.signed()).boxed().toArray()));
                upsert.executeUpdate();
            }
        }
    }

    private static Optional<Counts> stored(Connection db, long epoch) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select certificates, signed from participation where epoch = ?")) {
            select.setLong(1, epoch);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Counts(
                                row.getLong(1),
                                Arrays.stream((Long[]) row.getArray(2).getArray())
                                        .mapToLong(Long::longValue)
                                        .toArray()))
                        : Optional.empty();
            }
        }
    }
}
