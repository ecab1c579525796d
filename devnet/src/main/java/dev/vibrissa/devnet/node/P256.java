package dev.vibrissa.devnet.node;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;

/**
 * Key pairs of NIST P-256 that follow from a seed; the JDK makes random ones only, and multiplies no points for others.
 *
 * <p>Plain double-and-add in affine coordinates: its time tells the key, which here anyone with the seed knows anyway.
 */
final class P256 {
    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final int COORDINATE_BYTES = 32;

    private P256() {}

    static KeyPair keyPair(byte[] seed) {
        try {
            var algorithm = AlgorithmParameters.getInstance("EC");
            algorithm.init(new ECGenParameterSpec("secp256r1"));
            var curve = algorithm.getParameterSpec(ECParameterSpec.class);
            byte[] wide = MessageDigest.getInstance("SHA-512").digest(seed);
            BigInteger secret = new BigInteger(1, wide)
                    .mod(curve.getOrder().subtract(BigInteger.ONE))
                    .add(BigInteger.ONE);
            var keys = KeyFactory.getInstance("EC");
            return new KeyPair(
                    keys.generatePublic(new ECPublicKeySpec(times(curve, secret), curve)),
                    keys.generatePrivate(new ECPrivateKeySpec(secret, curve)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks P-256 or SHA-512: " + e.getMessage(), e);
        }
    }

    private static ECPoint times(ECParameterSpec curve, BigInteger factor) {
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        ECPoint sum = curve.getGenerator(); // stands for the highest bit; all sums before the last are below the order
        for (int bit = factor.bitLength() - 2; bit >= 0; bit--) {
            BigInteger x = sum.getAffineX();
            BigInteger tangent = THREE.multiply(x.pow(2))
                    .add(curve.getCurve().getA())
                    .multiply(TWO.multiply(sum.getAffineY()).modInverse(p));
            sum = third(p, tangent, sum, sum);
            if (factor.testBit(bit)) {
                ECPoint g = curve.getGenerator();
                BigInteger chord = g.getAffineY()
                        .subtract(sum.getAffineY())
                        .multiply(g.getAffineX().subtract(sum.getAffineX()).modInverse(p));
                sum = third(p, chord, sum, g);
            }
        }
        return sum;
    }

    /** The sum of two points on a line of this slope. */
    private static ECPoint third(BigInteger p, BigInteger slope, ECPoint a, ECPoint b) {
        BigInteger x =
                slope.pow(2).subtract(a.getAffineX()).subtract(b.getAffineX()).mod(p);
        return new ECPoint(
                x,
                slope.multiply(a.getAffineX().subtract(x))
                        .subtract(a.getAffineY())
                        .mod(p));
    }

    /** 33 bytes of SEC1: 2 or 3 for the parity of y, then x. */
    static byte[] compressed(KeyPair keys) {
        ECPoint point = ((ECPublicKey) keys.getPublic()).getW();
        byte[] bytes = new byte[1 + COORDINATE_BYTES];
        bytes[0] = (byte) (point.getAffineY().testBit(0) ? 3 : 2);
        byte[] x = point.getAffineX().toByteArray(); // may have a sign byte in front, or be shorter
        int length = Math.min(x.length, COORDINATE_BYTES);
        System.arraycopy(x, x.length - length, bytes, bytes.length - length, length);
        return bytes;
    }
}
