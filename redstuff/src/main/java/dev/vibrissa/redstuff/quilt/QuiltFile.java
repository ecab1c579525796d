package dev.vibrissa.redstuff.quilt;

import java.util.List;
import java.util.SequencedMap;

/**
 * What a file says of itself, at the start of its first column.
 *
 * <p>Bytes: version 1, length of all that follows the mask (u32 little-endian), mask (bit 0: there are tags), length of the identifier
 * (u16) and its BCS, if there are tags their length (u16) and BCS, then the content.
 *
 * @param patch what the index says
 * @param mask 0 or 1
 * @param length of all that follows the mask
 * @param tags empty if there are none
 * @param contentOffset where the content begins, counted from the start of the first column
 * @param notes where it differs from the index
 */
public record QuiltFile(
        QuiltPatch patch,
        int mask,
        long length,
        String identifier,
        SequencedMap<String, String> tags,
        long contentOffset,
        long contentBytes,
        List<String> notes) {
    /** Version, length and mask. */
    static final int HEADER_BYTES = 6;

    /** Set in a mask if there are tags. */
    static final int HAS_TAGS = 1;

    public QuiltFile {
        notes = List.copyOf(notes);
    }
}
