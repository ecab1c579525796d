package dev.vibrissa.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long after it was sent each checkpoint was part of an answer.
 *
 * @param sortedNanos in rising order
 * @param jumpedOver checkpoints that no answer ended with, because one that was newer came at the same time
 */
record Latencies(List<Long> sortedNanos, int jumpedOver) {

    /** An answer, and the newest checkpoint that is part of it. */
    record Answer(long nanos, long checkpoint) {}

    /**
     * Joins what was sent with the first answer that covers it.
     *
     * @param sent when each checkpoint was sent
     * @param answers in the order in which they came
     * @throws IllegalArgumentException if the range is empty, or a checkpoint of it was never sent or never answered
     */
    static Latencies of(Map<Long, Long> sent, List<Answer> answers, long first, long last) {
        if (last < first) {
            throw new IllegalArgumentException(
                    "no checkpoint was measured: the first would be %d, the last was %d".formatted(first, last));
        }
        var nanos = new ArrayList<Long>();
        int jumpedOver = 0;
        int at = 0;
        for (long checkpoint = first; checkpoint <= last; checkpoint++) {
            while (at < answers.size() && answers.get(at).checkpoint() < checkpoint) {
                at++;
            }
            var sentNanos = sent.get(checkpoint);
            if (sentNanos == null || at == answers.size()) {
                throw new IllegalArgumentException(
                        "checkpoint %d was never %s".formatted(checkpoint, sentNanos == null ? "sent" : "answered"));
            }
            nanos.add(answers.get(at).nanos() - sentNanos);
            jumpedOver += answers.get(at).checkpoint() == checkpoint ? 0 : 1;
        }
        nanos.sort(null);
        return new Latencies(List.copyOf(nanos), jumpedOver);
    }

    int count() {
        return sortedNanos.size();
    }

    /** The smallest value that so many per cent of all do not exceed (nearest rank), in milliseconds. */
    double percentileMillis(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sortedNanos.size());
        return sortedNanos.get(Math.max(1, rank) - 1) / 1e6;
    }
}
