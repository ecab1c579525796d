package dev.vibrissa.verifier.round;

import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Draws;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import dev.vibrissa.verifier.sample.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a round asks, in which order. A wave puts a few questions to every member at once: to one member about several
 * blobs, so that whoever would have to fetch them from others pays in time; to all members within the same minute, so
 * that our own faults show as everybody's.
 */
public final class Waves {
    /** Head of an answer, or of a sliver: what a request costs at least. */
    private static final int OVERHEAD_BYTES = 512;

    /** A node of a Merkle path, 33 bytes, for each of up to 16 levels. */
    private static final int PATH_BYTES = 16 * 33;

    private Waves() {}

    /**
     * All draws of a round that its budgets allow, by wave.
     *
     * @param blobs of the frame, by the positions that were drawn
     */
    public static List<List<Draw>> of(
            Frame frame, RoundRecord round, EncodingConfig config, Map<Long, FrameBlob> blobs) {
        var waves = new ArrayList<List<Draw>>();
        var draws = new Draws(frame, new Seed(round.seed()));
        int requests = Method.of(round.methodology()).attempts() + 1;
        for (int member = 0; member < frame.members().size(); member++) {
            long left = round.bytesLeft().get(member);
            long requestsLeft = round.requestsLeft().get(member);
            for (Draw draw : draws.of(member, round.plan())) {
                long bytes = bytes(draw.depth(), config, blob(blobs, draw));
                // By size and order alone, never by what came back: no bias but against size, and recorded.
                if (bytes > left || requests > requestsLeft) {
                    continue;
                }
                left -= bytes;
                requestsLeft -= requests;
                int wave = wave(draw, round);
                while (waves.size() <= wave) {
                    waves.add(new ArrayList<>());
                }
                waves.get(wave).add(draw);
            }
        }
        return waves;
    }

    private static FrameBlob blob(Map<Long, FrameBlob> blobs, Draw draw) {
        FrameBlob blob = blobs.get(draw.position());
        if (blob == null) {
            throw new IllegalArgumentException("no blob at %d of the frame".formatted(draw.position()));
        }
        return blob;
    }

    /** In which wave a draw is asked: depth after depth, the cheap ones first. */
    static int wave(Draw draw, RoundRecord round) {
        int before = 0;
        for (Depth depth : Depth.values()) {
            if (depth == draw.depth()) {
                break;
            }
            before += -Math.floorDiv(-round.plan().of(depth), round.waveSize());
        }
        return before + draw.ordinal() / round.waveSize();
    }

    /** What the metadata of a blob costs at most: two roots, each with its kind, of every pair. */
    static long metadataBytes(EncodingConfig config) {
        return OVERHEAD_BYTES + config.shards() * 66L;
    }

    /** What an answer costs at most. */
    static long bytes(Depth depth, EncodingConfig config, FrameBlob blob) {
        int symbolBytes = config.symbolBytes(blob.sizeBytes());
        return OVERHEAD_BYTES
                + switch (depth) {
                    case CLAIM -> 0;
                    case SYMBOL -> symbolBytes + PATH_BYTES;
                    case SLIVER -> config.sliverBytes(SliverType.PRIMARY, symbolBytes);
                };
    }
}
