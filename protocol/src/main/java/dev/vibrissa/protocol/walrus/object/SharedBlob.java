package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * A blob that anybody may extend, paid from {@code funds}. The blob is inline: its own object id vanishes from the chain.
 *
 * @param funds FROST
 * @see "Move: walrus::shared_blob::SharedBlob"
 */
public record SharedBlob(SuiAddress id, Blob blob, long funds) implements WalrusObject {
    public static SharedBlob decode(BcsReader in) {
        return new SharedBlob(SuiAddress.decode(in), Blob.decode(in), in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        blob.encode(out);
        out.u64(funds);
    }
}
