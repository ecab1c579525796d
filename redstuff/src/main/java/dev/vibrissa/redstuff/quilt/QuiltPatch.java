package dev.vibrissa.redstuff.quilt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What the index says of one file.
 *
 * @param tags in the order in which they are written
 * @param start first column
 * @param end column behind the last one
 */
public record QuiltPatch(String identifier, SequencedMap<String, String> tags, int start, int end) {
    public QuiltPatch {
        tags = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tags));
    }
}
