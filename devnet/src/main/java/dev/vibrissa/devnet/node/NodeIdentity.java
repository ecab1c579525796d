package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import okhttp3.tls.HeldCertificate;
import supranational.blst.P1;
import supranational.blst.P2;
import supranational.blst.SecretKey;

/** Who a storage node is: the keys that it registers on the chain, and what it signs with them. */
public final class NodeIdentity {
    private static final String DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";

    private static final int VALID_DAYS = 3650;

    private final String seed;
    private final String host;
    private final SecretKey signingKey = new SecretKey();
    private final KeyBytes publicKey;
    private final KeyBytes compressedPublicKey;
    private final KeyPair network;
    private final HeldCertificate certificate;
    private final X509KeyManager keyManager;

    private NodeIdentity(String seed, String host) {
        this.seed = seed;
        this.host = host;
        signingKey.keygen(digest("signing key of " + seed));
        var point = new P1(signingKey);
        publicKey = new KeyBytes(point.serialize());
        compressedPublicKey = new KeyBytes(point.compress());
        network = P256.keyPair(digest("network key of " + seed));
        String name = serverName(P256.compressed(network));
        certificate = new HeldCertificate.Builder()
                .keyPair(network)
                .commonName(name)
                .addSubjectAlternativeName(name)
                .addSubjectAlternativeName(host)
                .duration(VALID_DAYS, TimeUnit.DAYS)
                .build();
        keyManager = keyManager(certificate);
    }

    /** From a store of the old kind: the usual one stretches its password five times, which takes longer than all else here. */
    private static X509KeyManager keyManager(HeldCertificate certificate) {
        char[] password = "of nothing secret".toCharArray();
        try {
            var store = KeyStore.getInstance("JKS");
            store.load(null, password);
            Certificate[] chain = {certificate.certificate()};
            store.setKeyEntry("node", certificate.keyPair().getPrivate(), password, chain);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            return (X509KeyManager) managers.getKeyManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has a JKS store and a manager of its keys", e);
        }
    }

    /**
     * The same keys whenever asked.
     *
     * @param seed text of which all keys are made
     * @param host name or address that the node is reached by, without a port
     */
    public static NodeIdentity of(String seed, String host) {
        return new NodeIdentity(seed, host);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }

    /** Another node's keys at this host: what {@link Fault.WrongKey} shows. */
    NodeIdentity impostor() {
        return new NodeIdentity("impostor of " + seed, host);
    }

    public String host() {
        return host;
    }

    /** BLS12-381 key in G1, uncompressed: as objects on the chain have it. */
    public KeyBytes publicKey() {
        return publicKey;
    }

    /** The same key compressed: as it is registered. */
    public KeyBytes compressedPublicKey() {
        return compressedPublicKey;
    }

    /** P-256 key, compressed: the one that the TLS certificate has. */
    public KeyBytes networkPublicKey() {
        return new KeyBytes(P256.compressed(network));
    }

    /**
     * The signature that registration asks for.
     *
     * @param sender of the transaction that registers
     */
    public Bytes proofOfPossession(long epoch, SuiAddress sender) {
        return sign(new CertificateMessage.ProofOfPossession(epoch, sender, compressedPublicKey).encode());
    }

    /** A signature in G2, compressed. */
    public Bytes sign(byte[] message) {
        return Bytes.of(new P2().hash_to(message, DOMAIN).sign_with(signingKey).compress());
    }

    /** The name that the certificate has as its subject: four bytes of the network key, each without a leading zero. */
    private static String serverName(byte[] key) {
        var name = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            name.append(Integer.toHexString(key[i] & 0xff));
        }
        return name.append(".network.walrus.alt").toString();
    }

    /** Self-signed by the network key, and the same for the life of this object. */
    HeldCertificate certificate() {
        return certificate;
    }

    /** Shows {@link #certificate()}. */
    X509KeyManager keyManager() {
        return keyManager;
    }

    /** The TLS certificate, for clients that trust certificates rather than keys. */
    public String certificatePem() {
        return certificate.certificatePem();
    }
}
