package dev.vibrissa.verifier.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Sockets to wherever a stranger says, for others than storage nodes: the address is vetted at the connect itself, and so
 * many bytes can be read from each, handshakes and all.
 */
public final class VettedSockets extends SocketFactory {
    private final AddressPolicy policy;
    private final long limitBytes;

    public VettedSockets(AddressPolicy policy, long limitBytes) {
        this.policy = policy;
        this.limitBytes = limitBytes;
    }

    @Override
    public Socket createSocket() {
        return new GuardedSocket(policy, limitBytes, new AtomicLong(), () -> {});
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new SocketException("unbound sockets only");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw new SocketException("unbound sockets only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new SocketException("unbound sockets only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw new SocketException("unbound sockets only");
    }
}
