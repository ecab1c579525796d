package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.bcs.BcsReader;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A Walrus blob id: 32 bytes, printed as 43 characters of URL-safe Base64 without padding.
 *
 * <p>Move holds the same id as a {@code u256}; its little-endian bytes are these 32 bytes, in this order.
 */
public final class BlobId extends Id32<BlobId> {
    private static final int BASE64_LENGTH = 43;
    private static final int HEX_LENGTH = 64;
    private static final int MAX_DECIMAL_LENGTH = 78;

    public BlobId(byte[] bytes) {
        super(bytes);
    }

    private BlobId(BcsReader in) {
        super(in);
    }

    public static BlobId decode(BcsReader in) {
        return new BlobId(in);
    }

    /**
     * Reads any notation people use: URL-safe Base64 (43 characters), hex (64 digits, {@code 0x} allowed: the
     * bytes in order), or the decimal {@code u256} of block explorers.
     *
     * <p>Base64 wins where a text could be two notations: 43 characters are always Base64.
     *
     * @throws IllegalArgumentException if {@code text} is none of them
     */
    public static BlobId parse(String text) {
        try {
            if (text.length() == BASE64_LENGTH) {
                return new BlobId(Base64.getUrlDecoder().decode(text));
            }
            String hex = text.startsWith("0x") ? text.substring(2) : text;
            if (hex.length() == HEX_LENGTH) {
                return new BlobId(HexFormat.of().parseHex(hex));
            }
            if (!text.isEmpty()
                    && text.length() <= MAX_DECIMAL_LENGTH
                    && text.chars().allMatch(Character::isDigit)) {
                return ofDecimal(new BigInteger(text));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(notBlobId(text), e);
        }
        throw new IllegalArgumentException(notBlobId(text));
    }

    private static String notBlobId(String text) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return "a blob id is 43 characters of URL-safe Base64, 64 hex digits or a decimal below 2^256, not '%s'"
                .formatted(shown);
    }

    private static BlobId ofDecimal(BigInteger u256) {
        if (u256.bitLength() > 256) {
            throw new IllegalArgumentException("%s does not fit 256 bits".formatted(u256));
        }
        byte[] big = u256.toByteArray();
        byte[] little = new byte[SIZE];
        for (int i = 0; i < SIZE && i < big.length; i++) {
            little[i] = big[big.length - 1 - i];
        }
        return new BlobId(little);
    }

    /** The decimal {@code u256} under which block explorers show the blob. */
    public BigInteger toDecimal() {
        byte[] little = toByteArray();
        byte[] big = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            big[i] = little[SIZE - 1 - i];
        }
        return new BigInteger(1, big);
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(toByteArray());
    }
}
