package dev.vibrissa.protocol.walrus;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A node's network key: a point of NIST P-256, which its TLS certificate must carry.
 *
 * <p>The chain has it compressed (33 bytes of SEC1: 2 or 3 for the parity of y, then x), a certificate as
 * SubjectPublicKeyInfo (91 bytes of DER: algorithm and curve by name, then 4, x and y).
 */
public final class NetworkKey {
    private static final int COORDINATE_BYTES = 32;

    /** DER of everything before the point: id-ecPublicKey, secp256r1, BIT STRING of 66 bytes. */
    private static final byte[] SPKI_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private final byte[] compressed;
    private final byte[] spki;

    private NetworkKey(byte[] compressed, byte[] spki) {
        this.compressed = compressed;
        this.spki = spki;
    }

    /**
     * @throws IllegalArgumentException if this is no compressed point of the curve
     */
    public static NetworkKey of(KeyBytes key) {
        byte[] bytes = key.toByteArray();
        if (bytes.length != 1 + COORDINATE_BYTES || bytes[0] != 2 && bytes[0] != 3) {
            throw new IllegalArgumentException("%s is no compressed P-256 key".formatted(key));
        }
        var x = new BigInteger(1, bytes, 1, COORDINATE_BYTES);
        BigInteger y = yOf(x, bytes[0] == 3);
        byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + 1 + 2 * COORDINATE_BYTES);
        int at = SPKI_PREFIX.length;
        spki[at++] = 4;
        System.arraycopy(bytes, 1, spki, at, COORDINATE_BYTES);
        byte[] wide = y.toByteArray(); // may have a sign byte in front, or be shorter
        for (int i = 0; i < COORDINATE_BYTES && i < wide.length; i++) {
            spki[spki.length - 1 - i] = wide[wide.length - 1 - i];
        }
        return new NetworkKey(bytes, spki);
    }

    /** y² = x³ - 3x + b; since p mod 4 = 3, a root of a square c is c^((p+1)/4). */
    private static BigInteger yOf(BigInteger x, boolean odd) {
        if (x.compareTo(P) >= 0) {
            throw new IllegalArgumentException("x = %s is not below the prime of P-256".formatted(x.toString(16)));
        }
        BigInteger square = x.pow(3).subtract(THREE.multiply(x)).add(B).mod(P);
        BigInteger root = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        if (!root.multiply(root).mod(P).equals(square)) {
            throw new IllegalArgumentException("no point of P-256 has x = %s".formatted(x.toString(16)));
        }
        return root.testBit(0) == odd ? root : P.subtract(root).mod(P);
    }

    /** Whether a certificate's SubjectPublicKeyInfo is exactly that of this key. */
    public boolean isKeyOf(byte[] subjectPublicKeyInfo) {
        return Arrays.equals(spki, subjectPublicKeyInfo);
    }

    /** What a certificate must carry; a new array at every call. */
    public byte[] subjectPublicKeyInfo() {
        return spki.clone();
    }

    /**
     * The name that a node's own certificate has as subject: the first four bytes in hex, each <em>without</em> a
     * leading zero. A label for people; connections are made and named by the host of the network address.
     */
    public String serverName() {
        var name = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            name.append(Integer.toHexString(compressed[i] & 0xff));
        }
        return name.append(".network.walrus.alt").toString();
    }

    /** The compressed point in hex. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(compressed);
    }
}
