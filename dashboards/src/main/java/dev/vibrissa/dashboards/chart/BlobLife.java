package dev.vibrissa.dashboards.chart;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** The life of a blob: one lane an object over Walrus epochs, a line where the answer stands. What lies after it is paler. */
public final class BlobLife {
    private static final int WIDTH = 760;
    private static final int LEFT = 150;
    private static final int ROW = 34;
    private static final int TOP = 26;
    private static final int READABLE = 26;
    private static final int MOST_LANES = 8;

    /**
     * An object that holds the blob.
     *
     * @param certifiedEpoch empty while it is not certified
     * @param endEpoch exclusive
     * @param deletedEpoch in which it was deleted; empty where it was not, or that is not known
     */
    public record Lane(
            String kind,
            String id,
            long registeredEpoch,
            OptionalLong certifiedEpoch,
            long endEpoch,
            OptionalLong deletedEpoch,
            boolean deleted,
            boolean alive,
            List<Extension> extensions) {
        /** Where its bar ends. */
        long lasts() {
            return deletedEpoch.orElse(endEpoch);
        }

        boolean isReadable(long epoch) {
            return certifiedEpoch.isPresent()
                    && certifiedEpoch.getAsLong() <= epoch
                    && epoch < (deleted && deletedEpoch.isEmpty() ? 0 : lasts());
        }
    }

    /** In an epoch its end was moved to another. */
    public record Extension(long epoch, long endEpoch) {}

    private final Axis axis;

    private BlobLife(Axis axis) {
        this.axis = axis;
    }

    /**
     * @param lanes the first {@value #MOST_LANES} are drawn
     * @param epoch the answer's
     * @param date of an epoch, in few letters; empty for none
     * @param link where the answer as of the end of an epoch is
     */
    public static Drawing draw(
            List<Lane> lanes, OptionalLong epoch, LongFunction<String> date, LongFunction<String> link) {
        var shown = lanes.subList(0, Math.min(MOST_LANES, lanes.size()));
        long from =
                Math.min(shown.stream().mapToLong(Lane::registeredEpoch).min().orElse(0), epoch.orElse(Long.MAX_VALUE));
        long until = Math.max(shown.stream().mapToLong(Lane::endEpoch).max().orElse(1), epoch.orElse(0) + 1);
        return new BlobLife(new Axis(from, until, LEFT, WIDTH - 24)).all(shown, epoch, date, link);
    }

    private Drawing all(List<Lane> lanes, OptionalLong epoch, LongFunction<String> date, LongFunction<String> link) {
        long from = (long) axis.low();
        long until = (long) axis.high();
        int height = TOP + READABLE + ROW * lanes.size() + 38;
        var drawing = new Drawing(
                WIDTH,
                height,
                "Life of the blob over epochs %d to %d, %d objects".formatted(from, until, lanes.size()));
        long step = Math.max(1, (until - from + 9) / 10);
        for (long tick = from; tick <= until; tick += step) {
            drawing.line("grid", axis.at(tick), TOP, axis.at(tick), height - 34)
                    .text("tick", axis.at(tick), height - 6, "middle", date.apply(tick));
            if (tick < epoch.orElse(until)) {
                drawing.link(
                        axis.at(tick),
                        height - 20,
                        Long.toString(tick),
                        link.apply(tick),
                        "as of the end of epoch " + tick);
            } else {
                drawing.text("tick", axis.at(tick), height - 20, "middle", Long.toString(tick));
            }
        }
        readable(drawing, lanes, from, until, epoch.orElse(until));
        for (int i = 0; i < lanes.size(); i++) {
            lane(drawing, lanes.get(i), TOP + READABLE + ROW * i, epoch.orElse(until));
        }
        epoch.ifPresent(now -> drawing.line("now", axis.at(now), 14, axis.at(now), height - 34)
                .text("strong", axis.at(now), 10, "middle", "as of " + now));
        return drawing;
    }

    /** What any object makes readable, on top: a run of epochs a bar. */
    private void readable(Drawing drawing, List<Lane> lanes, long from, long until, long now) {
        drawing.text("name", 0, TOP + 9, "start", "Readable");
        long begin = -1;
        for (long epoch = from; epoch <= until; epoch++) {
            long each = epoch;
            boolean stored = epoch < until && lanes.stream().anyMatch(lane -> lane.isReadable(each));
            if (stored && begin < 0) {
                begin = epoch;
            } else if (!stored && begin >= 0) {
                bar(drawing, "readable", begin, epoch, now, TOP - 5);
                begin = -1;
            }
        }
    }

    private void lane(Drawing drawing, Lane lane, int y, long now) {
        drawing.text("name", 0, y + 11, "start", lane.kind()).text("tick mono", 0, y + 24, "start", lane.id());
        String over = lane.deleted() || !lane.alive() ? " over" : "";
        bar(drawing, "registered" + over, lane.registeredEpoch(), lane.lasts(), now, y);
        if (lane.certifiedEpoch().isPresent()) {
            long certified = lane.certifiedEpoch().getAsLong();
            bar(drawing, "certified" + over, certified, lane.lasts(), now, y);
            drawing.circle("mark done", axis.at(certified), y + 11, 4, "certified in epoch " + certified);
        } else {
            drawing.circle(
                    "mark",
                    axis.at(lane.registeredEpoch()),
                    y + 11,
                    4,
                    "registered in epoch " + lane.registeredEpoch());
        }
        for (Extension each : lane.extensions()) {
            double at = axis.at(each.epoch());
            drawing.path(
                    "extended",
                    "M%s %dl5 6-5 6-5-6z".formatted(Drawing.n(at), y + 5),
                    "extended in epoch %d, until epoch %d begins".formatted(each.epoch(), each.endEpoch()));
        }
        double end = axis.at(lane.lasts());
        if (lane.deleted()) {
            drawing.path("gone", "M%s %dl8 8m0-8l-8 8".formatted(Drawing.n(end - 4), y + 7), "deleted");
        } else {
            drawing.line("end", end, y + 3, end, y + 19);
        }
    }

    /** What is past, and, paler, what is booked. */
    private void bar(Drawing drawing, String of, long from, long until, long now, int y) {
        long turn = Math.clamp(now, from, until);
        String words = "epochs %d to %d".formatted(from, until);
        if (turn > from) {
            drawing.rect(of, axis.at(from), y + 6, axis.at(turn) - axis.at(from), 10, words);
        }
        if (until > turn) {
            drawing.rect(of + " ahead", axis.at(turn), y + 6, axis.at(until) - axis.at(turn), 10, words);
        }
    }
}
