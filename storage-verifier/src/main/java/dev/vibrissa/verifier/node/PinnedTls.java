package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.NetworkKey;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import okhttp3.CipherSuite;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.TlsVersion;

/**
 * Trusts the one certificate whose key is the pinned one, whatever else it says: names, dates and issuers add nothing
 * to a key that the chain vouches for, and the reference client takes an expired certificate of the right key too. That
 * the other side holds the private key is proven by the handshake.
 *
 * <p>It extends {@link X509ExtendedTrustManager} because the JDK adds checks of its own to any lesser one.
 */
final class PinnedTls extends X509ExtendedTrustManager {
    private static final int SHOWN_DIGITS = 256;

    /** TLS 1.3, or 1.2 with nothing but ECDHE_ECDSA: there the handshake proves possession of the certificate's key. */
    private static final ConnectionSpec CONNECTION = new ConnectionSpec.Builder(true)
            .tlsVersions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)
            .cipherSuites(
                    CipherSuite.TLS_AES_128_GCM_SHA256,
                    CipherSuite.TLS_AES_256_GCM_SHA384,
                    CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)
            .supportsTlsExtensions(true) // ALPN: without it there is no HTTP/2
            .build();

    private final NetworkKey key;

    private PinnedTls(NetworkKey key) {
        this.key = key;
    }

    /** Makes connections of {@code client} accept this key only; the context is new, so no session is resumed. */
    static void pin(OkHttpClient.Builder client, NetworkKey key) throws GeneralSecurityException {
        var trust = new PinnedTls(key);
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        client.sslSocketFactory(context.getSocketFactory(), trust)
                .hostnameVerifier((_, _) -> true) // the key says who it is
                .connectionSpecs(List.of(CONNECTION));
    }

    /** The certificate has another key. */
    static final class WrongKeyException extends CertificateException {
        private final transient Failure.WrongKey failure;

        private WrongKeyException(Failure.WrongKey failure) {
            super("the certificate's key is " + failure.actual());
            this.failure = failure;
        }

        Failure.WrongKey failure() {
            return failure;
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("no certificate");
        }
        byte[] actual = chain[0].getPublicKey().getEncoded();
        if (!key.isKeyOf(actual)) {
            String hex = HexFormat.of().formatHex(actual);
            throw new WrongKeyException(new Failure.WrongKey(
                    key.serverName(), key.toString(), hex.substring(0, Math.min(SHOWN_DIGITS, hex.length()))));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("nobody connects to us");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
