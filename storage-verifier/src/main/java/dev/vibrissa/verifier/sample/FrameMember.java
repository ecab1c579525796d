package dev.vibrissa.verifier.sample;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/**
 * A member of the committee that a frame is about, as the chain told of it when the frame was made.
 *
 * @param signingKey BLS12-381, compressed or not
 * @param networkKey P-256, compressed
 * @param shards ascending
 */
public record FrameMember(SuiAddress nodeId, Bytes signingKey, Bytes networkKey, List<Integer> shards) {
    public FrameMember {
        shards = List.copyOf(shards);
    }
}
