package dev.vibrissa.devnet.contract;

import java.math.BigInteger;

/** Arithmetic on unsigned 64-bit integers as Move does it: what does not fit is a fault. */
final class U64 {
    static final long MAX = -1L;

    private U64() {}

    static long add(long a, long b) {
        long sum = a + b;
        if (Long.compareUnsigned(sum, a) < 0) {
            throw overflow(a, '+', b);
        }
        return sum;
    }

    static long subtract(long a, long b) {
        if (Long.compareUnsigned(a, b) < 0) {
            throw overflow(a, '-', b);
        }
        return a - b;
    }

    static long multiply(long a, long b) {
        if (Math.unsignedMultiplyHigh(a, b) != 0) {
            throw overflow(a, '*', b);
        }
        return a * b;
    }

    /** {@code ⌊a · b / c⌋}, with 128 bits in between. */
    static long multiplyDivide(long a, long b, long c) {
        if (Math.unsignedMultiplyHigh(a, b) == 0) {
            return Long.divideUnsigned(a * b, c);
        }
        BigInteger quotient = big(a).multiply(big(b)).divide(big(c));
        if (quotient.bitLength() > Long.SIZE) {
            throw new ArithmeticException("%s · %s / %s does not fit 64 bits".formatted(big(a), big(b), big(c)));
        }
        return quotient.longValue();
    }

    static long min(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    static long max(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    static BigInteger big(long value) {
        var signed = BigInteger.valueOf(value);
        return value < 0 ? signed.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : signed;
    }

    private static ArithmeticException overflow(long a, char operator, long b) {
        return new ArithmeticException("%s %c %s does not fit 64 bits"
                .formatted(Long.toUnsignedString(a), operator, Long.toUnsignedString(b)));
    }
}
