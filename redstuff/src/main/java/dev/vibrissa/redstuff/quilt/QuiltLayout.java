package dev.vibrissa.redstuff.quilt;

import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;

/**
 * A blob as columns: column {@code j} is the data of secondary sliver {@code j}, and files run down one column and on into the next.
 *
 * @param rows k1
 * @param columns k2, those of the blob itself
 * @param symbolBytes s
 */
public record QuiltLayout(int rows, int columns, int symbolBytes) {
    /**
     * The layout of a blob that is a quilt.
     *
     * @throws QuiltFormatException if the blob does not fill its matrix, as every quilt does
     * @throws IllegalArgumentException if no blob is so long
     */
    public static QuiltLayout of(EncodingConfig config, long blobBytes) {
        var layout = new QuiltLayout(
                config.symbolsIn(SliverType.SECONDARY),
                config.symbolsIn(SliverType.PRIMARY),
                config.symbolBytes(blobBytes));
        if (layout.rowBytes() * layout.rows != blobBytes) {
            throw new QuiltFormatException("a blob of %d bytes, where a quilt has %d rows of %d"
                    .formatted(blobBytes, layout.rows, layout.rowBytes()));
        }
        return layout;
    }

    /** Bytes of a row: {@code k2·s}. */
    public long rowBytes() {
        return (long) columns * symbolBytes;
    }

    /** Bytes of a column: {@code k1·s}. */
    public long columnBytes() {
        return (long) rows * symbolBytes;
    }

    /** Columns that {@code bytes} take. */
    int columnsFor(long bytes) {
        return Math.toIntExact((bytes + columnBytes() - 1) / columnBytes());
    }
}
