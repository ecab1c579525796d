package dev.vibrissa.redstuff.quilt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The list of files that a quilt begins with.
 *
 * <p>Bytes: version 1, length of what follows (u32 little-endian), BCS of a sequence of end column (u16), identifier, tags. Starts are not
 * written: a file starts where the one before ends, the first behind the index.
 *
 * @param bodyBytes length of the BCS
 * @param columns columns that the index takes, the five bytes before the BCS included
 * @param notes what the writer should have done otherwise
 * @see "walrus-core, src/encoding/quilt_encoding.rs and src/metadata.rs"
 */
public record QuiltIndex(long bodyBytes, int columns, List<QuiltPatch> patches, List<String> notes) {
    /** Most columns of an index. */
    public static final int MAX_COLUMNS = 10;

    /** The only version there is, the first byte of a quilt. */
    public static final int VERSION = 1;

    /** Version and length. */
    static final int PREFIX_BYTES = 5;

    private static final int MIN_PATCH_BYTES = 4;
    private static final int MAX_IDENTIFIER_BYTES = 65_535;

    public QuiltIndex {
        patches = List.copyOf(patches);
        notes = List.copyOf(notes);
    }

    /** The file of that name. */
    public Optional<QuiltPatch> find(String identifier) {
        return patches.stream()
                .filter(patch -> patch.identifier().equals(identifier))
                .findFirst();
    }

    /** The length of the BCS, from the first bytes of column 0. */
    static long bodyBytes(QuiltLayout layout, byte[] prefix) {
        if (prefix[0] != VERSION) {
            throw new QuiltFormatException("version %d, where %d is due".formatted(prefix[0] & 0xff, VERSION));
        }
        long body = u32(prefix, 1);
        long room = Math.min(MAX_COLUMNS, layout.columns()) * layout.columnBytes() - PREFIX_BYTES;
        if (body > room) {
            throw new QuiltFormatException("an index of %d bytes, where %d have room".formatted(body, room));
        }
        return body;
    }

    static long u32(byte[] bytes, int at) {
        long value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }

    static QuiltIndex decode(QuiltLayout layout, byte[] body) {
        int columns = layout.columnsFor((long) PREFIX_BYTES + body.length);
        var patches = new ArrayList<QuiltPatch>();
        var notes = new ArrayList<String>();
        var identifiers = new HashSet<String>();
        QuiltFields.decode(
                "index",
                body,
                in -> in.list(MIN_PATCH_BYTES, each -> {
                    int start = patches.isEmpty() ? columns : patches.getLast().end();
                    int end = each.u16();
                    if (end <= start || end > layout.columns()) {
                        throw new QuiltFormatException("file %d ends at column %d, where it starts at %d of %d"
                                .formatted(patches.size(), end, start, layout.columns()));
                    }
                    String identifier = QuiltFields.string(each);
                    check(identifier, patches, notes);
                    if (!identifiers.add(identifier)) {
                        throw new QuiltFormatException("two files are called '%s'".formatted(identifier));
                    }
                    return patches.add(new QuiltPatch(identifier, QuiltFields.tags(each), start, end));
                }));
        return new QuiltIndex(body.length, columns, patches, notes);
    }

    private static void check(String identifier, List<QuiltPatch> before, List<String> notes) {
        byte[] utf8 = identifier.getBytes(StandardCharsets.UTF_8);
        if (utf8.length == 0 || utf8.length > MAX_IDENTIFIER_BYTES) {
            throw new QuiltFormatException("file %d has a name of %d bytes, where 1 to %d are due"
                    .formatted(before.size(), utf8.length, MAX_IDENTIFIER_BYTES));
        }
        if (Character.isWhitespace(identifier.codePointBefore(identifier.length()))) {
            notes.add("the name of file %d ends in white space".formatted(before.size()));
        }
        if (identifier.codePoints().anyMatch(Character::isISOControl)) {
            notes.add("the name of file %d has control characters".formatted(before.size()));
        }
        if (!before.isEmpty()
                && Arrays.compareUnsigned(before.getLast().identifier().getBytes(StandardCharsets.UTF_8), utf8) > 0) {
            notes.add("file %d is not in the order of names".formatted(before.size()));
        }
    }
}
