package dev.vibrissa.redstuff.code;

import dev.vibrissa.redstuff.kernel.Kernel;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The systematic Reed–Solomon code over GF(2^16) that Walrus uses: {@code k} originals, {@code m} recovery symbols, any
 * {@code k} of which give the originals back.
 *
 * <p>Symbols are byte strings of one even length; the code works on each pair of a low and a high byte alone (see {@link
 * Stripe}). Originals are the values of a polynomial at some points, recovery symbols its values at others; which, says
 * {@link Rate}. Points come in blocks of {@code c}, a power of two, so that an additive Fourier transform of size {@code c} leads
 * from one to the other.
 *
 * <p>Safe for use by several threads, each with a {@link Workspace} of its own.
 *
 * @see "reed-solomon-simd 3.1.0, src/rate/rate_high.rs and rate_low.rs"
 */
public final class ReedSolomon {
    private final int originals;
    private final int recovery;
    private final Rate rate;
    private final int chunk;
    private final Kernel kernel;
    private final Transform transform;

    /** Gives the rows of an encoding or takes them; rows are in the layout of {@link Workspace#pack}. */
    @FunctionalInterface
    public interface RowCopy {
        void copy(int index, byte[] rows, int at);
    }

    /**
     * @param originals k, at least 1
     * @param recovery m, at least 1
     * @throws IllegalArgumentException if there are not enough field elements
     */
    public ReedSolomon(int originals, int recovery) {
        this(originals, recovery, Kernel.chosen());
    }

    /** The code on a certain kernel, for comparison. */
    public ReedSolomon(int originals, int recovery, Kernel kernel) {
        int k = Rate.ceilPowerOfTwo(originals);
        int m = Rate.ceilPowerOfTwo(recovery);
        if (originals < 1 || recovery < 1 || Math.min(k, m) + Math.max(originals, recovery) > GaloisField.ORDER) {
            throw new IllegalArgumentException(
                    "%d originals and %d recovery symbols do not fit GF(2^16)".formatted(originals, recovery));
        }
        this.originals = originals;
        this.recovery = recovery;
        this.kernel = kernel;
        rate = Rate.of(originals, recovery);
        chunk = rate == Rate.HIGH ? m : k;
        int points = chunk + Math.max(chunk, roundUp(rate == Rate.HIGH ? originals : recovery));
        int[] logs = new int[Math.min(Math.max(points, decodingSize()), GaloisField.MODULUS)];
        Arrays.setAll(logs, GaloisField::skew);
        transform = new Transform(Multipliers.of(kernel, logs));
    }

    private int roundUp(int count) {
        return (count + chunk - 1) / chunk * chunk;
    }

    public int originals() {
        return originals;
    }

    public int recovery() {
        return recovery;
    }

    public Rate rate() {
        return rate;
    }

    /** Memory of one thread for encoding up to {@code symbols} codewords at once. */
    public Workspace workspace(int symbolBytes, int maxRowBytes, int available) {
        return new Workspace(Stripe.fitting(symbolBytes, maxRowBytes, available), 2 * chunk);
    }

    /** Rows of transforms in progress: {@code 2c} for encoding, the size of the transform for decoding. */
    public static final class Workspace {
        final Stripe stripe;
        final byte[] rows;

        Workspace(Stripe stripe, int rows) {
            this.stripe = stripe;
            this.rows = new byte[Math.multiplyExact(rows, stripe.rowBytes())];
        }

        /** Bytes of a symbol, or of the pieces of symbols, that this is for. */
        public int symbolBytes() {
            return stripe.symbolBytes();
        }

        /** Codewords that are worked on at once. */
        public int symbolsPerRow() {
            return stripe.symbols();
        }

        /**
         * Puts {@code count} symbols that follow one another in {@code source} into the row at {@code at}, as those of
         * codewords {@code slot} and on.
         */
        public void pack(byte[] source, int from, int count, byte[] rows, int at, int slot) {
            stripe.pack(source, from, count, rows, at, slot);
        }

        /** Takes the symbols of {@code count} codewords, from {@code slot} on, out of the row at {@code at}. */
        public void unpack(byte[] rows, int at, int slot, int count, byte[] target, int to) {
            stripe.unpack(rows, at, slot, count, target, to);
        }
    }

    /**
     * Computes recovery symbols.
     *
     * @param load puts original {@code index}, 0 to k - 1, into its row
     * @param store takes recovery symbol {@code index}, 0 to m - 1, out of its row
     */
    public void encode(Workspace work, RowCopy load, RowCopy store) {
        int rowBytes = work.stripe.rowBytes();
        byte[] w = work.rows;
        int second = chunk * rowBytes;
        switch (rate) {
            case HIGH -> {
                for (int begin = 0; begin < originals; begin += chunk) {
                    int to = begin == 0 ? 0 : second;
                    int count = Math.min(chunk, originals - begin);
                    load(load, begin, count, w, to, rowBytes);
                    transform.inverse(w, to, rowBytes, chunk, count, begin + chunk);
                    if (begin > 0) {
                        Stripe.add(w, 0, w, second, second);
                    }
                }
                transform.forward(w, 0, rowBytes, chunk, recovery, 0);
                store(store, 0, recovery, w, 0, rowBytes);
            }
            case LOW -> {
                load(load, 0, originals, w, 0, rowBytes);
                transform.inverse(w, 0, rowBytes, chunk, originals, 0);
                for (int begin = 0; begin < recovery; begin += chunk) {
                    int count = Math.min(chunk, recovery - begin);
                    System.arraycopy(w, 0, w, second, second);
                    transform.forward(w, second, rowBytes, chunk, count, begin + chunk);
                    store(store, begin, count, w, second, rowBytes);
                }
            }
        }
    }

    private void load(RowCopy load, int begin, int count, byte[] w, int to, int rowBytes) {
        for (int i = 0; i < count; i++) {
            load.copy(begin + i, w, to + i * rowBytes);
        }
        Arrays.fill(w, to + count * rowBytes, to + chunk * rowBytes, (byte) 0);
    }

    private static void store(RowCopy store, int begin, int count, byte[] w, int from, int rowBytes) {
        for (int i = 0; i < count; i++) {
            store.copy(begin + i, w, from + i * rowBytes);
        }
    }

    private int decodingSize() {
        return Rate.ceilPowerOfTwo(chunk + (rate == Rate.HIGH ? originals : recovery));
    }

    private int originalAt(int index) {
        return rate == Rate.HIGH ? chunk + index : index;
    }

    private int recoveryAt(int index) {
        return rate == Rate.HIGH ? index : chunk + index;
    }

    /** Position of symbol {@code index} of the codeword: 0 to k - 1 are the originals, then the recovery symbols. */
    private int positionOf(int index) {
        return index < originals ? originalAt(index) : recoveryAt(index - originals);
    }

    /**
     * Prepares decoding from one set of symbols; the same decoder serves any number of codewords that lack the same
     * symbols.
     *
     * @param received indices in the codeword, 0 to k + m - 1
     * @throws IllegalArgumentException if there are fewer than k, or one is out of range
     */
    public Decoder decoder(BitSet received) {
        if (received.cardinality() < originals || received.length() > originals + recovery) {
            throw new IllegalArgumentException("%d symbols, the last of index %d, where %d of %d are due"
                    .formatted(received.cardinality(), received.length() - 1, originals, originals + recovery));
        }
        return new Decoder((BitSet) received.clone());
    }

    /**
     * Gives originals back.
     *
     * <p>The received values times the error locator are the values of a polynomial; its formal derivative, evaluated at a missing
     * position, is the missing value times the derivative of the locator there.
     */
    public final class Decoder {
        private final BitSet received;
        private final int size = decodingSize();
        private final Multipliers factors;

        private Decoder(BitSet received) {
            this.received = received;
            int[] locator = ErrorLocator.logarithms(erased());
            int[] logs = new int[size];
            for (int x = 0; x < size; x++) {
                logs[x] = locator[x] % GaloisField.MODULUS;
            }
            for (int i = received.nextClearBit(0); i < originals; i = received.nextClearBit(i + 1)) {
                int x = originalAt(i);
                logs[x] = (GaloisField.MODULUS - logs[x]) % GaloisField.MODULUS;
            }
            factors = Multipliers.of(kernel, logs);
        }

        /** Positions whose value is unknown; all others are received or known to be zero. */
        private BitSet erased() {
            var erased = new BitSet(GaloisField.ORDER);
            if (rate == Rate.HIGH) {
                erased.set(recovery, chunk);
            } else {
                erased.set(chunk + recovery, GaloisField.ORDER);
            }
            for (int i = 0; i < originals + recovery; i++) {
                if (!received.get(i)) {
                    erased.set(positionOf(i));
                }
            }
            return erased;
        }

        /** Memory of one thread for decoding. */
        public Workspace workspace(int symbolBytes, int maxRowBytes, int available) {
            return new Workspace(Stripe.fitting(symbolBytes, maxRowBytes, available), size);
        }

        /**
         * Computes the missing originals.
         *
         * @param load puts received symbol {@code index} of the codeword into its row
         * @param store takes missing original {@code index} out of its row
         */
        public void decode(Workspace work, RowCopy load, RowCopy store) {
            if (received.nextClearBit(0) >= originals) {
                return; // nothing is missing
            }
            int rowBytes = work.stripe.rowBytes();
            byte[] w = work.rows;
            Arrays.fill(w, (byte) 0);
            for (int i = received.nextSetBit(0); i >= 0; i = received.nextSetBit(i + 1)) {
                int x = positionOf(i);
                load.copy(i, w, x * rowBytes);
                factors.multiply(w, x * rowBytes, rowBytes, x);
            }
            int end = chunk + (rate == Rate.HIGH ? originals : recovery);
            transform.inverse(w, 0, rowBytes, size, end, 0);
            for (int i = 1; i < size; i++) {
                int width = Integer.lowestOneBit(i) * rowBytes;
                Stripe.add(w, i * rowBytes - width, w, i * rowBytes, width);
            }
            int last = received.previousClearBit(originals - 1);
            transform.forward(w, 0, rowBytes, size, originalAt(last) + 1, 0);
            for (int i = received.nextClearBit(0); i < originals; i = received.nextClearBit(i + 1)) {
                int x = originalAt(i);
                factors.multiply(w, x * rowBytes, rowBytes, x);
                store.copy(i, w, x * rowBytes);
            }
        }
    }
}
