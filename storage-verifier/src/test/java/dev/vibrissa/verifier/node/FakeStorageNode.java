package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * The far side of the wire: a storage node on a real loopback socket, which can do whatever a hostile one could. Either
 * it speaks HTTP properly, version 2 or 1.1, and lies in what it says; or it gets the naked connection, before or after
 * TLS, and writes what it likes.
 */
final class FakeStorageNode implements AutoCloseable {
    static final HeldCertificate CERTIFICATE = certificate().build();

    private static final SuiAddress ID = SuiAddress.parse("0x5701");

    /** What to do with one connection, of which nothing has been read. It is closed afterwards. */
    @FunctionalInterface
    interface Behaviour {
        void on(Connection connection) throws IOException, InterruptedException;
    }

    /** What to answer to one request. */
    @FunctionalInterface
    interface Answer {
        MockResponse to(RecordedRequest request) throws InterruptedException;
    }

    private final HeldCertificate certificate;
    private final int port;
    private final AutoCloseable server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** Request targets and header lines, as they came. */
    final Queue<RecordedRequest> requests = new ConcurrentLinkedQueue<>();

    /** Speaks HTTP: version 2 where {@code protocol} says so, else 1.1 only. */
    static FakeStorageNode speaking(Protocol protocol, Answer answer) {
        return speaking(protocol, CERTIFICATE, answer);
    }

    static FakeStorageNode speaking(Protocol protocol, HeldCertificate certificate, Answer answer) {
        return new FakeStorageNode(protocol, certificate, answer);
    }

    /** Gets naked connections, before TLS. */
    static FakeStorageNode beforeTls(Behaviour behaviour) throws IOException {
        return new FakeStorageNode(CERTIFICATE, new ServerSocket(), behaviour);
    }

    /** Gets connections within TLS, with {@code protocol} agreed upon. */
    static FakeStorageNode withinTls(Protocol protocol, Behaviour behaviour) throws IOException {
        return withinTls(protocol, _ -> {}, behaviour);
    }

    /** Gets connections within TLS of certain versions and cipher suites. */
    static FakeStorageNode withinTls(Protocol protocol, Consumer<SSLParameters> tls, Behaviour behaviour)
            throws IOException {
        var socket = (SSLServerSocket)
                tls(CERTIFICATE).sslContext().getServerSocketFactory().createServerSocket();
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol.toString()});
        tls.accept(parameters);
        socket.setSSLParameters(parameters);
        return new FakeStorageNode(CERTIFICATE, socket, behaviour);
    }

    /** Of a key on P-256, as nodes have. */
    static HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder()
                .ecdsa256()
                .commonName("test.network.walrus.alt")
                .addSubjectAlternativeName("localhost");
    }

    static HeldCertificate.Builder expired(HeldCertificate.Builder certificate) {
        Instant now = Instant.now();
        return certificate.validityInterval(
                now.minus(Duration.ofDays(400)).toEpochMilli(),
                now.minus(Duration.ofDays(30)).toEpochMilli());
    }

    private static HandshakeCertificates tls(HeldCertificate certificate) {
        return new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    }

    private FakeStorageNode(Protocol protocol, HeldCertificate certificate, Answer answer) {
        this.certificate = certificate;
        var http = new MockWebServer();
        http.setProtocols(
                protocol == Protocol.HTTP_2 ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1));
        http.useHttps(tls(certificate).sslSocketFactory());
        http.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                requests.add(request);
                return answer.to(request);
            }
        });
        try {
            http.start(InetAddress.getLoopbackAddress(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = http::close;
        port = http.getPort();
    }

    private FakeStorageNode(HeldCertificate certificate, ServerSocket socket, Behaviour behaviour) throws IOException {
        this.certificate = certificate;
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server = socket;
        port = socket.getLocalPort();
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket accepted = socket.accept();
                    connections.add(accepted);
                    Thread.ofVirtual().start(() -> serve(accepted, behaviour));
                } catch (IOException _) {
                    return; // closed
                }
            }
        });
    }

    private void serve(Socket socket, Behaviour behaviour) {
        try (socket) {
            behaviour.on(new Connection(socket, closed));
        } catch (IOException | InterruptedException _) {
            // The client has gone, which is what it should do.
        }
    }

    int port() {
        return port;
    }

    /** This node with its right key. */
    StorageNode node() {
        return node("127.0.0.1:" + port, Optional.of(keyOf(certificate)));
    }

    StorageNode node(String address, Optional<KeyBytes> networkKey) {
        return new StorageNode(ID, address, networkKey, TestSigner.NODE.publicKey());
    }

    /** The compressed network key of a certificate. */
    static KeyBytes keyOf(HeldCertificate held) {
        X509Certificate certificate = held.certificate();
        var point = ((ECPublicKey) certificate.getPublicKey()).getW();
        byte[] compressed = new byte[33];
        compressed[0] = (byte) (point.getAffineY().testBit(0) ? 3 : 2);
        byte[] x = bytesOf(point.getAffineX());
        System.arraycopy(x, 0, compressed, 1, x.length);
        return new KeyBytes(compressed);
    }

    private static byte[] bytesOf(BigInteger coordinate) {
        byte[] wide = coordinate.toByteArray();
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length && i < wide.length; i++) {
            bytes[bytes.length - 1 - i] = wide[wide.length - 1 - i];
        }
        return bytes;
    }

    @Override
    public void close() throws Exception {
        closed.countDown();
        server.close();
        for (Socket each : connections) {
            each.close();
        }
    }

    /** One connection, to be written to at will. */
    static final class Connection {
        private static final int HEADERS = 1;

        private final CountDownLatch closed;
        private final InputStream in;
        private final OutputStream out;

        private Connection(Socket socket, CountDownLatch closed) throws IOException {
            this.closed = closed;
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        /** Reads the head of a request of HTTP/1.1, up to its empty line. */
        String readHead() throws IOException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the client has gone");
                }
                head.write(next);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        /** Reads what a client of HTTP/2 sends first, up to the end of its first request. */
        void readHttp2Request() throws IOException {
            in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
            byte[] head;
            do {
                head = in.readNBytes(9);
                if (head.length < 9) {
                    throw new IOException("the client has gone");
                }
                in.skipNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff);
            } while (head[3] != HEADERS);
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte... bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Writes it for ever. */
        void writeEndlessly(byte... bytes) throws IOException {
            while (true) {
                out.write(bytes);
            }
        }

        /** Writes one byte after the other with a pause between them, for ever. */
        void drip(Duration pause) throws IOException, InterruptedException {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                write((byte) 'x');
            }
        }

        /** Says nothing more, and waits until the other side goes. */
        void stall() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** A head of HTTP/1.1. */
    static String head(int status, Map<String, String> headers) {
        var head = new StringBuilder("HTTP/1.1 %d It\r\n".formatted(status));
        headers.forEach((name, value) -> head.append("%s: %s\r\n".formatted(name, value)));
        return head.append("\r\n").toString();
    }
}
