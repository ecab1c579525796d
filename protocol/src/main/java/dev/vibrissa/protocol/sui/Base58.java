package dev.vibrissa.protocol.sui;

import java.util.Arrays;

/** Base58 with Bitcoin's alphabet, in which Sui prints digests. Quadratic: meant for a few dozen bytes. */
final class Base58 {
    private static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final int MAX_LENGTH = 128;

    private Base58() {}

    static String encode(byte[] bytes) {
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        byte[] number = bytes.clone();
        char[] text = new char[bytes.length * 2]; // log(256) / log(58) is about 1.37
        int at = text.length;
        for (int start = zeros; start < number.length; ) {
            text[--at] = ALPHABET.charAt(divide(number, start, 256, 58));
            if (number[start] == 0) {
                start++;
            }
        }
        for (int i = 0; i < zeros; i++) {
            text[--at] = '1';
        }
        return new String(text, at, text.length - at);
    }

    static byte[] decode(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Base58 text of %d characters".formatted(text.length()));
        }
        byte[] digits = new byte[text.length()];
        for (int i = 0; i < digits.length; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("'%s' is not Base58 at character %d".formatted(text, i));
            }
            digits[i] = (byte) digit;
        }
        int zeros = 0;
        while (zeros < digits.length && digits[zeros] == 0) {
            zeros++;
        }
        byte[] bytes = new byte[text.length()];
        int at = bytes.length;
        for (int start = zeros; start < digits.length; ) {
            bytes[--at] = (byte) divide(digits, start, 58, 256);
            while (start < digits.length && digits[start] == 0) {
                start++; // one byte is worth more than one digit
            }
        }
        return Arrays.copyOfRange(bytes, at - zeros, bytes.length);
    }

    /** Divides a big-endian number in place and gives the remainder. */
    private static int divide(byte[] number, int start, int base, int divisor) {
        int remainder = 0;
        for (int i = start; i < number.length; i++) {
            int value = remainder * base + (number[i] & 0xff);
            number[i] = (byte) (value / divisor);
            remainder = value % divisor;
        }
        return remainder;
    }
}
