package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** One version of one object. 73 bytes in BCS. */
public record ObjectRef(SuiAddress id, long version, Digest digest) {
    static final int BYTES = 73;

    public static ObjectRef decode(BcsReader in) {
        return new ObjectRef(SuiAddress.decode(in), in.u64(), Digest.decode(in));
    }

    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(version);
        digest.encodeWithLength(out);
    }
}
