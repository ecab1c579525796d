package dev.vibrissa.redstuff.quilt;

import dev.vibrissa.redstuff.Sliver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Where the bytes of columns come from. */
interface ColumnSource {
    /** Copies bytes {@code from} to {@code from + length} of a column, which the caller has held against its size. */
    void read(int column, long from, byte[] target, int to, int length);

    /** The whole blob: byte {@code k} of the symbol in row {@code i} and column {@code j} is {@code i·rowBytes + j·s + k}. */
    record Blob(QuiltLayout layout, MemorySegment blob) implements ColumnSource {
        @Override
        public void read(int column, long from, byte[] target, int to, int length) {
            int symbolBytes = layout.symbolBytes();
            long at = from;
            for (int done = 0; done < length; ) {
                int inSymbol = (int) (at % symbolBytes);
                int count = Math.min(symbolBytes - inSymbol, length - done);
                long inBlob = at / symbolBytes * layout.rowBytes() + (long) column * symbolBytes + inSymbol;
                MemorySegment.copy(blob, ValueLayout.JAVA_BYTE, inBlob, target, to + done, count);
                done += count;
                at += count;
            }
        }
    }

    /** Secondary slivers, by index. */
    record Slivers(@Nullable Sliver[] byIndex) implements ColumnSource {
        @Override
        public void read(int column, long from, byte[] target, int to, int length) {
            Sliver sliver = byIndex[column];
            if (sliver == null) {
                throw new IllegalStateException("secondary sliver %d is not there".formatted(column));
            }
            System.arraycopy(sliver.data(), (int) from, target, to, length);
        }
    }
}
