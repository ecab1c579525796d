package dev.vibrissa.verifier.round;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Counts of probes by node and hour, with their latencies in buckets whose upper bounds grow by a quarter: bucket i holds
 * what is at most 1.25^i milliseconds, so that a percentile read from it is less than a quarter too high.
 */
final class Histogram {
    static final int BUCKETS = 64;

    private static final double GROWTH = 1.25;
    private static final double MIB = 1 << 20;

    /** Below this a rate per byte says nothing but the latency. */
    private static final long LEAST_BYTES = 4 << 10;

    private Histogram() {}

    static int bucket(double millis) {
        return (int) Math.clamp(Math.ceil(Math.log(Math.max(millis, 1)) / Math.log(GROWTH)), 0, BUCKETS - 1);
    }

    /** Most milliseconds in a bucket. */
    static double upperBound(int bucket) {
        return Math.pow(GROWTH, bucket);
    }

    static void count(Connection db, ProbeRecord probe) throws SQLException {
        var last = probe.answers().getLast();
        boolean served = probe.blame().isEmpty();
        try (var insert = db.prepareStatement("""
                insert into node_hour as h (node_id, hour, walrus_epoch, depth, verdict, blame, counts, probes, bytes,
                  latency, latency_per_mib)
                values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
                on conflict (node_id, hour, walrus_epoch, depth, verdict, blame, counts) do update set
                  probes = h.probes + 1,
                  bytes = h.bytes + excluded.bytes,
                  latency = (select array_agg(a + b order by i)
                    from unnest(h.latency, excluded.latency) with ordinality as t (a, b, i)),
                  latency_per_mib = (select array_agg(a + b order by i)
                    from unnest(h.latency_per_mib, excluded.latency_per_mib) with ordinality as t (a, b, i))
                """)) {
            insert.setBytes(1, probe.nodeId().toByteArray());
            insert.setObject(
                    2,
                    probe.answers()
                            .getFirst()
                            .askedAt()
                            .truncatedTo(ChronoUnit.HOURS)
                            .atOffset(ZoneOffset.UTC));
            insert.setLong(3, probe.walrusEpoch());
            insert.setString(4, probe.draw().depth().name());
            insert.setString(5, probe.verdict());
            insert.setString(6, probe.blame().map(Enum::name).orElse(""));
            insert.setBoolean(7, probe.counts());
            long bytes = last.timing().bodyBytes();
            insert.setLong(8, bytes);
            Duration total = last.timing().total();
            double millis = total.toNanos() / 1e6;
            insert.setArray(9, db.createArrayOf("int8", one(served, millis)));
            insert.setArray(
                    10,
                    db.createArrayOf("int8", one(served && bytes >= LEAST_BYTES, millis * MIB / Math.max(bytes, 1))));
            insert.executeUpdate();
        }
    }

    private static Object[] one(boolean counts, double millis) {
        List<Long> buckets = new ArrayList<>(Collections.nCopies(BUCKETS, 0L));
        if (counts) {
            buckets.set(bucket(millis), 1L);
        }
        return buckets.toArray();
    }
}
