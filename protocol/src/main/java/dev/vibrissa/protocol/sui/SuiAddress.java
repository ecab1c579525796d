package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.bcs.BcsReader;
import java.util.HexFormat;

/** An address on Sui: of an account, an object or a package. Printed as {@code 0x} and 64 hex digits. */
public final class SuiAddress extends Id32<SuiAddress> {
    public static final SuiAddress ZERO = new SuiAddress(new byte[SIZE]);

    public SuiAddress(byte[] bytes) {
        super(bytes);
    }

    private SuiAddress(BcsReader in) {
        super(in);
    }

    public static SuiAddress decode(BcsReader in) {
        return new SuiAddress(in);
    }

    /**
     * Reads {@code 0x} and 1 to 64 hex digits; short forms such as {@code 0x2} are padded on the left.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static SuiAddress parse(String text) {
        if (!text.startsWith("0x") || text.length() < 3 || text.length() > 66) {
            throw new IllegalArgumentException("an address is 0x and 1 to 64 hex digits, not '%s'".formatted(text));
        }
        String digits = "0".repeat(66 - text.length()) + text.substring(2);
        try {
            return new SuiAddress(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an address is 0x and 1 to 64 hex digits, not '%s'".formatted(text), e);
        }
    }

    @Override
    public String toString() {
        return "0x" + HexFormat.of().formatHex(toByteArray());
    }
}
