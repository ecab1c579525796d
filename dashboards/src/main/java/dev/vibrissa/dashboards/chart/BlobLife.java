package dev.vibrissa.dashboards.chart;

import java.util.List;
import java.util.OptionalLong;

/** The life of a blob: one lane an object over Walrus epochs, a line where the answer stands. What lies after it is paler. */
public final class BlobLife {
    private static final int WIDTH = 760;
    private static final int LEFT = 150;
    private static final int ROW = 34;
    private static final int TOP = 26;
    private static final int MOST_LANES = 8;

    /**
     * An object that holds the blob.
     *
     * @param certifiedEpoch empty while it is not certified
     * @param endEpoch exclusive
     */
    public record Lane(
            String kind,
            String id,
            long registeredEpoch,
            OptionalLong certifiedEpoch,
            long endEpoch,
            boolean deleted,
            boolean alive) {}

    private final Axis axis;

    private BlobLife(Axis axis) {
        this.axis = axis;
    }

    /**
     * @param lanes the first {@value #MOST_LANES} are drawn
     * @param epoch the answer's
     */
    public static Drawing draw(List<Lane> lanes, OptionalLong epoch) {
        var shown = lanes.subList(0, Math.min(MOST_LANES, lanes.size()));
        long from =
                Math.min(shown.stream().mapToLong(Lane::registeredEpoch).min().orElse(0), epoch.orElse(Long.MAX_VALUE));
        long until = Math.max(shown.stream().mapToLong(Lane::endEpoch).max().orElse(1), epoch.orElse(0) + 1);
        return new BlobLife(new Axis(from, until, LEFT, WIDTH - 24)).all(shown, epoch);
    }

    private Drawing all(List<Lane> lanes, OptionalLong epoch) {
        long from = (long) axis.low();
        long until = (long) axis.high();
        int height = TOP + ROW * lanes.size() + 24;
        var drawing = new Drawing(
                WIDTH,
                height,
                "Life of the blob over epochs %d to %d, %d objects".formatted(from, until, lanes.size()));
        long step = Math.max(1, (until - from + 9) / 10);
        for (long tick = from; tick <= until; tick += step) {
            drawing.line("grid", axis.at(tick), TOP, axis.at(tick), height - 20)
                    .text("tick", axis.at(tick), height - 6, "middle", Long.toString(tick));
        }
        for (int i = 0; i < lanes.size(); i++) {
            lane(drawing, lanes.get(i), TOP + ROW * i, epoch.orElse(until));
        }
        epoch.ifPresent(now -> drawing.line("now", axis.at(now), 14, axis.at(now), height - 20)
                .text("strong", axis.at(now), 10, "middle", "as of " + now));
        return drawing;
    }

    private void lane(Drawing drawing, Lane lane, int y, long now) {
        drawing.text("name", 0, y + 11, "start", lane.kind()).text("tick mono", 0, y + 24, "start", lane.id());
        String over = lane.deleted() || !lane.alive() ? " over" : "";
        bar(drawing, "registered" + over, lane.registeredEpoch(), lane.endEpoch(), now, y);
        if (lane.certifiedEpoch().isPresent()) {
            long certified = lane.certifiedEpoch().getAsLong();
            bar(drawing, "certified" + over, certified, lane.endEpoch(), now, y);
            drawing.circle("mark done", axis.at(certified), y + 11, 4, "certified in epoch " + certified);
        } else {
            drawing.circle(
                    "mark",
                    axis.at(lane.registeredEpoch()),
                    y + 11,
                    4,
                    "registered in epoch " + lane.registeredEpoch());
        }
        double end = axis.at(lane.endEpoch());
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
