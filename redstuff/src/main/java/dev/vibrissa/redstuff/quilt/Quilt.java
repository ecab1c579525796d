package dev.vibrissa.redstuff.quilt;

import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a quilt: from a whole blob, or from as many secondary slivers as what is asked for takes.
 *
 * <p>Every method throws {@link QuiltFormatException} if the blob is no quilt, or the file no file. The package says what is
 * refused and what is noted. An index allocates at most ten columns and its own objects, the content of a file its own length.
 */
public final class Quilt {
    /** The attribute by which a blob object on chain says that it is a quilt; anybody may set it. */
    public static final String ATTRIBUTE = "_walrusBlobType";

    /** The value of {@link #ATTRIBUTE} for quilts. */
    public static final String ATTRIBUTE_VALUE = "quilt";

    private static final int PIECE = 1 << 16;

    private final QuiltLayout layout;
    private final ColumnSource columns;

    private Quilt(QuiltLayout layout, ColumnSource columns) {
        this.layout = layout;
        this.columns = columns;
    }

    /** A quilt of which every byte is there. */
    public static Quilt of(EncodingConfig config, MemorySegment blob) {
        QuiltLayout layout = QuiltLayout.of(config, blob.byteSize());
        return new Quilt(layout, new ColumnSource.Blob(layout, blob));
    }

    /** Collects secondary slivers of a quilt, each verified before anything of it is read. Not safe for use by several threads. */
    public static final class Slivers {
        private final VerifiedMetadata metadata;
        private final QuiltLayout layout;
        private final @Nullable Sliver[] byIndex;

        /**
         * @throws QuiltFormatException if a blob of that length is no quilt
         */
        public Slivers(VerifiedMetadata metadata) {
            this.metadata = metadata;
            layout = QuiltLayout.of(metadata.config(), metadata.metadata().unencodedBytes());
            byIndex = new Sliver[layout.columns()];
        }

        /**
         * Verifies a sliver and keeps it if it is one of the quilt's own.
         *
         * @throws IllegalArgumentException if it is no secondary one, or one of those that the code added
         */
        public SliverVerdict add(Sliver sliver) {
            if (sliver.type() != SliverType.SECONDARY || sliver.index() >= layout.columns()) {
                throw new IllegalArgumentException(
                        "%s is no column of a quilt with %d".formatted(sliver, layout.columns()));
            }
            SliverVerdict verdict = metadata.verify(sliver);
            if (verdict instanceof SliverVerdict.Accepted) {
                byIndex[sliver.index()] = sliver;
            }
            return verdict;
        }

        /** Slivers to add before the index can be read: sliver 0 tells how many there are. */
        public BitSet missingForIndex() {
            BitSet prefix = missing(0, layout.columnsFor(QuiltIndex.PREFIX_BYTES));
            return prefix.isEmpty() ? missing(0, quilt().indexColumns()) : prefix;
        }

        /** Slivers to add before a file can be read. */
        public BitSet missingFor(QuiltPatch patch) {
            return missing(patch.start(), patch.end());
        }

        private BitSet missing(int start, int end) {
            var missing = new BitSet();
            for (int column = start; column < end; column++) {
                missing.set(column, byIndex[column] == null);
            }
            return missing;
        }

        /**
         * The quilt of what is there and what will be added. Reading what is not there yet is an {@link
         * IllegalStateException}.
         */
        public Quilt quilt() {
            return new Quilt(layout, new ColumnSource.Slivers(byIndex));
        }
    }

    public QuiltLayout layout() {
        return layout;
    }

    /** Columns that the index takes, from the first five bytes. */
    public int indexColumns() {
        return layout.columnsFor(QuiltIndex.PREFIX_BYTES + indexBodyBytes());
    }

    private long indexBodyBytes() {
        return QuiltIndex.bodyBytes(layout, read(0, 0, QuiltIndex.PREFIX_BYTES));
    }

    /** The list of files. */
    public QuiltIndex index() {
        long body = indexBodyBytes();
        if (body > Integer.MAX_VALUE - 8) {
            throw new QuiltFormatException("an index of %d bytes does not fit memory".formatted(body));
        }
        return QuiltIndex.decode(layout, read(0, QuiltIndex.PREFIX_BYTES, (int) body));
    }

    /** What a file says of itself. */
    public QuiltFile file(QuiltPatch patch) {
        long room = (patch.end() - patch.start()) * layout.columnBytes();
        if (patch.end() > layout.columns() || room < QuiltFile.HEADER_BYTES) {
            throw new QuiltFormatException("columns %d to %d of %d, each of %d bytes, hold no file"
                    .formatted(patch.start(), patch.end(), layout.columns(), layout.columnBytes()));
        }
        byte[] header = read(patch.start(), 0, QuiltFile.HEADER_BYTES);
        if (header[0] != QuiltIndex.VERSION) {
            throw new QuiltFormatException(
                    "a file of version %d, where %d is due".formatted(header[0] & 0xff, QuiltIndex.VERSION));
        }
        long length = QuiltIndex.u32(header, 1);
        if (length > room - QuiltFile.HEADER_BYTES) {
            throw new QuiltFormatException(
                    "a file of %d bytes in columns that hold %d".formatted(length, room - QuiltFile.HEADER_BYTES));
        }
        int mask = header[5] & 0xff;
        if ((mask & ~QuiltFile.HAS_TAGS) != 0) {
            throw new QuiltFormatException("a mask of %d with bits that nobody knows".formatted(mask));
        }
        long end = QuiltFile.HEADER_BYTES + length;
        long at = QuiltFile.HEADER_BYTES;
        byte[] name = field(patch, at, end);
        String identifier = QuiltFields.decode("name", name, QuiltFields::string);
        at += 2 + name.length;
        SequencedMap<String, String> tags = Collections.emptySortedMap();
        if ((mask & QuiltFile.HAS_TAGS) != 0) {
            byte[] map = field(patch, at, end);
            tags = QuiltFields.decode("tags", map, QuiltFields::tags);
            at += 2 + map.length;
        }
        return new QuiltFile(patch, mask, length, identifier, tags, at, end - at, notes(patch, identifier, tags, end));
    }

    /** A length (u16) and that many bytes, all of it before {@code end}. */
    private byte[] field(QuiltPatch patch, long at, long end) {
        if (end - at < 2) {
            throw new QuiltFormatException("a length at byte %d of a file of %d".formatted(at, end));
        }
        byte[] prefix = read(patch.start(), at, 2);
        int length = (prefix[0] & 0xff) | (prefix[1] & 0xff) << 8;
        if (length > end - at - 2) {
            throw new QuiltFormatException("%d bytes at byte %d of a file of %d".formatted(length, at + 2, end));
        }
        return read(patch.start(), at + 2, length);
    }

    private List<String> notes(QuiltPatch patch, String identifier, SequencedMap<String, String> tags, long bytes) {
        var notes = new ArrayList<String>();
        if (!identifier.equals(patch.identifier())) {
            notes.add("it calls itself '%s', the index '%s'".formatted(identifier, patch.identifier()));
        }
        if (!tags.equals(patch.tags())) {
            notes.add("its tags %s are not those of the index, %s".formatted(tags, patch.tags()));
        }
        int needed = layout.columnsFor(bytes);
        if (needed < patch.end() - patch.start()) {
            notes.add("it has %d columns and needs %d".formatted(patch.end() - patch.start(), needed));
        }
        return notes;
    }

    /**
     * The content of a file.
     *
     * @throws QuiltFormatException also if it is too large for an array
     */
    public byte[] content(QuiltFile file) {
        if (file.contentBytes() > Integer.MAX_VALUE - 8) {
            throw new QuiltFormatException("%d bytes do not fit an array".formatted(file.contentBytes()));
        }
        return read(file.patch().start(), file.contentOffset(), (int) file.contentBytes());
    }

    /**
     * Copies the content of a file, of whatever size.
     *
     * @param target of {@link QuiltFile#contentBytes} bytes or more
     */
    public void content(QuiltFile file, MemorySegment target) {
        long left = file.contentBytes();
        for (long done = 0; left > 0; ) {
            byte[] piece = read(file.patch().start(), file.contentOffset() + done, (int) Math.min(PIECE, left));
            MemorySegment.copy(piece, 0, target, ValueLayout.JAVA_BYTE, done, piece.length);
            done += piece.length;
            left -= piece.length;
        }
    }

    /** Bytes of the stream that starts at a column and runs on into the next ones; the caller has held them against what is there. */
    private byte[] read(int column, long from, int length) {
        byte[] bytes = new byte[length];
        long columnBytes = layout.columnBytes();
        for (int done = 0; done < length; ) {
            long at = from + done;
            int count = (int) Math.min(length - done, columnBytes - at % columnBytes);
            columns.read(column + (int) (at / columnBytes), at % columnBytes, bytes, done, count);
            done += count;
        }
        return bytes;
    }
}
