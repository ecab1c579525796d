package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One measurement: a warm-up, a time in which the API is asked, and half as long in which it is left alone. */
final class FreshnessRun {
    private final Program devnet;
    private final Program up;
    private final Arrivals arrivals;
    private final Questions questions;
    private final Duration pause;
    private final Duration patience;

    /** @param patience how long a checkpoint may take to be answered before that is a failure */
    FreshnessRun(
            Program devnet, Program up, Arrivals arrivals, Questions questions, Duration pause, Duration patience) {
        this.devnet = devnet;
        this.up = up;
        this.arrivals = arrivals;
        this.questions = questions;
        this.pause = pause;
        this.patience = patience;
    }

    /** Processors that were busy on average. */
    record Cores(double seconds, double up, double postgres, double devnet) {}

    /**
     * What came out.
     *
     * @param answer how long one answer took on average
     * @param complaints what was wrong with answers
     */
    record Measured(
            Latencies latencies,
            Duration answer,
            Cores asked,
            Cores unasked,
            ProcessUsage.Resident up,
            long postgresBytes,
            ProcessUsage.Resident devnet,
            List<String> complaints) {}

    private record Clock(long nanos, Duration up, Duration postgres, Duration devnet) {
        Cores until(Clock end) {
            double seconds = (end.nanos - nanos) / 1e9;
            return new Cores(
                    seconds,
                    share(up, end.up, seconds),
                    share(postgres, end.postgres, seconds),
                    share(devnet, end.devnet, seconds));
        }

        private static double share(Duration begin, Duration end, double seconds) {
            return end.minus(begin).toNanos() / 1e9 / seconds;
        }
    }

    Measured measure(Duration warmUp, Duration measured) throws IOException, InterruptedException {
        askFor(warmUp);
        // One ahead of the newest: it is sent after the clock was read.
        long first = arrivals.newest() + 2;
        var begin = clock();
        askFor(measured);
        var end = clock();
        long last = arrivals.newest();
        questions.askUntil(newest -> newest >= last, arrivals, pause, patience);
        var left = clock();
        Thread.sleep(measured.dividedBy(2));
        var unasked = left.until(clock());
        var resident = ProcessUsage.resident(up.handle());
        long postgres = ProcessUsage.sharedFairlyBytes(up.handle());
        long afterwards = arrivals.newest();
        questions.askUntil(newest -> newest >= afterwards, arrivals, pause, patience);
        if (arrivals.fault().isPresent()) {
            throw new IOException(arrivals.fault().get());
        }
        Latencies latencies;
        try {
            latencies = Latencies.of(arrivals.nanos(), questions.answers(), first, last);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e); // the chain stood still, or was not followed
        }
        return new Measured(
                latencies,
                questions.meanDuration(),
                begin.until(end),
                unasked,
                resident,
                postgres,
                ProcessUsage.resident(devnet.handle()),
                complaints(questions.ask()));
    }

    private void askFor(Duration period) throws IOException, InterruptedException {
        long until = System.nanoTime() + period.toNanos();
        questions.askUntil(_ -> System.nanoTime() - until >= 0, arrivals, pause, period.plus(patience));
    }

    private Clock clock() throws IOException {
        return new Clock(
                System.nanoTime(),
                ProcessUsage.cpu(up.handle()),
                ProcessUsage.cpuOfDescendants(up.handle()),
                ProcessUsage.cpu(devnet.handle()));
    }

    private List<String> complaints(JsonNode network) {
        var complaints = new ArrayList<>(questions.complaints());
        var ranges = network.path("history").path("verification");
        if (ranges.size() != 1 || !ranges.path(0).path("verified").asText().equals("certificate")) {
            complaints.add("verification of the whole range is " + ranges);
        }
        if (network.path("quarantined").asLong(-1) != 0) {
            complaints.add("%s parts are quarantined".formatted(network.path("quarantined")));
        }
        return List.copyOf(complaints);
    }
}
