package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;

/**
 * A validator's key and voting power.
 *
 * @param publicKey BLS12-381 key, 96 bytes, compressed G2; not checked to be a point
 * @param stake voting power; all members together have 10 000
 */
public record CommitteeMember(Bytes publicKey, long stake) {
    static final int KEY_BYTES = 96;
    static final int BYTES = 1 + KEY_BYTES + 8;

    public static CommitteeMember decode(BcsReader in) {
        return new CommitteeMember(Bytes.of(in.bytesOf(KEY_BYTES)), in.u64());
    }

    public void encode(BcsWriter out) {
        out.bytes(publicKey).u64(stake);
    }
}
