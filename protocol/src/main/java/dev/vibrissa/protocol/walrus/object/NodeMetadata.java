package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.SequencedMap;

/**
 * What an operator tells about itself. Text of strangers: never to be trusted as markup.
 *
 * @see "Move: walrus::node_metadata::NodeMetadata"
 */
public record NodeMetadata(
        String imageUrl, String projectUrl, String description, SequencedMap<String, String> extraFields)
        implements WalrusObject {
    public static NodeMetadata decode(BcsReader in) {
        return new NodeMetadata(
                in.string(), in.string(), in.string(), VecMap.decode(in, BcsReader::string, BcsReader::string));
    }

    @Override
    public void encode(BcsWriter out) {
        out.string(imageUrl);
        out.string(projectUrl);
        out.string(description);
        VecMap.encode(out, extraFields, BcsWriter::string, BcsWriter::string);
    }
}
