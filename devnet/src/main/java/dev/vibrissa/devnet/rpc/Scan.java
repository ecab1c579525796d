package dev.vibrissa.devnet.rpc;

import com.google.protobuf.ByteString;
import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.rpc.v2.ListCheckpointsRequest;
import dev.vibrissa.rpc.v2.ListEventsRequest;
import dev.vibrissa.rpc.v2.ListTransactionsRequest;
import dev.vibrissa.rpc.v2.QueryEnd;
import dev.vibrissa.rpc.v2.QueryEnd.Reason;
import dev.vibrissa.rpc.v2.QueryOptions;
import dev.vibrissa.rpc.v2.QueryOptions.Ordering;
import dev.vibrissa.rpc.v2.Watermark;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A list over the ledger: checkpoint by checkpoint up or down, the items of each in the open interval between two
 * cursors. Every frame says how far it got; the last one why it ends.
 *
 * @param <T> what is listed
 * @param <R> the frame it travels in
 */
final class Scan<T, R> {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1_000;

    /** Checkpoints that one call reads at most, and after how many without an item it tells of its progress. */
    private static final int MAX_SCANNED = 10_000;

    private static final int PROGRESS_EVERY = 100;

    /** Something found, rendered only if it is sent. */
    record Item<T>(Position position, Supplier<T> message) {}

    @FunctionalInterface
    interface Frame<T, R> {
        R of(Optional<T> item, Watermark watermark, Optional<QueryEnd> end);
    }

    /** The checkpoints and cursors asked for. */
    record Interval(Optional<Long> startCheckpoint, Optional<Long> endCheckpoint, QueryOptions options) {
        static Interval of(ListCheckpointsRequest request) {
            return new Interval(
                    given(request.hasStartCheckpoint(), request.getStartCheckpoint()),
                    given(request.hasEndCheckpoint(), request.getEndCheckpoint()),
                    request.getOptions());
        }

        static Interval of(ListTransactionsRequest request) {
            return new Interval(
                    given(request.hasStartCheckpoint(), request.getStartCheckpoint()),
                    given(request.hasEndCheckpoint(), request.getEndCheckpoint()),
                    request.getOptions());
        }

        static Interval of(ListEventsRequest request) {
            return new Interval(
                    given(request.hasStartCheckpoint(), request.getStartCheckpoint()),
                    given(request.hasEndCheckpoint(), request.getEndCheckpoint()),
                    request.getOptions());
        }

        private static Optional<Long> given(boolean present, long checkpoint) {
            return present ? Optional.of(checkpoint) : Optional.empty();
        }
    }

    private final Checkpoints checkpoints;
    private final Function<StoredCheckpoint, List<Item<T>>> items;
    private final Frame<T, R> frame;

    private final boolean ascending;
    private final int limit;
    private final long first;
    private final long last;
    private final Position after;
    private final Position before;
    private final Reason boundary;

    private Position reached;
    private Optional<Long> covered = Optional.empty();

    Scan(
            ChainReader chain,
            Checkpoints checkpoints,
            Interval interval,
            Function<StoredCheckpoint, List<Item<T>>> items,
            Frame<T, R> frame) {
        this.checkpoints = checkpoints;
        this.items = items;
        this.frame = frame;
        var options = interval.options;
        ascending = options.getOrdering() == Ordering.ASCENDING;
        limit = options.hasLimit() ? Math.clamp(options.getLimit() & 0xffff_ffffL, 1, MAX_LIMIT) : DEFAULT_LIMIT;

        long lowest = chain.lowest();
        long tip = chain.tip();
        long from = interval.startCheckpoint.orElse(lowest);
        if (from < lowest) {
            throw Status.OUT_OF_RANGE
                    .withDescription("start_checkpoint %d is before checkpoint %d, the first that is kept"
                            .formatted(from, lowest))
                    .asRuntimeException();
        }
        long to = Math.min(interval.endCheckpoint.orElse(tip + 1), tip + 1);
        var lower = cursor(options.hasAfter(), options.getAfter(), "after");
        var upper = cursor(options.hasBefore(), options.getBefore(), "before");
        after = max(lower.orElse(Position.startOf(from)), Position.startOf(from));
        before = min(upper.orElse(Position.startOf(to)), Position.startOf(to));
        first = after.isEnd() ? after.checkpoint() + 1 : after.checkpoint();
        last = before.isStart() ? before.checkpoint() - 1 : before.checkpoint();
        boundary = boundary(interval, lower, upper, tip);
        reached = ascending ? after : before;
    }

    private static Optional<Position> cursor(boolean given, ByteString cursor, String field) {
        return given ? Optional.of(Position.parse(cursor, field)) : Optional.empty();
    }

    private static Position max(Position a, Position b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Position min(Position a, Position b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Why the scan will end if nothing ends it early. */
    private Reason boundary(Interval interval, Optional<Position> lower, Optional<Position> upper, long tip) {
        if ((ascending ? upper : lower)
                .filter((ascending ? before : after)::equals)
                .isPresent()) {
            return Reason.CURSOR_BOUND;
        }
        boolean endsAtTip = ascending
                && interval.endCheckpoint.filter(end -> end <= tip + 1).isEmpty();
        return endsAtTip ? Reason.LEDGER_TIP : Reason.CHECKPOINT_BOUND;
    }

    void write(Outbound<R> out) throws Outbound.CallerGoneException, InterruptedException {
        int sent = 0;
        int scanned = 0;
        int silent = 0;
        for (long number = ascending ? first : last; first <= number && number <= last; number += ascending ? 1 : -1) {
            if (scanned == MAX_SCANNED) {
                out.send(frame.of(Optional.empty(), watermark(), end(Reason.SCAN_LIMIT)));
                return;
            }
            for (var item : inside(number)) {
                reached = item.position;
                sent++;
                boolean full = sent == limit;
                out.send(frame.of(
                        Optional.of(item.message.get()),
                        watermark(),
                        full ? end(Reason.ITEM_LIMIT) : Optional.empty()));
                if (full) {
                    return;
                }
                silent = 0;
            }
            cover(number);
            scanned++;
            if (++silent == PROGRESS_EVERY) {
                out.send(frame.of(Optional.empty(), watermark(), Optional.empty()));
                silent = 0;
            }
        }
        out.send(frame.of(Optional.empty(), watermark(), end(boundary)));
    }

    private List<Item<T>> inside(long number) {
        var found = checkpoints
                .find(number)
                .orElseThrow(() -> Status.DATA_LOSS
                        .withDescription("checkpoint %d was dropped while it was listed".formatted(number))
                        .asRuntimeException());
        var inside = items.apply(found).stream()
                .filter(item -> item.position.compareTo(after) > 0 && item.position.compareTo(before) < 0)
                .toList();
        return ascending ? inside : inside.reversed();
    }

    /** All of a checkpoint was sent, unless the interval ends inside of it. */
    private void cover(long number) {
        Position edge = ascending ? Position.endOf(number) : Position.startOf(number);
        if (ascending ? edge.compareTo(before) < 0 : edge.compareTo(after) >= 0) {
            reached = edge;
            covered = Optional.of(number);
        } else {
            reached = ascending ? before : after;
        }
    }

    private Watermark watermark() {
        var watermark = Watermark.newBuilder().setCursor(reached.cursor());
        covered.ifPresent(watermark::setCheckpoint);
        return watermark.build();
    }

    private static Optional<QueryEnd> end(Reason reason) {
        return Optional.of(QueryEnd.newBuilder().setReason(reason).build());
    }
}
