package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.SequencedMap;

/**
 * The attributes of a blob, in the order of the map; replacing a value moves its key to the end.
 *
 * @see "Move: walrus::metadata::Metadata"
 */
public record Metadata(SequencedMap<String, String> metadata) implements WalrusObject {
    public static Metadata decode(BcsReader in) {
        return new Metadata(VecMap.decode(in, BcsReader::string, BcsReader::string));
    }

    @Override
    public void encode(BcsWriter out) {
        VecMap.encode(out, metadata, BcsWriter::string, BcsWriter::string);
    }
}
